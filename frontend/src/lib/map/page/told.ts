/** What the server tells of features and of ground, and how the page writes it. */
import { said, t } from "../../words";
import type { Bilingual } from "../setup";
import { el, icon } from "../../dom";

export interface ClauseLink {
  id: string;
  title: string;
  href: string;
}

export interface Told {
  id: string;
  layer: string;
  layerName: Bilingual;
  title: string;
  schematic: boolean;
  fields: { code: string; name: Bilingual; value: string | number | Bilingual; unit: string }[];
  clause: ClauseLink | null;
  measures: { text: string; clause: ClauseLink | null }[];
  source: Record<string, string> | null;
  geometry: object | null;
  context?: boolean;
  href?: string;
}

/** An area with the unit people use at its size. */
export function areaText(m2: number): string {
  if (m2 >= 1e6) return `${(m2 / 1e6).toFixed(4)} km²`;
  if (m2 >= 100) return `${(m2 / 1e4).toFixed(4)} ha`;
  return `${m2.toFixed(2)} m²`;
}

export function lengthText(m: number): string {
  return m >= 10_000 ? `${(m / 1000).toFixed(3)} km` : `${m.toFixed(2)} m`;
}

export function shareText(share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 0.01 ? "< 0.01 %" : `${percent.toFixed(2)} %`;
}

export function clauseLink(clause: ClauseLink): HTMLElement {
  return el("a", { class: "om-clause", href: clause.href }, icon("books", 14), " ", clause.title);
}

export function schematicMark(schematic: boolean): HTMLElement | null {
  return schematic ? el("span", { class: "mp-schematic" }, t("示意", "schematic")) : null;
}

/** The body of a feature: fields, clause, measures, source. */
export function describe(item: Told): Node[] {
  const rows = item.fields.map((entry) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", title: entry.code }, said(entry.name)),
      el(
        "td",
        { class: typeof entry.value === "number" ? "number" : "" },
        `${valueText(entry.value)}${entry.unit ? ` ${entry.unit}` : ""}`,
      ),
    ),
  );
  return [
    el("table", { class: "om-fields" }, el("tbody", {}, ...rows)),
    ...(item.clause ? [el("p", {}, el("b", {}, t("规划条款 ", "plan clause ")), clauseLink(item.clause))] : []),
    ...measuresOf(item),
    ...(item.source ? [sourceLine(item.source)] : []),
    ...(item.href ? [el("a", { class: "btn btn-sm", href: item.href }, t("打开案卷", "open the case"))] : []),
  ];
}

export function measuresOf(item: Pick<Told, "measures">): Node[] {
  if (!item.measures.length) return [];
  return [
    el("h3", {}, t("管理措施", "Management measures")),
    el(
      "ul",
      { class: "om-measures" },
      ...item.measures.map((entry) =>
        el("li", {}, entry.text, " ", entry.clause ? clauseLink(entry.clause) : null),
      ),
    ),
  ];
}

export function sourceLine(source: Record<string, string>): HTMLElement {
  const parts: [string, string | undefined][] = [
    [t("依据", "act"), source.act],
    [t("来源", "source"), source.source],
    [t("提供单位", "owner"), source.owner],
    [t("生效", "in force from"), source.from],
    [t("版本", "version"), source.version],
  ];
  return el(
    "p",
    { class: "om-source" },
    parts
      .filter(([, value]) => value)
      .map(([key, value]) => `${key}${t("：", ": ")}${value}`)
      .join(t("；", "; ")),
  );
}

function valueText(value: string | number | Bilingual): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(+value.toFixed(4));
  return said(value);
}
