/** Click on the map: what is there, with clause and measures; and features by their id. */
import type { MapBrowserEvent } from "ol";
import { ask } from "../../http";
import { said, t } from "../../words";
import { coordinateText } from "../readout";
import { el } from "../../dom";
import type { OneMap } from "./page";
import { describe, schematicMark, type Told } from "./told";

/** Pixels around the pointer that count as a hit of lines and points. */
const REACH_PX = 6;

/** Ask what is at a position among the shown layers and tell it in the panel. */
export async function identify(page: OneMap, coordinate: number[]): Promise<void> {
  const lonlat = page.handle.toLonLat(coordinate);
  const shown = page.handle.visible.filter((id) => !id.includes("|"));
  const query = page.query({
    lon: lonlat[0].toFixed(9),
    lat: lonlat[1].toFixed(9),
    reach: reachOf(page, coordinate),
    layers: shown.join(",") || "-",
  });
  const { hits } = await ask<{ hits: Told[] }>(`/map/identify?${query}`);
  const here = hits.find((item) => item.context);
  const found = hits.filter((item) => !item.context);
  const where = el(
    "p",
    { class: "om-where" },
    here ? el("b", {}, `${here.title} `) : null,
    coordinateText(lonlat),
  );
  const everything = el(
    "button",
    { type: "button", class: "btn btn-sm w-100", onclick: () => everythingAt(page, coordinate) },
    t("此处适用什么（全部图层）", "What applies here (all layers)"),
  );
  page.panel(
    found.length ? t(`此处有 ${found.length} 个要素`, `${found.length} features here`) : t("此处没有显示的要素", "Nothing shown here"),
    [where, ...found.map((item, index) => hit(page, item, index === 0)), everything],
    () => page.select(undefined),
  );
  page.select(found[0]?.id, found[0]?.geometry);
}

/** Everything that applies at a point, whether it is shown or not. */
async function everythingAt(page: OneMap, coordinate: number[]): Promise<void> {
  const lonlat = page.handle.toLonLat(coordinate);
  const query = page.query({
    lon: lonlat[0].toFixed(9),
    lat: lonlat[1].toFixed(9),
    reach: reachOf(page, coordinate),
  });
  try {
    const { hits } = await ask<{ hits: Told[] }>(`/map/identify?${query}`);
    page.panel(
      t("此处适用", "What applies here"),
      [
        el("p", { class: "om-where" }, coordinateText(lonlat)),
        ...hits.map((item) => hit(page, item, false)),
      ],
      () => page.select(undefined),
    );
  } catch (error) {
    page.fail(error);
  }
}

function reachOf(page: OneMap, coordinate: number[]): string {
  const [lon, lat] = page.handle.toLonLat(coordinate);
  const pixel = page.handle.map.getView().getResolution() ?? 0;
  const [beside] = page.handle.toLonLat([coordinate[0] + pixel * REACH_PX, coordinate[1]]);
  return ((beside - lon) * 111_320 * Math.cos((lat * Math.PI) / 180)).toFixed(2);
}

function hit(page: OneMap, item: Told, open: boolean): HTMLElement {
  const details = el(
    "details",
    { class: "om-hit", open, "data-id": item.id },
    el(
      "summary",
      {},
      el("span", { class: "om-hit-layer" }, said(item.layerName)),
      " ",
      el("b", {}, item.title),
      " ",
      schematicMark(item.schematic),
    ),
    ...describe(item),
  );
  details.addEventListener("toggle", () => {
    if (details.open && item.id !== page.selected) page.select(item.id, item.geometry);
  });
  return details;
}

/** Open a feature by its id, as from a link, the search or the table. */
export async function openFeature(page: OneMap, id: string, zoom = true): Promise<void> {
  try {
    const item = await ask<Told>(`/map/feature?${page.query({ id })}`);
    const layer = item.layer;
    if (!page.isShown(layer) && page.handle.entry(layer)) page.show(layer, true);
    page.panel(item.title, [hit(page, item, true)], () => page.select(undefined));
    page.select(item.id, item.geometry);
    if (zoom && item.geometry) page.handle.zoomTo(item.geometry);
  } catch (error) {
    page.fail(error);
  }
}

/** Identify at clicks while no other tool is in use. */
export function bindIdentify(page: OneMap, busy: () => boolean): void {
  page.handle.map.on("singleclick", (event: MapBrowserEvent) => {
    if (!busy()) identify(page, event.coordinate).catch((error) => page.fail(error));
  });
}
