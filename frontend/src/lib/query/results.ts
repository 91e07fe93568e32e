/** Results: the sentence with totals, the table with its pages, why nothing was found. */
import { said, t } from "../words";
import { el, icon } from "../dom";
import { figure, heading, shown } from "./dom";
import type { Field, Page, Query, Row, Totals } from "./types";

interface TableOptions {
  chosen: (row: Row) => void;
  sorted: (field: Field) => void;
  more: () => void;
}

/** The sentence of the query, before its totals are known. */
export function tellWords(place: HTMLElement, page: Page, schematic: boolean): void {
  const mark = schematic ? el("span", { class: "mp-schematic ms-2" }, t("示意", "schematic")) : null;
  place.replaceChildren(
    el("p", { class: "q-words mb-1" }, said(page.words), mark),
    el("p", { class: "text-secondary mb-0", id: "totals" }, t("正在统计…", "counting…")),
  );
}

/** Counts and sums below the sentence. */
export function tellTotals(place: HTMLElement, totals: Totals): void {
  const line = place.querySelector("#totals");
  if (!line) return;
  const count = el("strong", {}, t(`${totals.count} 条`, `${totals.count} row${totals.count === 1 ? "" : "s"}`));
  const sums = totals.sums.map((item) =>
    el("span", { class: "q-sum", title: t(`${item.count} 条有值`, `${item.count} rows have it`) },
      `${said(item.name)} `,
      el("strong", {}, figure(item.sum, item.unit, item.decimals)),
      item.unit ? ` ${item.unit}` : ""),
  );
  line.className = "q-totals mb-0";
  line.replaceChildren(count, ...sums);
}

/** Which condition removed the rows; each can be dropped from here. */
export function tellReasons(place: HTMLElement, totals: Totals, drop: (condition: number) => void): void {
  if (!totals.reasons?.length) return;
  const rows = totals.reasons.map((item) => {
    const button = el("button", { type: "button", class: "btn btn-sm" }, t("去掉这一条", "Drop it"));
    button.addEventListener("click", () => drop(item.condition));
    return el("tr", {},
      el("td", {}, said(item.words)),
      el("td", { class: "number" }, String(item.alone)),
      el("td", { class: "number" }, String(item.without)),
      el("td", {}, button));
  });
  place.append(
    el("p", { class: "mt-2 mb-1" }, t("没有符合全部条件的记录。下表列出每个条件各留下多少条：", "No row holds all conditions. This is what each of them leaves:")),
    el("div", { class: "table-responsive" },
      el("table", { class: "table table-sm q-reasons mb-0" },
        el("thead", {}, el("tr", {},
          el("th", { scope: "col" }, t("条件", "Condition")),
          el("th", { scope: "col", class: "number" }, t("单独满足", "Holds alone")),
          el("th", { scope: "col", class: "number" }, t("去掉它后", "Without it")),
          el("td", {}, ""))),
        el("tbody", {}, ...rows))),
  );
}

/** The table of rows; pages are appended below each other. */
export class ResultTable {
  private body: HTMLTableSectionElement = el("tbody");
  private more: HTMLElement = el("div");
  private readonly rows = new Map<string, HTMLTableRowElement>();

  constructor(
    private readonly element: HTMLElement,
    private readonly options: TableOptions,
  ) {}

  start(page: Page, query: Query): void {
    this.rows.clear();
    this.body = el("tbody");
    const sort = query.sort?.[0];
    const head = page.columns.map((field) => {
      const state = sort?.field !== field.code ? "none" : sort.descending ? "descending" : "ascending";
      const mark = state === "none" ? null : icon(state === "descending" ? "chevron-down" : "chevron-up", 14);
      const button = el("button", { type: "button", class: "q-sort" }, heading(field), mark);
      button.addEventListener("click", () => this.options.sorted(field));
      return el("th", { scope: "col", class: field.kind === "number" ? "number" : "", "aria-sort": state }, button);
    });
    this.more = el("div", { class: "q-more" });
    const table = el("table", { class: "table table-sm table-hover card-table q-table" }, el("thead", {}, el("tr", {}, ...head)), this.body);
    const empty = page.rows.length ? null : el("p", { class: "text-secondary p-3 mb-0" }, t("没有记录", "no rows"));
    this.element.replaceChildren(el("div", { class: "table-responsive q-scroll", tabindex: 0, role: "region", "aria-label": t("结果表", "table of results") }, table), this.more, ...(empty ? [empty] : []));
    this.append(page);
  }

  append(page: Page): void {
    for (const row of page.rows) {
      const cells = page.columns.map((field, index) => {
        const text = shown(field, row.values[field.code] ?? null);
        if (index > 0) return el("td", { class: field.kind === "number" ? "number" : "" }, text);
        const button = el("button", { type: "button", class: "q-open" }, text || String(row.key));
        return el("td", {}, row.geometry ? button : text || String(row.key));
      });
      const line = el("tr", {}, ...cells);
      line.addEventListener("click", () => this.choose(row));
      this.rows.set(String(row.key), line);
      this.body.append(line);
    }
    this.more.replaceChildren();
    if (!page.next) return;
    const button = el("button", { type: "button", class: "btn" }, t("再显示一页", "Show more"));
    button.addEventListener("click", () => this.options.more());
    this.more.append(button);
  }

  /** Mark a row and tell the page. */
  choose(row: Row): void {
    this.mark(row.key);
    this.options.chosen(row);
  }

  mark(key: string | number): void {
    for (const [own, line] of this.rows) line.classList.toggle("table-active", own === String(key));
    this.rows.get(String(key))?.scrollIntoView({ block: "nearest" });
  }
}
