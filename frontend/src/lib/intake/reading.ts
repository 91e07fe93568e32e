/** How the input was understood: one sentence, remarks with their fixes, other readings. */
import { t } from "../words";
import { byId, el, icon } from "../dom";
import { areaText } from "./dom";
import type { Draft } from "./draft";
import type { Alternative, Choice, Options, ReadAnswer, Remark } from "./model";
import { thumb } from "./thumb";

const WORDS: Record<Remark["level"], [string, string]> = {
  blocking: [t("阻断", "blocking"), "alert-octagon"],
  confirm: [t("请确认", "to confirm"), "alert-triangle"],
  done: [t("已处理", "done"), "check"],
  info: [t("提示", "note"), "info-circle"],
};
const ORDER: Remark["level"][] = ["blocking", "confirm", "done", "info"];

export interface ReadingActions {
  again: (options: Options) => void;
  choose: (index: number) => void;
  split: () => void;
}

/** Remarks that are answered by what was chosen: nobody is asked twice. */
export function answered(remarks: Remark[], options: Options): string[] {
  const accepted = new Set([...(options.accepted ?? []), ...(options.declined ?? [])]);
  if (options.system || options.datum) ["E103", "E104", "E105", "E141"].forEach((code) => accepted.add(code));
  if (options.notation) ["E111", "E108"].forEach((code) => accepted.add(code));
  if (options.reading) accepted.add("E125");
  return remarks.filter((item) => item.applied && accepted.has(item.code)).map((item) => item.key);
}

/** Give remarks keys by which they are confirmed once and for all. */
export function withKeys(remarks: Remark[]): Remark[] {
  return remarks.map((item) => ({ ...item, key: `${item.code}:${item.message}` }));
}

export class ReadingPanel {
  private readonly place = byId("reading");

  constructor(
    private readonly draft: Draft,
    private readonly actions: ReadingActions,
  ) {}

  /** The reading that the draft holds. */
  show(): void {
    const { reading, options, blocks } = this.draft.content;
    if (!reading) {
      this.place.replaceChildren();
      return;
    }
    const parts: (Node | null)[] = [
      blocks.length > 1 ? this.blockList() : null,
      el("p", { class: "intake-sentence" }, icon("circle-check", 18), reading.understanding),
      chips(options, this.actions.again),
      ...this.remarks(reading.remarks),
      reading.alternatives.length
        ? alternatives(t("也可以读作", "It can also be read as"), reading.alternatives, this.actions.again)
        : null,
    ];
    this.place.replaceChildren(...parts.filter((item): item is Node => item !== null));
  }

  /** Why the input could not be read, and the readings to choose from. */
  refuse(refused: NonNullable<ReadAnswer["refused"]>): void {
    const several = refused.alternatives.length > 1;
    const head = several
      ? t("有几种读法，哪一个对", "There are several readings; which one is right")
      : t("读不出范围，内容仍在上面", "The ground cannot be read; what you entered is still above");
    const parts: Node[] = [
      el("p", { class: "intake-sentence bad", role: "alert" }, icon("alert-octagon", 18), head),
      chips(refused.options, this.actions.again),
      ...this.remarks(withKeys(refused.remarks)),
    ];
    const offered = refused.remarks.flatMap((item) => item.choices.map((choice) => JSON.stringify(choice.options)));
    const others = refused.alternatives.filter((item) => several || !offered.includes(JSON.stringify(item.options)));
    if (others.length) parts.push(alternatives(t("改为", "Read it as"), others, this.actions.again));
    this.place.replaceChildren(...parts);
  }

  busy(): void {
    this.place.replaceChildren(
      el("p", { class: "intake-sentence text-secondary" }, t("正在读取…", "Reading…")),
    );
  }

  private remarks(remarks: Remark[]): Node[] {
    const sorted = [...remarks].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
    const loud = sorted.filter((item) => item.level !== "info");
    const quiet = sorted.filter((item) => item.level === "info");
    const found: Node[] = loud.map((item) => this.remark(item));
    if (quiet.length)
      found.push(
        el(
          "details",
          { class: "intake-notes" },
          el("summary", {}, t(`提示 ${quiet.length} 条`, `${quiet.length} note(s)`)),
          ...quiet.map((item) => this.remark(item)),
        ),
      );
    return found;
  }

