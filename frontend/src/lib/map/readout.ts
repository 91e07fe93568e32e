/** The line under the map: coordinates under the cursor, the 3° zone, the scale. */
import type { Map as OlMap, MapBrowserEvent } from "ol";
import { getPointResolution, transform } from "ol/proj";
import { t } from "../words";
import { dms, toZone } from "./projections";

/** Metres per pixel of the scale on screens, as map services count (0.28 mm). */
const PIXEL_M = 0.00028;

/** Denominator of the map's scale on a screen. */
export function scaleOf(map: OlMap): number {
  const view = map.getView();
  const centre = view.getCenter() ?? [0, 0];
  return getPointResolution(view.getProjection(), view.getResolution() ?? 1, centre, "m") / PIXEL_M;
}

/** A position in geographic and 3° zone form. */
export function coordinateText(lonlat: number[]): string {
  const plane = toZone(lonlat);
  return (
    `${dms(lonlat[0])}E ${dms(lonlat[1])}N` +
    ` ｜ ${t(`${plane.zone} 带`, `zone ${plane.zone}`)}` +
    ` X ${plane.x.toFixed(2)} Y ${plane.y.toFixed(2)}`
  );
}

/** Keep a line of text up to date with the pointer, and with the centre where there is none. */
export function showReadout(map: OlMap, target: HTMLElement): void {
  const place = document.createElement("span");
  const scale = document.createElement("span");
  place.className = "map-place";
  scale.className = "map-scale";
  target.replaceChildren(place, scale);
  const projection = map.getView().getProjection();
  const show = (coordinate: number[] | undefined) => {
    if (!coordinate) return;
    place.textContent = coordinateText(transform(coordinate, projection, "EPSG:4490"));
  };
  map.on("pointermove", (event: MapBrowserEvent) => show(event.coordinate));
  map.on("moveend", () => {
    show(map.getView().getCenter());
    const digits = 10 ** Math.max(0, Math.floor(Math.log10(scaleOf(map))) - 1);
    scale.textContent = `1:${(Math.round(scaleOf(map) / digits) * digits).toLocaleString("en")}`;
  });
}
