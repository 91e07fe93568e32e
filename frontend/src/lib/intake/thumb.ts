/** Small pictures of grounds: before and after a fix, one of several readings. */
import { partsOf, type Geometry, type Position } from "./model";

const SPACE = "http://www.w3.org/2000/svg";

/** An outline in a small frame; ``beside`` is drawn dashed behind it on the same scale. */
export function thumb(geometry: Geometry, label: string, beside: Geometry | null = null): SVGElement {
  const svg = document.createElementNS(SPACE, "svg");
  svg.setAttribute("viewBox", "0 0 96 72");
  svg.setAttribute("class", "intake-thumb");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const shapes = [beside, geometry].filter((item): item is Geometry => item !== null);
  const points = shapes.flatMap((item) => partsOf(item).flat(2) as unknown as Position[]);
  const flat = shapes.flatMap((item) => partsOf(item).flatMap((rings) => rings.flat()));
  const place = placer(flat.length ? flat : points);
  for (const shape of shapes) {
    const path = document.createElementNS(SPACE, "path");
    path.setAttribute("d", partsOf(shape).flatMap((rings) => rings.map((ring) => line(ring, place))).join(" "));
    path.setAttribute("class", shape === geometry ? "now" : "before");
    svg.append(path);
  }
  return svg;
}

function placer(points: Position[]): (point: Position) => string {
  const lons = points.map((point) => point[0]);
  const lats = points.map((point) => point[1]);
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(84 / ((east - west) * shrink || 1e-9), 60 / (north - south || 1e-9));
  const left = 48 - ((east - west) * shrink * scale) / 2;
  const top = 36 - ((north - south) * scale) / 2;
  return ([lon, lat]) =>
    `${(left + (lon - west) * shrink * scale).toFixed(1)} ${(top + (north - lat) * scale).toFixed(1)}`;
}

function line(ring: Position[], place: (point: Position) => string): string {
  return `M${ring.map(place).join("L")}Z`;
}
