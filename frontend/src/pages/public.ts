/** The public map: published zones and blocks, nothing else, from the public addresses only. */
import type { Feature } from "ol";
import "../styles/reading.css";
import { ask, pageData, showProblem } from "../lib/http";
import { createMap, nameOf, type LayerEntry, type MapHandle, type MapSetup } from "../lib/map";
import { styleNamed } from "../lib/map/styles";
import { t } from "../lib/words";

async function show(handle: MapHandle, entry: LayerEntry): Promise<void> {
  const known = handle.layer(entry.id);
  if (known) {
    known.setVisible(true);
    return;
  }
  const found = await ask<object>(`/public/features/${encodeURIComponent(entry.code)}`);
  const layer = handle.addGeometry(entry.id, found, { line: "#4d4d4d" });
  layer.setStyle(styleNamed(handle.setup, entry.symbol));
  layer.setDeclutter("names");
  layer.setZIndex(handle.setup.symbols[entry.symbol]?.order ?? 24);
}

function choices(handle: MapHandle, entries: LayerEntry[]): void {
  const place = document.getElementById("layers");
  for (const entry of entries) {
    const label = document.createElement("label");
    label.className = "form-check form-check-inline";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.className = "form-check-input";
    box.checked = entry.on;
    box.addEventListener("change", () => {
      if (box.checked) show(handle, entry).catch(showProblem);
      else handle.layer(entry.id)?.setVisible(false);
    });
    const name = document.createElement("span");
    name.className = "form-check-label";
    name.textContent = nameOf(entry);
    label.append(box, name);
    place?.append(label);
    if (entry.on) show(handle, entry).catch(showProblem);
  }
}

async function start(): Promise<void> {
  const target = document.getElementById("map");
  if (!target) return;
  const setup = pageData<MapSetup>("map-setup");
  const handle = await createMap(target, { setup, layers: [] });
  const entries = setup.groups.flatMap((group) => group.layers).filter((item) => item.kind === "plan");
  choices(handle, entries);
  handle.map.on("click", (event) => {
    const told = handle.map
      .getFeaturesAtPixel(event.pixel)
      .map((found) => (found as Feature).get("name") as string | undefined)
      .filter(Boolean);
    const line = document.getElementById("told");
    if (line)
      line.textContent = told.length
        ? [...new Set(told)].join(" · ")
        : t("这里没有公开的分区或区块。", "No published zone or block here.");
  });
}

start().catch(showProblem);
