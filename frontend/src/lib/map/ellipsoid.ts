/** Areas and lengths on the CGCS2000 ellipsoid; the same formulas as the server's kernel. */

type Position = number[];

const SEMI_MAJOR = 6_378_137;
const FLATTENING = 1 / 298.257222101;
const SEMI_MINOR = SEMI_MAJOR * (1 - FLATTENING);
const E2 = FLATTENING * (2 - FLATTENING);
const RADIANS = Math.PI / 180;
// Series of the cylindrical equal-area projection, to the order of TD/T 1055-2019 annex D.
const SERIES = [0, 1, 2, 3, 4].map((n) => ((n + 1) / (2 * n + 1)) * E2 ** n);

/** Ordinate in metres of the cylindrical equal-area projection of a latitude in degrees. */
export function authalicY(latitude: number): number {
  const sine = Math.sin(latitude * RADIANS);
  const square = sine * sine;
  let total = SERIES[4];
  for (let n = 3; n >= 0; n -= 1) total = total * square + SERIES[n];
  return SEMI_MINOR * sine * total;
}

/** Area in m² inside a ring of [lon, lat], closed or not. */
function ringArea(ring: Position[]): number {
  if (ring.length < 3) return 0;
  const [originLon, originY] = [ring[0][0], authalicY(ring[0][1])];
  let [doubled, beforeX, beforeY] = [0, 0, 0];
  for (const [lon, lat] of [...ring, ring[0]]) {
    const x = (lon - originLon) * RADIANS * SEMI_MINOR;
    const y = authalicY(lat) - originY;
    doubled += beforeX * y - x * beforeY;
    [beforeX, beforeY] = [x, y];
  }
  return Math.abs(doubled) / 2;
}

/** Ellipsoidal area (椭球面积) in m² of a polygon: its outer ring less its holes. */
export function polygonArea(rings: Position[][]): number {
  const [outer, ...holes] = rings;
  if (!outer) return 0;
  return holes.reduce((area, hole) => area - ringArea(hole), ringArea(outer));
}

/** Ellipsoidal area in m² of a GeoJSON polygon or multipolygon; 0 for anything else. */
export function areaOf(geometry: { type: string; coordinates: unknown }): number {
  if (geometry.type === "Polygon") return polygonArea(geometry.coordinates as Position[][]);
  if (geometry.type === "MultiPolygon")
    return (geometry.coordinates as Position[][][]).reduce((sum, part) => sum + polygonArea(part), 0);
  return 0;
}

/** Length in metres of the geodesic between two [lon, lat] (Vincenty's inverse formula). */
export function distance(from: Position, to: Position): number {
  const reduced = (lat: number) => Math.atan((1 - FLATTENING) * Math.tan(lat * RADIANS));
  const [u1, u2, l] = [reduced(from[1]), reduced(to[1]), (to[0] - from[0]) * RADIANS];
  let [lambda, sinSigma, cosSigma, sigma, cosSqAlpha, cos2m] = [l, 0, 0, 0, 0, 0];
  for (let round = 0; round < 60; round += 1) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    sinSigma = Math.hypot(
      Math.cos(u2) * sinL,
      Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * cosL,
    );
    if (sinSigma === 0) return 0;
    cosSigma = Math.sin(u1) * Math.sin(u2) + Math.cos(u1) * Math.cos(u2) * cosL;
    sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (Math.cos(u1) * Math.cos(u2) * sinL) / sinSigma;
    cosSqAlpha = 1 - sinAlpha * sinAlpha;
    cos2m = cosSqAlpha === 0 ? 0 : cosSigma - (2 * Math.sin(u1) * Math.sin(u2)) / cosSqAlpha;
    const c = (FLATTENING / 16) * cosSqAlpha * (4 + FLATTENING * (4 - 3 * cosSqAlpha));
    const before = lambda;
    lambda =
      l +
      (1 - c) *
        FLATTENING *
        sinAlpha *
        (sigma + c * sinSigma * (cos2m + c * cosSigma * (2 * cos2m * cos2m - 1)));
    if (Math.abs(lambda - before) < 1e-12) break;
  }
  const uSq = (cosSqAlpha * (SEMI_MAJOR ** 2 - SEMI_MINOR ** 2)) / SEMI_MINOR ** 2;
  const a = 1 + (uSq / 16384) * (4096 + uSq * (-768 + uSq * (320 - 175 * uSq)));
  const b = (uSq / 1024) * (256 + uSq * (-128 + uSq * (74 - 47 * uSq)));
  const delta =
    b *
    sinSigma *
    (cos2m +
      (b / 4) *
        (cosSigma * (2 * cos2m * cos2m - 1) -
          (b / 6) * cos2m * (4 * sinSigma * sinSigma - 3) * (4 * cos2m * cos2m - 3)));
  return SEMI_MINOR * a * (sigma - delta);
}

/** Length in metres of a line of [lon, lat]. */
export function lineLength(line: Position[]): number {
  return line.slice(1).reduce((sum, point, index) => sum + distance(line[index], point), 0);
}
