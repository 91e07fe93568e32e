/** What the intake page holds: the draft as the server keeps it, and what reading answers. */

export type Position = [number, number];
export type Rings = Position[][];

export interface Geometry {
  type: "Polygon" | "MultiPolygon";
  coordinates: Rings | Rings[];
}

/** What is stated of an input beyond its text; see formats/stated.py. */
export interface Options {
  system?: string;
  datum?: string;
  order?: string;
  notation?: string;
  reading?: string;
  constants?: [number, number];
  keep_datum?: boolean;
  stated_area_km2?: string;
  accepted?: string[];
  declined?: string[];
  layer?: string;
  encoding?: string;
}

export interface Choice {
  label: string;
  options: Options;
  undoes: boolean;
}

export interface Remark {
  key: string;
  code: string;
  level: "blocking" | "confirm" | "done" | "info";
  message: string;
  fix: string;
  row: number | null;
  applied: boolean;
  before: Geometry | null;
  after: Geometry | null;
  choices: Choice[];
}

export interface Alternative {
  label: string;
  area_km2: number;
  geometry: Geometry;
  options: Options;
}

export interface FieldFault {
  code: string;
  field: string | null;
  message: string;
  hint: string;
}

export type Attributes = Record<string, unknown>;

export interface Block {
  name: string;
  layer: string | null;
  geometry: Geometry;
  bounds: [number, number, number, number];
  system: string;
  understanding: string;
  systems: string[];
  /** number, part, ring, the two printed values, lon, lat */
  corners: [string, number, number, string, string, number, number][];
  remarks: Remark[];
  alternatives: Alternative[];
  areas: Areas;
  county: string;
  attributes: Attributes;
  faults: FieldFault[];
}

export interface Areas {
  planar: number;
  sphere: number;
  ellipsoid: number;
}

export interface ReadAnswer {
  source: string;
  kind: string;
  text?: string;
  options: Options;
  layers: string[];
  remarks: Remark[];
  blocks: Block[];
  refused?: {
    code: string;
    message: string;
    options: Options;
    remarks: Remark[];
    alternatives: Alternative[];
  };
}

export interface Evidence {
  layer: string;
  name?: string;
  area_m2?: number | null;
  share?: number | null;
  distance_m?: number | null;
  sliver?: boolean;
  restricted?: boolean;
  /** Its number among the geometries of the answer. */
  place?: number;
  geometry?: object;
}

export interface Finding {
  key: string;
  rule: string;
  title: string;
  family: string;
  outcome: "conflict" | "attention" | "not-checked" | "clear";
  severity: string;
  decides: boolean;
  message: string;
  measured: string;
  limit: string;
  mend: string;
  note: string;
  basis: string;
  clause: string;
  waived: string;
  schematic: boolean;
  evidence: Evidence[];
}

export interface Missing {
  kind: "field" | "fact" | "attachment" | "layer" | "other";
  key: string;
  word: string;
  rules: string[];
}

export interface Suggestion {
  geometry: Geometry;
  system: string;
  area_m2: number;
  lost_share: number;
  verdict: string;
  conforming: boolean;
  still: string[];
}

export interface LiveAnswer {
  faults: FieldFault[];
  needs: string[];
  verdict?: { key: string; text: string };
  counts?: Record<string, number>;
  areas?: Areas;
  area_match?: string;
  county?: string;
  findings?: Finding[];
  /** GeoJSON texts that evidence names by number. */
  geometries?: string[];
  missing?: Missing[];
  suggestion?: Suggestion | null;
}

/** The draft: everything that was typed, chosen and drawn. */
export interface Content {
  source: { kind: "" | "text" | "file" | "draw" | "block" | "right" | "sample"; text?: string; name?: string };
  options: Options;
  reading: {
    understanding: string;
    remarks: Remark[];
    alternatives: Alternative[];
  } | null;
  /** All blocks of the input where there are several, and which one is this case's. */
  blocks: Block[];
  chosen: number;
  confirmed: string[];
  geometry: Geometry | null;
  system: string;
  /** The ground before a suggestion was taken or corners were moved. */
  original: { geometry: Geometry; system: string } | null;
  edited: boolean;
  attributes: Attributes;
  date: string;
}

export function emptyContent(): Content {
  return {
    source: { kind: "" },
    options: {},
    reading: null,
    blocks: [],
    chosen: 0,
    confirmed: [],
    geometry: null,
    system: "lonlat",
    original: null,
    edited: false,
    attributes: {},
    date: "",
  };
}

/** The parts of a geometry, each its rings: the outer one first, closed or not. */
export function partsOf(geometry: Geometry | null): Rings[] {
  if (!geometry) return [];
  return geometry.type === "Polygon"
    ? [geometry.coordinates as Rings]
    : (geometry.coordinates as Rings[]);
}

/** A geometry of parts; null when there is none. */
export function geometryOf(parts: Rings[]): Geometry | null {
  const kept = parts.filter((rings) => rings.length && rings[0].length);
  if (!kept.length) return null;
  return kept.length === 1
    ? { type: "Polygon", coordinates: kept[0] }
    : { type: "MultiPolygon", coordinates: kept };
}

/** A ring without the repeated first corner. */
export function openRing(ring: Position[]): Position[] {
  const [first, last] = [ring[0], ring[ring.length - 1]];
  const closed = ring.length > 1 && first[0] === last[0] && first[1] === last[1];
  return closed ? ring.slice(0, -1) : ring.slice();
}

/** A ring with its first corner repeated at the end. */
export function closedRing(ring: Position[]): Position[] {
  const open = openRing(ring);
  return open.length ? [...open, open[0]] : open;
}
