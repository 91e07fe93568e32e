/** Measuring: geodesic distance and ellipsoidal (statutory) area, told while the hand moves. */
import { ask } from "../../http";
import { t } from "../../words";
import { measure, type Sketch, type Tool } from "../draw";
import { el } from "../../dom";
import type { OneMap } from "./page";
import { areaText, lengthText } from "./told";

/** Measure a line or an area until the panel is closed. */
export function startMeasure(page: OneMap, kind: "LineString" | "Polygon"): Tool {
  const area = kind === "Polygon";
  const result = el("p", { class: "om-live", "aria-live": "polite" }, "—");
  const note = el("p", { class: "om-source" });
  const title = area ? t("量面积", "Measure area") : t("量距离", "Measure distance");
  const tool = measure(page.handle, kind, (sketch, ended) => {
    result.textContent = text(sketch, area);
    if (ended && area) confirm(sketch);
  });
  const confirm = async (sketch: Sketch) => {
    try {
      const found = await ask<{ area: number }>("/map/area", { body: { geometry: sketch.geometry } });
      result.textContent = text({ ...sketch, area: found.area }, area);
      note.textContent = t(
        `椭球面积（TD/T 1055-2019），${found.area.toFixed(2)} m²`,
        `ellipsoidal area (TD/T 1055-2019), ${found.area.toFixed(2)} m²`,
      );
    } catch (error) {
      page.fail(error);
    }
  };
  const help = t(
    "单击加点，双击或 Enter 结束，Esc 退一点。距离为椭球面上的大地线。",
    "Click to add points, double click or Enter to end, Esc takes one back. Distances are geodesics.",
  );
  page.panel(title, [result, note, el("p", { class: "om-source" }, help)], () => {
    tool.stop();
    page.handle.remove("measure");
  });
  return { stop: () => page.closePanel() };
}

function text(sketch: Sketch, area: boolean): string {
  if (!area) return lengthText(sketch.length);
  return `${areaText(sketch.area)}　${t("周长", "border")} ${lengthText(sketch.length)}`;
}
