/** The rows of conditions: field, operator by its kind, value by its kind. */
import { said, t } from "../words";
import { el, icon } from "../dom";
import { fill, heading } from "./dom";
import type { Bilingual, Condition, Field, Source, Value } from "./types";

const NO_VALUE = new Set(["empty", "filled"]);
let count = 0;

interface RowOptions {
  source: Source;
  operators: Record<string, Bilingual>;
  removed: () => void;
}

/** A condition being edited. */
export class ConditionRow {
  readonly element: HTMLElement;
  private readonly field: HTMLSelectElement;
  private readonly operator: HTMLSelectElement;
  private readonly place: HTMLElement;
  private read: () => Value[] = () => [];

  constructor(
    private readonly options: RowOptions,
    start?: Condition,
  ) {
    const number = ++count;
    this.field = el("select", {
      class: "form-select form-select-sm",
      "aria-label": t(`条件 ${number} 的字段`, `field of condition ${number}`),
    });
    this.operator = el("select", {
      class: "form-select form-select-sm",
      "aria-label": t(`条件 ${number} 的比较`, `comparison of condition ${number}`),
    });
    this.place = el("div", { class: "q-value" });
    const remove = el(
      "button",
      { type: "button", class: "btn btn-sm btn-icon", "aria-label": t(`删去条件 ${number}`, `remove condition ${number}`) },
      icon("x"),
    );
    remove.addEventListener("click", options.removed);
    const fields = options.source.fields;
    const first = start?.field ?? (fields.find((item) => item.usual) ?? fields[0]).code;
    fill(this.field, fields.map((item) => ({ value: item.code, text: heading(item) })), first);
    this.field.addEventListener("change", () => this.offer());
    this.operator.addEventListener("change", () => this.offerValue(number, []));
    this.element = el("div", { class: "q-condition" }, this.field, this.operator, remove, this.place);
    this.offer(start, number);
  }

  /** What is asked, null while the value is missing. */
  get condition(): Condition | null {
    const values = this.read();
    if (!NO_VALUE.has(this.operator.value) && !values.length) return null;
    return { field: this.field.value, operator: this.operator.value, values };
  }

  private get chosen(): Field {
    const found = this.options.source.fields.find((item) => item.code === this.field.value);
    return found ?? this.options.source.fields[0];
  }

  private offer(start?: Condition, number = count): void {
    const names = [...this.chosen.operators];
    if (start && !names.includes(start.operator)) names.push(start.operator);
    fill(
      this.operator,
      names.map((item) => ({ value: item, text: said(this.options.operators[item]) })),
      start?.operator ?? names[0],
    );
    this.offerValue(number, start?.values ?? []);
  }

  private offerValue(number: number, values: Value[]): void {
    const operator = this.operator.value;
    const label = t(`条件 ${number} 的值`, `value of condition ${number}`);
    this.place.replaceChildren();
    this.read = () => [];
    if (NO_VALUE.has(operator)) return;
    if (operator === "between") return this.offerRange(label, values);
    if (this.chosen.kind === "flag") return this.offerFlag(label, values);
    if (this.chosen.kind === "code" && this.chosen.codes.length) return this.offerCodes(label, values);
    const many = operator === "in" || operator === "not-in";
    const input = this.input(label, values.join(many ? "、" : ""));
    if (many) input.placeholder = t("多个值用顿号隔开", "several values joined by 、");
    this.place.append(input);
    this.read = () => {
      const text = input.value.trim();
      if (!text) return [];
      return many ? text.split(/[、,，;；]/).map((item) => item.trim()).filter(Boolean) : [this.typed(text)];
    };
  }

  private offerRange(label: string, values: Value[]): void {
    const low = this.input(t(`${label}：从`, `${label}: from`), String(values[0] ?? ""));
    const high = this.input(t(`${label}：到`, `${label}: to`), String(values[1] ?? ""));
    this.place.append(el("div", { class: "q-range" }, low, "–", high));
    this.read = () => (low.value && high.value ? [this.typed(low.value), this.typed(high.value)] : []);
  }

  private offerFlag(label: string, values: Value[]): void {
    const select = el("select", { class: "form-select form-select-sm", "aria-label": label });
    const items = [
      { value: "true", text: t("是", "yes") },
      { value: "false", text: t("否", "no") },
    ];
    fill(select, items, String(values[0] ?? true));
    this.place.append(select);
    this.read = () => [select.value === "true"];
  }

  private offerCodes(label: string, values: Value[]): void {
    const held = new Set(values.map(String));
    const list = el("div", { class: "q-codes", role: "group", "aria-label": label });
    const boxes: HTMLInputElement[] = [];
    for (const code of this.chosen.codes) {
      const box = el("input", {
        type: "checkbox",
        class: "form-check-input",
        value: code.value,
        checked: held.has(code.value),
      });
      boxes.push(box);
      list.append(el("label", { class: "form-check" }, box, el("span", { class: "form-check-label" }, said(code.name))));
    }
    const filter = el("input", {
      class: "form-control form-control-sm",
      "aria-label": t("筛选值域", "narrow the list"),
      placeholder: t("筛选", "narrow"),
    });
    filter.addEventListener("input", () => {
      for (const box of boxes) {
        const label = box.closest("label");
        if (label) label.hidden = !box.checked && !label.textContent?.includes(filter.value.trim());
      }
    });
    this.place.append(...(boxes.length > 8 ? [filter] : []), list);
    list.querySelector("input:checked")?.scrollIntoView({ block: "nearest" });
    this.read = () => boxes.filter((box) => box.checked).map((box) => box.value);
  }

  private input(label: string, value: string): HTMLInputElement {
    const kind = this.chosen.kind;
    return el("input", {
      class: "form-control form-control-sm",
      type: kind === "number" ? "number" : kind === "date" ? "date" : "text",
      step: kind === "number" ? "any" : null,
      "aria-label": label,
      value,
    });
  }

  private typed(text: string): Value {
    return this.chosen.kind === "number" ? Number(text) : text.trim();
  }
}
