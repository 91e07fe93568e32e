/** What applies inside a drawn polygon or an uploaded file: plan, rights, control lines. */
import { ask } from "../../http";
import { said, t } from "../../words";
import { drawPolygon, type Tool } from "../draw";
import type { Bilingual } from "../setup";
import { DRAFT } from "../styles";
import { el } from "../../dom";
import { field } from "./dom";
import type { OneMap } from "./page";
import {
  areaText,
  clauseLink,
  lengthText,
  measuresOf,
  schematicMark,
  shareText,
  sourceLine,
  type Told,
} from "./told";

interface PlanHit extends Pick<Told, "id" | "layerName" | "title" | "schematic" | "clause" | "measures"> {
  layer: string;
  area: number;
  share: number;
  whole: number;
}
interface LayerHit {
  layer: string;
  layerName: Bilingual;
  schematic: boolean;
  source: Record<string, string>;
  count: number;
  area: number;
  length: number;
  share: number;
  features: { id: string; title: string; area: number; length: number; sliver: boolean }[];
}
interface Answer {
  area: number;
  bounds: [number, number, number, number];
  plan: PlanHit[];
  rights: LayerHit[];
  control: LayerHit[];
  clear: Bilingual[];
  geometry?: object;
  understood?: Bilingual[];
}

/** Offer to draw or to upload, then tell what applies. */
export function startApplies(page: OneMap): Tool {
  let tool: Tool | undefined;
  const live = el("p", { class: "om-live", "aria-live": "polite" }, t("单击画角点，双击结束；Esc 退一点。", "Click corners, double click to end; Esc takes one back."));
  const file = el("input", { type: "file", class: "form-control", onchange: () => upload() });
  const redraw = el("button", { type: "button", class: "btn btn-sm", onclick: () => draw() }, t("重新画", "Draw again"));
  const results = el("div", { class: "om-results", "aria-live": "polite" });

  const draw = () => {
    tool?.stop();
    page.handle.remove("applies");
    results.replaceChildren();
    tool = drawPolygon(page.handle, {
      look: DRAFT,
      snap: ["counties", ...page.handle.visible],
      onMove: (sketch) => (live.textContent = `${t("面积", "area")} ${areaText(sketch.area)}`),
      onEnd: (sketch) => {
        tool?.stop();
        page.handle.addGeometry("applies", sketch.geometry, DRAFT);
        answer({ body: { geometry: sketch.geometry } });
      },
    });
  };
  const upload = () => {
    if (!file.files?.length) return;
    tool?.stop();
    const form = new FormData();
    for (const item of file.files) form.append("file", item);
    answer({ body: form });
  };
  const answer = async (request: { body: unknown }) => {
    live.textContent = t("正在查…", "Looking…");
    try {
      const found = await ask<Answer>(`/map/applies?${page.query()}`, request);
      if (found.geometry) {
        page.handle.addGeometry("applies", found.geometry, DRAFT);
        page.handle.zoomTo("applies");
      }
      live.textContent = `${t("椭球面积", "Ellipsoidal area")} ${areaText(found.area)}`;
      results.replaceChildren(...tell(found));
    } catch (error) {
      live.textContent = "";
      page.fail(error);
    }
  };

  page.panel(
    t("此处适用什么", "What applies here"),
    [
      live,
      redraw,
      field(t("或上传坐标、图形文件", "or upload corners or shapes"), file, "txt xlsx docx zip(shp) gpkg geojson kml dxf"),
      results,
    ],
    () => {
      tool?.stop();
      page.handle.remove("applies");
      page.select(undefined);
    },
  );
  draw();
  return { stop: () => page.closePanel() };
}

function tell(found: Answer): Node[] {
  return [
    ...(found.understood ?? []).map((text) => el("p", { class: "om-source" }, said(text))),
    el("h3", {}, t("规划分区与区块", "Zones and blocks of the plan")),
    found.plan.length
      ? el(
          "table",
          { class: "table table-sm om-hits" },
          head(t("名称", "name"), t("重叠", "overlap"), t("占本范围", "of the shape")),
          el("tbody", {}, ...found.plan.map((item) => planRow(item))),
        )
      : el("p", {}, t("不在任何规划分区内", "in no zone of the plan")),
    ...layerTable(t("矿业权", "Mining rights"), found.rights, t("没有矿业权", "no rights")),
    ...layerTable(t("管控边界与其他图层", "Control lines and other layers"), found.control, t("没有重叠", "no overlap")),
    el(
      "details",
      { class: "om-hit" },
      el("summary", {}, t(`已核对、没有重叠的图层 ${found.clear.length} 个`, `${found.clear.length} layers checked without overlap`)),
      el("p", {}, found.clear.map(said).join(t("、", ", "))),
    ),
  ];
}

function head(...titles: string[]): HTMLElement {
  return el(
    "thead",
    {},
    el("tr", {}, ...titles.map((title, index) => el("th", { class: index ? "number" : "" }, title))),
  );
}

function planRow(item: PlanHit): HTMLElement {
  return el(
    "tr",
    { "data-id": item.id },
    el(
      "td",
      {},
      el("span", { class: "om-hit-layer" }, said(item.layerName)),
      " ",
      item.measures.length || item.clause
        ? el(
            "details",
            {},
            el("summary", {}, item.title, " ", schematicMark(item.schematic)),
            item.clause ? el("p", {}, clauseLink(item.clause)) : null,
            ...measuresOf(item),
          )
        : item.title,
    ),
    el("td", { class: "number" }, areaText(item.area)),
    el("td", { class: "number" }, shareText(item.share)),
  );
}

function layerTable(title: string, layers: LayerHit[], none: string): Node[] {
  const heading = el("h3", {}, title);
  if (!layers.length) return [heading, el("p", {}, none)];
  return [
    heading,
    el(
      "table",
      { class: "table table-sm om-hits" },
      head(t("图层", "layer"), t("个数", "features"), t("重叠", "overlap"), t("占本范围", "of the shape")),
      el("tbody", {}, ...layers.map(layerRow)),
    ),
  ];
}

function layerRow(item: LayerHit): HTMLElement {
  const more = item.count > item.features.length ? t(`…共 ${item.count} 个`, `… ${item.count} in all`) : "";
  return el(
    "tr",
    { "data-layer": item.layer },
    el(
      "td",
      {},
      el(
        "details",
        {},
        el("summary", {}, said(item.layerName), " ", schematicMark(item.schematic)),
        el(
          "ul",
          {},
          ...item.features.map((part) =>
            el("li", {}, `${part.title} `, amount(part), part.sliver ? t("（细条）", " (sliver)") : ""),
          ),
          more ? el("li", {}, more) : null,
        ),
        sourceLine(item.source),
      ),
    ),
    el("td", { class: "number" }, String(item.count)),
    el("td", { class: "number" }, amount(item)),
    el("td", { class: "number" }, item.area ? shareText(item.share) : ""),
  );
}

function amount(item: { area: number; length: number }): string {
  if (item.area) return areaText(item.area);
  return item.length ? lengthText(item.length) : "";
}
