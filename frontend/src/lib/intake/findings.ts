/** The verdict over the map, and the findings beside it. */
import { t } from "../words";
import { byId, el, icon } from "../dom";
import { areaText, openTab } from "./dom";
import type { Areas, Finding, Suggestion } from "./model";
import type { LiveResult } from "./live";
import { thumb } from "./thumb";

const OUTCOMES: [Finding["outcome"], string][] = [
  ["conflict", t("冲突", "conflict")],
  ["attention", t("需关注", "attention")],
  ["not-checked", t("未核查", "not checked")],
  ["clear", t("符合", "clear")],
];
const VERDICT_LOOK: Record<string, string> = {
  "not-conforming": "conflict",
  conditional: "attention",
  insufficient: "not-checked",
  conforms: "clear",
  exempt: "not-applicable",
};
const NEEDS: Record<string, string> = {
  right: t("类型", "kind of right"),
  action: t("业务", "action"),
};

export interface FindingActions {
  locate: (finding: Finding | null) => void;
  take: (suggestion: Suggestion) => void;
  go: (key: string) => void;
}

export class Findings {
  private open = new Set<Finding["outcome"]>(["conflict", "attention"]);

  constructor(private readonly actions: FindingActions) {}

  /** The line over the map: what it is, how large, what is missing. */
  showBar(result: LiveResult): void {
    const bar = byId("verdict");
    bar.className = "intake-bar";
    if (!result.verdict || !result.counts) {
      bar.replaceChildren(
        el("span", {}, sizes(result.areas)),
        el(
          "button",
          { type: "button", class: "btn btn-sm btn-link", onclick: () => this.actions.go(result.needs[0]) },
          t("填写", "Give ") + result.needs.map((key) => NEEDS[key] ?? key).join(t("、", ", ")) + t("后开始核查", " to begin the check"),
        ),
      );
      return;
    }
    const counts = result.counts;
    bar.classList.add(`is-${VERDICT_LOOK[result.verdict.key] ?? "not-checked"}`);
    bar.replaceChildren(
      el("strong", { class: `result result-${VERDICT_LOOK[result.verdict.key] ?? "not-checked"}` }, result.verdict.text),
      el(
        "span",
        { class: "intake-counts" },
        ...OUTCOMES.map(([key, word]) =>
          el(
            "button",
            { type: "button", class: "intake-count", onclick: () => this.reveal(key) },
            `${word} `,
            el("b", {}, String(counts[key] ?? 0)),
          ),
        ),
      ),
      el("span", { class: "intake-size" }, sizes(result.areas)),
    );
  }

  /** A ground that bounds no area, or a server that does not answer. */
  showFailure(message: string, hint: string): void {
    const bar = byId("verdict");
    bar.className = "intake-bar is-conflict";
    bar.replaceChildren(icon("alert-octagon", 18), el("strong", {}, message), hint ? el("span", {}, hint) : "");
  }

  showNothing(): void {
    const bar = byId("verdict");
    bar.className = "intake-bar";
    bar.replaceChildren(
      el("span", { class: "text-secondary" }, t("粘贴坐标、拖入文件或在图上绘制，即可开始", "Paste coordinates, drop a file or draw on the map to begin")),
    );
  }

  private reveal(outcome: Finding["outcome"]): void {
    openTab("tab-findings");
    const group = document.querySelector<HTMLDetailsElement>(`details[data-outcome="${outcome}"]`);
    if (!group) return;
    group.open = true;
    group.scrollIntoView({ block: "start" });
  }

  showList(result: LiveResult): void {
    const badge = byId("finding-count");
    const hits = result.findings.filter((item) => item.outcome === "conflict" || item.outcome === "attention");
    badge.hidden = !result.verdict;
    badge.textContent = String(hits.length);
    badge.className = `badge ms-1 ${hits.some((item) => item.outcome === "conflict") ? "bg-red-lt" : "bg-secondary-lt"}`;
    if (!result.verdict) return;
    byId("finding-list").replaceChildren(
      ...(result.area_match ? [el("p", { class: "small intake-match" }, result.area_match)] : []),
      areas(result.areas),
      ...OUTCOMES.map(([key, word]) => this.group(key, word, result.findings.filter((item) => item.outcome === key))),
    );
  }

