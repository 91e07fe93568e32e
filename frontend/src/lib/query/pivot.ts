/** Groups: a table of counts and sums, and a chart of the same figures. */
import { ask, showProblem } from "../http";
import { said, t } from "../words";
import { byId, el } from "../dom";
import { figure, fill, heading } from "./dom";
import type { Cell, Field, PivotTable, Query, Source } from "./types";

const BARS = 20;
const SERIES = 8;
const FONT = getComputedStyle(document.body).fontFamily;
/** Colours told apart without red and green. */
const COLOURS = ["#1d6fb8", "#f2b200", "#5f6670", "#8fbfe8", "#7a4b9a", "#c4320a", "#2f8f83", "#c9a27a"];

export class PivotView {
  private readonly rows = el("select", { class: "form-select form-select-sm", id: "pivot-rows" });
  private readonly columns = el("select", { class: "form-select form-select-sm", id: "pivot-columns" });
  private readonly sum = el("select", { class: "form-select form-select-sm", id: "pivot-sum" });
  private readonly answer = el("div", { "aria-live": "polite" });
  private chart: { dispose(): void; resize(): void } | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly query: () => Query,
    private readonly changed: () => void,
  ) {
    const part = (label: string, select: HTMLSelectElement) =>
      el("div", {}, el("label", { class: "form-label", for: select.id }, label), select);
    element.append(
      el("div", { class: "q-groups" },
        part(t("行", "Rows"), this.rows),
        part(t("列", "Columns"), this.columns),
        part(t("合计", "Sum of"), this.sum)),
      this.answer,
    );
    for (const select of [this.rows, this.columns, this.sum])
      select.addEventListener("change", () => {
        this.changed();
        void this.show();
      });
    window.addEventListener("resize", () => this.chart?.resize());
  }

  offer(source: Source, query: Query): void {
    const groups = source.fields.filter((item) => item.kind !== "number" || !item.additive);
    const items = groups.map((item) => ({ value: item.code, text: said(item.name) }));
    const first = query.pivot?.rows ?? (source.county || items[0]?.value || "");
    fill(this.rows, items, first);
    fill(this.columns, [{ value: "", text: t("不分", "none") }, ...items], query.pivot?.columns ?? "");
    const sums = source.fields.filter((item) => item.additive);
    fill(this.sum, [{ value: "", text: t("只计数", "counts only") }, ...sums.map((item) => ({ value: item.code, text: heading(item) }))], query.pivot?.sum ?? "");
  }

  get pivot(): Query["pivot"] {
    return { rows: this.rows.value, columns: this.columns.value, sum: this.sum.value };
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  async show(): Promise<void> {
    if (!this.open) return;
    try {
      const found = await ask<PivotTable>("/query/pivot", { body: { query: { ...this.query(), pivot: this.pivot } } });
      this.draw(found);
    } catch (error) {
      showProblem(error);
    }
  }

  private draw(table: PivotTable): void {
    this.chart?.dispose();
    this.chart = null;
    if (!table.rows.length) {
      this.answer.replaceChildren(el("p", { class: "text-secondary p-3 mb-0" }, t("没有可分组的记录", "nothing to group")));
      return;
    }
    const chart = el("div", { class: "q-chart", role: "img", "aria-label": t("分组统计图，数据见下表", "chart of the groups; the table below has its figures") });
    this.answer.replaceChildren(chart, pivotTable(table));
    void drawChart(chart, table).then((made) => (this.chart = made));
  }
}

function told(cell: Cell, field: Field | null): string {
  if (!cell) return "";
  if (!field) return String(cell[0]);
  return cell[1] === null ? "" : figure(cell[1], field.unit, field.decimals || 4);
}