  private remark(item: Remark): HTMLElement {
    const [word, sign] = WORDS[item.level];
    const confirmed = this.draft.content.confirmed.includes(item.key);
    const box = el(
      "div",
      { class: `intake-remark ${item.level}${confirmed ? " confirmed" : ""}`, "data-code": item.code },
      el(
        "div",
        {},
        el("span", { class: "intake-level" }, icon(confirmed ? "check" : sign), confirmed ? t("已确认", "confirmed") : word),
        el("span", { class: "intake-code" }, item.code),
        " ",
        item.message,
      ),
    );
    if (item.fix && item.level !== "done") box.append(el("div", { class: "intake-fix" }, item.fix));
    if (item.after)
      box.append(thumb(item.after, t("改后的形状，虚线为改前", "after; before is dashed"), item.before));
    const buttons: Node[] = item.choices.map((choice) => this.choiceButton(choice));
    if (item.level === "confirm" && !confirmed)
      buttons.unshift(
        el(
          "button",
          { type: "button", class: "btn btn-sm btn-outline-primary", onclick: () => this.confirm(item.key) },
          item.applied || !item.choices.length ? t("确认", "Confirm") : t("保持原样", "Keep as it is"),
        ),
      );
    if (buttons.length) box.append(el("div", { class: "intake-row" }, ...buttons));
    return box;
  }

  private choiceButton(choice: Choice): HTMLElement {
    const look = choice.undoes ? "btn-ghost-secondary" : "btn-outline-primary";
    return el(
      "button",
      { type: "button", class: `btn btn-sm ${look}`, onclick: () => this.actions.again(choice.options) },
      choice.label,
    );
  }

  private confirm(key: string): void {
    const confirmed = [...new Set([...this.draft.content.confirmed, key])];
    this.draft.change({ confirmed }, "reading");
  }

  private blockList(): HTMLElement {
    const { blocks, chosen } = this.draft.content;
    const rows = blocks.map((block, index) =>
      el(
        "button",
        {
          type: "button",
          class: `intake-block${index === chosen ? " active" : ""}`,
          "aria-pressed": String(index === chosen),
          onclick: () => this.actions.choose(index),
        },
        thumb(block.geometry, ""),
        el("span", {}, block.name || t(`区块 ${index + 1}`, `block ${index + 1}`), el("br"), el("small", {}, areaText(block.areas.ellipsoid))),
      ),
    );
    return el(
      "div",
      { class: "intake-blocks" },
      el("div", { class: "intake-row" },
        el("strong", {}, t(`读到 ${blocks.length} 个区块，本件用：`, `${blocks.length} blocks; this case is about:`)),
        el("button", { type: "button", class: "btn btn-sm", onclick: () => this.actions.split() },
          icon("arrows-split"), t(`拆为 ${blocks.length} 件`, `Split into ${blocks.length} cases`)),
      ),
      el("div", { class: "intake-block-rows" }, ...rows),
    );
  }
}

function alternatives(head: string, found: Alternative[], again: (options: Options) => void): HTMLElement {
  return el(
    "div",
    { class: "intake-alternatives" },
    el("strong", {}, head),
    el(
      "div",
      { class: "intake-alternative-row" },
      ...found.slice(0, 3).map((item) =>
        el(
          "button",
          { type: "button", class: "intake-alternative", onclick: () => again(item.options) },
          thumb(item.geometry, ""),
          el("span", {}, item.label),
          el("strong", {}, `${item.area_km2.toFixed(4)} km²`),
        ),
      ),
    ),
  );
}

const OPTION_WORDS: Record<string, (value: unknown) => string> = {
  system: (value) => t(`坐标系 ${value}`, `system ${value}`),
  datum: (value) => t(`基准 ${value}`, `datum ${value}`),
  order: (value) => t(`顺序 ${value}`, `order ${value}`),
  notation: (value) => t(`写法 ${value}`, `notation ${value}`),
  reading: (value) => (value === "rows" ? t("按行读", "by rows") : t("按栏读", "by columns")),
  constants: (value) => t(`加常数 ${(value as number[]).join("、")}`, `add ${(value as number[]).join(", ")}`),
  keep_datum: () => t("保留原坐标系", "datum kept"),
  accepted: (value) => t(`已采用 ${(value as string[]).join("、")}`, `adopted ${(value as string[]).join(", ")}`),
  declined: (value) => t(`保持原样 ${(value as string[]).join("、")}`, `kept ${(value as string[]).join(", ")}`),
  layer: (value) => t(`图层 ${value}`, `layer ${value}`),
  encoding: (value) => t(`编码 ${value}`, `encoding ${value}`),
};

/** What was chosen, each to be taken back. */
function chips(options: Options, again: (options: Options) => void): HTMLElement | Text {
  const stated = Object.entries(options).filter(([key]) => key in OPTION_WORDS);
  if (!stated.length) return document.createTextNode("");
  return el(
    "div",
    { class: "intake-row intake-chips" },
    el("span", { class: "small text-secondary" }, t("已指定", "stated")),
    ...stated.map(([key, value]) => {
      const words = OPTION_WORDS[key](value);
      const rest = { ...options, [key]: undefined };
      return el(
        "button",
        { type: "button", class: "btn btn-sm btn-pill", "aria-label": t(`撤销：${words}`, `take back: ${words}`), onclick: () => again(rest) },
        words,
        icon("x", 14),
      );
    }),
  );
}
