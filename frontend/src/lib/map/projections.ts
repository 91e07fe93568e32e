/** CGCS2000 for OpenLayers: geographic (EPSG:4490) and the 3° Gauss-Krüger zones. */
import proj4 from "proj4";
import { get as projectionOf } from "ol/proj";
import { register } from "ol/proj/proj4";

/** Numbers of the 3° zones (3 度带) of China. */
const ZONES = Array.from({ length: 21 }, (_, index) => 25 + index);
const ELLIPSOID = "+ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +no_defs";

/** EPSG code of a 3° zone: 4513–4533 with the zone number before the easting, else 4534–4554. */
export function zoneCode(zone: number, prefixed = true): string {
  return `EPSG:${(prefixed ? 4513 : 4534) + zone - 25}`;
}

/** The 3° zone a longitude lies in. */
export function zoneOf(lon: number): number {
  return Math.min(45, Math.max(25, Math.round(lon / 3)));
}

let registered = false;

/** Make the systems known to OpenLayers; axes are always lon, lat and east, north. */
export function registerProjections(): void {
  if (registered) return;
  registered = true;
  proj4.defs("EPSG:4490", `+proj=longlat ${ELLIPSOID}`);
  for (const zone of ZONES) {
    const plane = `+proj=tmerc +lat_0=0 +lon_0=${zone * 3} +k=1 +y_0=0 ${ELLIPSOID} +units=m`;
    proj4.defs(zoneCode(zone), `${plane} +x_0=${zone * 1_000_000 + 500_000}`);
    proj4.defs(zoneCode(zone, false), `${plane} +x_0=500000`);
  }
  register(proj4);
  const geographic = projectionOf("EPSG:4490");
  geographic?.setExtent([-180, -90, 180, 90]);
  geographic?.setWorldExtent([-180, -90, 180, 90]);
  // a degree of longitude, so that the scale line is right along its own direction
  geographic?.setGetPointResolution(
    (resolution, point) => resolution * Math.cos((point[1] * Math.PI) / 180),
  );
}

/** X (north) and Y (east with zone number) in metres of a [lon, lat] in its 3° zone. */
export function toZone(lonlat: number[]): { zone: number; x: number; y: number } {
  const zone = zoneOf(lonlat[0]);
  const [east, north] = proj4("EPSG:4490", zoneCode(zone), [lonlat[0], lonlat[1]]);
  return { zone, x: north, y: east };
}

/** [lon, lat] of X (north) and Y (east with zone number). */
export function fromZone(x: number, y: number): number[] {
  return proj4(zoneCode(Math.floor(y / 1_000_000)), "EPSG:4490", [y, x]);
}

/** Degrees as ``113°12′34.56″``. */
export function dms(degrees: number, decimals = 2): string {
  const unit = 10 ** decimals;
  const total = Math.round(Math.abs(degrees) * 3600 * unit);
  const seconds = (total % (60 * unit)) / unit;
  const minutes = Math.floor(total / (60 * unit)) % 60;
  const whole = Math.floor(total / (3600 * unit));
  const width = decimals ? decimals + 3 : 2;
  return (
    `${degrees < 0 ? "-" : ""}${whole}°${String(minutes).padStart(2, "0")}′` +
    `${seconds.toFixed(decimals).padStart(width, "0")}″`
  );
}
