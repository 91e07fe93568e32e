/** The table twin: features of the shown layers inside the window, one row each. */
import type { Feature } from "ol";
import VectorSource from "ol/source/Vector";
import { said, t } from "../../words";
import { byId, el } from "../../dom";
import { openFeature } from "./identify";
import type { OneMap } from "./page";

/** Rows drawn at most; the table says when there are more. */
const MOST = 400;

/** Keep #om-table in step with the map while it is open. */
export function bindTable(page: OneMap): { toggle: () => void } {
  const drawer = byId("om-table");
  const update = () => {
    if (!drawer.hidden) drawer.replaceChildren(...fill(page));
  };
  page.handle.map.on("moveend", update);
  page.handle.map.on("loadend", update);
  page.onChange(update);
  return {
    toggle: () => {
      drawer.hidden = !drawer.hidden;
      document.getElementById("om-tool-table")?.setAttribute("aria-pressed", String(!drawer.hidden));
      update();
      if (!drawer.hidden) drawer.focus();
    },
  };
}

function fill(page: OneMap): Node[] {
  const rows: HTMLElement[] = [];
  const tiled: string[] = [];
  let total = 0;
  const window = page.handle.map.getView().calculateExtent(page.handle.map.getSize());
  for (const id of page.handle.visible) {
    const entry = page.handle.entry(id);
    const source = page.handle.layer(id)?.getSource();
    if (!entry) continue;
    if (!(source instanceof VectorSource)) {
      tiled.push(said(entry.name));
      continue;
    }
    const features = source.getFeaturesInExtent(window) as Feature[];
    total += features.length;
    for (const feature of features)
      if (rows.length < MOST) rows.push(row(page, said(entry.name), feature));
  }
  const columns = [
    [t("图层", "layer"), ""],
    [t("编号", "code"), ""],
    [t("名称", "name"), ""],
    [t("县（区）", "county"), ""],
    [t("矿种", "mineral"), ""],
    [t("面积 km²", "area km²"), "number"],
  ];
  const caption = t(`本窗口内 ${total} 个要素`, `${total} features in this window`);
  return [
    el(
      "div",
      { class: "om-table-head", role: "status" },
      el("b", {}, caption),
      total > MOST ? t(`（只列前 ${MOST} 个，请放大）`, ` (the first ${MOST}; zoom in)`) : "",
      tiled.length ? t(`；${tiled.join("、")}要素太多，不列表`, `; too many to list: ${tiled.join(", ")}`) : "",
    ),
    el(
      "table",
      { class: "table table-sm table-vcenter" },
      el("thead", {}, el("tr", {}, ...columns.map(([title, kind]) => el("th", { class: kind }, title)))),
      el("tbody", {}, ...rows),
    ),
  ];
}

function row(page: OneMap, layer: string, feature: Feature): HTMLElement {
  const held = feature.getProperties();
  const id = String(feature.getId());
  const area = held.area_km2 === null || held.area_km2 === undefined ? "" : Number(held.area_km2).toFixed(4);
  return el(
    "tr",
    { class: id === page.selected ? "om-selected" : "", "data-id": id },
    el("td", {}, layer),
    el("td", {}, String(held.code ?? "")),
    el(
      "td",
      {},
      el(
        "button",
        { type: "button", class: "om-link", onclick: () => openFeature(page, id) },
        String(held.name || held.label || held.key),
      ),
    ),
    el("td", {}, String(held.county ?? "")),
    el("td", {}, String(held.mineral ?? "")),
    el("td", { class: "number" }, area),
  );
}
