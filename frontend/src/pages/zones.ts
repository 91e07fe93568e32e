/** The table of a layer and its map are twins: hover and selection are shared. */
import "../styles/zones.css";
import Feature from "ol/Feature";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import { pageData, showProblem } from "../lib/http";
import { createMap, SELECTED, type AsOf, type MapHandle } from "../lib/map";
import { lookStyle } from "../lib/map/styles";

interface Page {
  layer: string;
  keys: string[];
  filtered: boolean;
  asOf: AsOf;
  merge: string;
}

const page = pageData<Page>("page-data");
const rows = new Map<string, HTMLTableRowElement>();
for (const row of document.querySelectorAll<HTMLTableRowElement>("#zone-table tbody tr[data-key]"))
  rows.set(row.dataset.key ?? "", row);
let selected = new URLSearchParams(location.hash.slice(1)).get("sel") ?? "";
let hovered = "";

function bindMerge(): void {
  const button = document.querySelector<HTMLButtonElement>("#merge");
  if (!button) return;
  const boxes = () => [...document.querySelectorAll<HTMLInputElement>("#zone-table input:checked")];
  document.querySelector("#zone-table")?.addEventListener("change", () => {
    button.disabled = boxes().length < 2;
  });
  button.addEventListener("click", () => {
    const query = new URLSearchParams(boxes().map((box) => ["key", box.value]));
    location.href = `${page.merge}?${query}`;
  });
}

function show(handle: MapHandle): void {
  const layer = handle.addPlanLayer(page.layer);
  if (!(layer instanceof VectorLayer)) return;
  const wanted = new Set(page.keys);
  const plain = layer.getStyleFunction();
  layer.setStyle((feature, resolution) =>
    page.filtered && !wanted.has(String(feature.get("key"))) ? [] : plain?.(feature, resolution),
  );
  const source = layer.getSource() as VectorSource;
  const marks = new VectorSource();
  handle.map.addLayer(new VectorLayer({ source: marks, style: lookStyle(SELECTED), zIndex: 220 }));
  const byKey = (key: string) =>
    source.getFeatures().find((item) => item.get("key") === key) as Feature | undefined;
  const mark = () => {
    marks.clear();
    for (const key of new Set([selected, hovered])) {
      const found = key && byKey(key);
      if (found) marks.addFeature(new Feature(found.getGeometry()));
    }
    for (const [key, row] of rows) {
      row.classList.toggle("selected", key === selected);
      row.classList.toggle("hover", key === hovered);
      row.setAttribute("aria-selected", String(key === selected));
    }
  };
  const select = (key: string, zoom: boolean) => {
    selected = key;
    history.replaceState(null, "", key ? `#sel=${encodeURIComponent(key)}` : location.pathname + location.search);
    mark();
    const extent = key && byKey(key)?.getGeometry()?.getExtent();
    if (zoom && extent)
      handle.map.getView().fit(extent, { padding: [60, 60, 60, 60], maxZoom: 14, duration: 200 });
    if (!zoom) rows.get(key)?.scrollIntoView({ block: "nearest" });
  };
  const hover = (key: string) => {
    if (key === hovered) return;
    hovered = key;
    mark();
  };
  for (const [key, row] of rows) {
    row.addEventListener("mouseenter", () => hover(key));
    row.addEventListener("mouseleave", () => hover(""));
    row.addEventListener("focusin", () => hover(key));
    row.addEventListener("click", (event) => {
      if (!(event.target as Element).closest("a, input")) select(key, true);
    });
  }
  handle.map.on("pointermove", (event) => hover(keyAt(handle, layer, event.pixel)));
  handle.map.on("click", (event) => select(keyAt(handle, layer, event.pixel), false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") select("", false);
  });
  const whole = () => {
    const extents = page.keys.map(byKey).filter((item) => item !== undefined);
    if (extents.length && page.filtered) {
      const shown = new VectorSource({ features: extents.map((item) => item.clone()) });
      const extent = shown.getExtent();
      if (extent) handle.map.getView().fit(extent, { padding: [40, 40, 40, 40], maxZoom: 13 });
    }
    if (selected) select(selected, true);
    document.getElementById("zone-map")?.setAttribute("data-ready", "true");
  };
  if (source.getFeatures().length) whole();
  else source.once("featuresloadend", whole);
}

function keyAt(handle: MapHandle, layer: VectorLayer, pixel: number[]): string {
  const found = handle.map.forEachFeatureAtPixel(pixel, (item) => item, {
    layerFilter: (candidate) => candidate === layer,
    hitTolerance: 4,
  });
  return found ? String(found.get("key") ?? "") : "";
}

bindMerge();
createMap("zone-map", { asOf: page.asOf, layers: [] }).then(show).catch(showProblem);
