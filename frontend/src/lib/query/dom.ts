/** Small helpers of the query page. */
import { el } from "../dom";
import { said, t } from "../words";
import type { Field, Value } from "./types";

/** Options of a select, in groups where ``group`` is told. */
export function fill(
  select: HTMLSelectElement,
  items: { value: string; text: string; group?: string }[],
  chosen = "",
): void {
  select.replaceChildren();
  const groups = new Map<string, HTMLElement>();
  for (const item of items) {
    const option = el("option", { value: item.value, selected: item.value === chosen }, item.text);
    let parent: HTMLElement = select;
    if (item.group) {
      parent = groups.get(item.group) ?? el("optgroup", { label: item.group });
      if (!groups.has(item.group)) select.append(parent);
      groups.set(item.group, parent);
    }
    parent.append(option);
  }
}

/** A figure: areas in km² with four decimals, others with those they have. */
export function figure(value: number, unit: string, decimals: number): string {
  if (unit === "km²") return value.toFixed(4);
  const text = value.toLocaleString("en-US", { maximumFractionDigits: Math.max(decimals, 0) });
  return text.replace(/,/g, " ");
}

/** A value of a row as people read it. */
export function shown(field: Field, value: Value | null): string {
  if (value === null || value === "") return "";
  if (field.kind === "flag") return value ? t("是", "yes") : t("否", "no");
  if (field.kind === "number") return figure(Number(value), field.unit, field.decimals || 4);
  if (!field.codes.length) return String(value);
  const words = new Map(field.codes.map((code) => [code.value, said(code.name)]));
  const single = words.get(String(value));
  if (single) return single;
  return String(value)
    .split("、")
    .map((part) => words.get(part) ?? part)
    .join(t("、", ", "));
}

/** The heading of a column: name and unit. */
export function heading(field: Field): string {
  return field.unit ? `${said(field.name)} (${field.unit})` : said(field.name);
}