function pivotTable(table: PivotTable): HTMLElement {
  const { columns, rows, cells, sum_field: field } = table;
  const count = el("th", { scope: "col", class: "number" }, t("条数", "Rows"));
  const total = field ? el("th", { scope: "col", class: "number" }, heading(field)) : null;
  const head = el("tr", {},
    el("th", { scope: "col" }, said(table.row_field.name) + (table.column_field ? ` × ${said(table.column_field.name)}` : "")),
    ...columns.map((item) => el("th", { scope: "col", class: "number" }, said(item.name))), count, total);
  const body = rows.map((row, index) =>
    el("tr", {},
      el("th", { scope: "row", class: "fw-normal" }, said(row.name)),
      ...(columns.length ? cells[index].map((cell) => el("td", { class: "number" }, told(cell, field))) : []),
      el("td", { class: "number fw-bold" }, told(table.by_row[index], null)),
      field ? el("td", { class: "number fw-bold" }, told(table.by_row[index], field)) : null));
  const all = table.by_row.reduce((sum, cell) => sum + (cell?.[0] ?? 0), 0);
  const sums = table.by_row.reduce((sum, cell) => sum + (cell?.[1] ?? 0), 0);
  const foot = el("tr", { class: "fw-bold" },
    el("th", { scope: "row" }, t("合计", "Total")),
    ...table.by_column.map((cell) => el("td", { class: "number" }, told(cell, field))),
    el("td", { class: "number" }, String(all)),
    field ? el("td", { class: "number" }, figure(sums, field.unit, field.decimals || 4)) : null);
  return el("div", { class: "table-responsive q-scroll", tabindex: 0, role: "region", "aria-label": t("分组表", "table of groups") },
    el("table", { class: "table table-sm card-table" }, el("thead", {}, head), el("tbody", {}, ...body), el("tfoot", {}, foot)));
}

async function drawChart(element: HTMLElement, table: PivotTable) {
  const [{ init, use }, { BarChart }, { GridComponent, LegendComponent, TooltipComponent }, { CanvasRenderer }] =
    await Promise.all([import("echarts/core"), import("echarts/charts"), import("echarts/components"), import("echarts/renderers")]);
  use([BarChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);
  const shown = table.rows.slice(0, BARS);
  const part = table.sum_field ? 1 : 0;
  const groups = table.columns.length ? table.columns.slice(0, SERIES) : [{ name: { zh: "", en: "" } }];
  element.style.height = `${Math.max(200, 70 + shown.length * 26)}px`;
  const letters = [...table.rows, ...table.columns].map((item) => said(item.name)).join("");
  await document.fonts.load(`12px ${FONT}`, letters).catch(() => []);
  const chart = init(element);
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    color: COLOURS,
    textStyle: { fontFamily: FONT },
    aria: { enabled: false },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" } },
    legend: table.columns.length ? { type: "scroll", top: 0 } : undefined,
    grid: { left: 8, right: 60, top: table.columns.length ? 36 : 12, bottom: 8, containLabel: true },
    xAxis: { type: "value", name: table.sum_field ? table.sum_field.unit : t("条", "rows"), minInterval: part ? undefined : 1 },
    yAxis: { type: "category", inverse: true, data: shown.map((row) => said(row.name)), axisLabel: { width: 140, overflow: "truncate" } },
    series: groups.map((group, column) => ({
      type: "bar",
      stack: "all",
      name: said(group.name) || undefined,
      data: shown.map((_, row) => (table.columns.length ? table.cells[row][column] : table.by_row[row])?.[part] ?? 0),
    })),
  });
  return chart;
}

/** Show the table or the groups. */
export function bindTabs(opened: () => void): void {
  const buttons = { table: byId("show-table"), pivot: byId("show-pivot") };
  const show = (which: "table" | "pivot") => {
    for (const name of ["table", "pivot"] as const) {
      byId(name).hidden = name !== which;
      buttons[name].classList.toggle("active", name === which);
      buttons[name].setAttribute("aria-pressed", String(name === which));
    }
    opened();
  };
  buttons.table.addEventListener("click", () => show("table"));
  buttons.pivot.addEventListener("click", () => show("pivot"));
}