  private group(outcome: Finding["outcome"], word: string, findings: Finding[]): Node {
    if (!findings.length) return document.createTextNode("");
    const details = el(
      "details",
      { class: "intake-outcome", "data-outcome": outcome, open: this.open.has(outcome) },
      el("summary", {}, el("span", { class: `result result-${outcome}` }, word), ` ${findings.length}`),
      ...findings.map((item) => this.finding(item)),
    );
    details.addEventListener("toggle", () =>
      details.open ? this.open.add(outcome) : this.open.delete(outcome),
    );
    return details;
  }

  private finding(item: Finding): HTMLElement {
    const places = item.evidence.filter((part) => part.geometry);
    const { schematic } = item;
    return el(
      "article",
      {
        class: `intake-finding${item.decides ? "" : " aside"}`,
        onmouseenter: () => places.length && this.actions.locate(item),
        onmouseleave: () => places.length && this.actions.locate(null),
      },
      el("h3", {}, item.title, schematic ? el("span", { class: "mp-schematic ms-1" }, t("示意", "schematic")) : null),
      el("p", {}, item.message),
      item.measured && item.limit
        ? el("p", { class: "intake-figures" }, t("实测 ", "measured "), el("b", {}, item.measured), t("，限值 ", ", limit "), el("b", {}, item.limit))
        : null,
      item.note ? el("p", { class: "text-secondary" }, item.note) : null,
      item.mend && item.outcome !== "clear" ? el("p", { class: "intake-mend" }, t("办法：", "Mend: "), item.mend) : null,
      el(
        "div",
        { class: "intake-row small text-secondary" },
        el("span", {}, item.basis),
        places.length
          ? el(
              "button",
              { type: "button", class: "btn btn-sm btn-link ms-auto", onclick: () => this.actions.locate(item) },
              icon("map-pin", 14),
              t("定位", "Show"),
            )
          : null,
      ),
    );
  }

  /** The largest part that would pass, to be taken with one click. */
  showSuggestion(found: Suggestion | null): void {
    const place = byId("suggestion");
    if (!found) {
      place.replaceChildren();
      return;
    }
    const after = found.conforming
      ? t(`调整后：${found.verdict}`, `afterwards: ${found.verdict}`)
      : t(`范围冲突可消除；仍有：${found.still.join("、")}`, `ends the conflicts of ground; still: ${found.still.join(", ")}`);
    place.replaceChildren(
      el(
        "div",
        { class: "intake-suggestion" },
        thumb(found.geometry, t("建议的范围", "suggested ground")),
        el(
          "div",
          {},
          el("strong", {}, t("系统建议：去掉冲突部分", "Suggested: leave the conflicting part out")),
          el("div", {}, `${areaText(found.area_m2)}，${t("减少", "less")} ${(found.lost_share * 100).toFixed(1)} %`),
          el("div", { class: "small text-secondary" }, after),
          el(
            "button",
            { type: "button", class: "btn btn-sm btn-outline-primary mt-1", onclick: () => this.actions.take(found) },
            t("采用建议范围", "Take the suggested ground"),
          ),
        ),
      ),
    );
  }
}

function sizes(found: Areas | undefined): string {
  return found ? t(`面积 ${areaText(found.ellipsoid)}`, `area ${areaText(found.ellipsoid)}`) : "";
}

function areas(found: Areas | undefined): Node {
  if (!found) return document.createTextNode("");
  const row = (word: string, m2: number) =>
    el("tr", {}, el("th", { scope: "row" }, word), el("td", { class: "number" }, (m2 / 1e6).toFixed(4)));
  return el(
    "table",
    { class: "table table-sm intake-areas" },
    el("caption", { class: "visually-hidden" }, t("三种算法的面积，平方千米", "Area by three methods, km²")),
    el(
      "tbody",
      {},
      row(t("椭球面积 km²（法定）", "ellipsoid, km² (statutory)"), found.ellipsoid),
      row(t("平面面积 km²", "planar, km²"), found.planar),
      row(t("球面面积 km²", "sphere, km²"), found.sphere),
    ),
  );
}
