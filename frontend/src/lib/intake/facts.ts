/** Facts that an applicant states (申报事实): those added, each with a field of its type. */
import { t } from "../words";
import { byId, el, icon } from "../dom";
import { offer } from "./dom";

export interface Fact {
  key: string;
  word: string;
  type: "bool" | "number" | "text" | "choice" | "date";
  unit: string;
  help: string;
  /** What is stored, and what is shown. */
  choices: [string, string][];
}

export class Facts {
  private stated = new Map<string, string>();

  constructor(
    private readonly known: Fact[],
    private readonly changed: () => void,
  ) {
    offer("add-fact", t("添加申报事实…", "Add a fact…"), known, (key) => this.open(key));
  }

  /** What is stated, empty ones left out. */
  values(): Record<string, string> | undefined {
    const told = [...this.stated].filter(([, value]) => value !== "");
    return told.length ? Object.fromEntries(told) : undefined;
  }

  /** Show what a draft states. */
  take(values: Record<string, unknown>): void {
    this.stated = new Map(Object.entries(values).map(([key, value]) => [key, worded(value)]));
    this.show();
  }

  /** Show the field of a fact and go to it. */
  open(key: string): void {
    if (!this.stated.has(key)) this.stated.set(key, "");
    this.show();
    byId(`fact-${key}`).focus();
  }

  private show(): void {
    const known = new Map(this.known.map((item) => [item.key, item]));
    byId("facts").replaceChildren(
      ...[...this.stated].flatMap(([key, value]) => {
        const fact = known.get(key);
        return fact ? [this.field(fact, value)] : [];
      }),
    );
  }

  private field(fact: Fact, value: string): HTMLElement {
    const id = `fact-${fact.key}`;
    const common = { id, class: "form-control form-control-sm", "aria-describedby": `${id}-hint` };
    const control =
      fact.type === "bool" || fact.type === "choice"
        ? el(
            "select",
            { ...common, class: "form-select form-select-sm" },
            el("option", { value: "" }),
            ...(fact.type === "bool"
              ? [el("option", { value: "是" }, t("是", "yes")), el("option", { value: "否" }, t("否", "no"))]
              : fact.choices.map(([item, shown]) => el("option", { value: item }, shown))),
          )
        : el("input", { ...common, type: fact.type === "date" ? "date" : "text", inputmode: fact.type === "number" ? "decimal" : undefined });
    control.value = value;
    control.addEventListener("change", () => {
      this.stated.set(fact.key, control.value);
      this.changed();
    });
    const unit = fact.unit ? t(`（${fact.unit}）`, ` (${fact.unit})`) : "";
    return el(
      "div",
      { class: "intake-field wide", "data-field": `facts.${fact.key}` },
      el("label", { class: "form-label", for: id }, fact.word + unit),
      el(
        "div",
        { class: "intake-row" },
        control,
        el(
          "button",
          {
            type: "button",
            class: "btn btn-sm btn-icon btn-ghost-secondary",
            "aria-label": t(`去掉：${fact.word}`, `Remove: ${fact.word}`),
            onclick: () => {
              this.stated.delete(fact.key);
              this.show();
              this.changed();
            },
          },
          icon("x"),
        ),
      ),
      el("div", { class: "intake-hint", id: `${id}-hint` }, fact.help),
    );
  }
}

function worded(value: unknown): string {
  if (value === true) return "是";
  if (value === false) return "否";
  if (value && typeof value === "object" && "date" in value) return String(value.date);
  return value === null || value === undefined ? "" : String(value);
}
