/** What the server says of the map: projection, places, layers, symbols, base maps. */
import { ask } from "../http";

export interface Bilingual {
  zh: string;
  en: string;
}

/** How a layer is drawn; the symbols of the data standard (图示). */
export interface Symbol {
  line: string;
  width: number;
  order: number;
  dash: string;
  fill: string;
  alpha: number;
  hatch: string;
  core: string;
  core_dash: string;
  teeth: boolean;
  label: boolean;
}

/** How evidence of an outcome is drawn (结果配色). */
export interface OutcomeStyle {
  fill: string;
  text: string;
  alpha: number;
  hatch: string;
  width: number;
}

/** A layer of the tree. ``id`` is unique and goes into links. */
export interface LayerEntry {
  id: string;
  kind: "plan" | "constraint" | "cases" | "counties" | "graticule";
  code: string;
  symbol: string;
  name: Bilingual;
  count: number;
  geometry: "polygon" | "line" | "point";
  on: boolean;
  source: string;
  act: string;
  from: string;
  to: string;
  schematic: boolean;
  sha256: string;
  tiles: string[];
  versions: { sha256: string; act: string; from: string; to: string; tiles: string[]; count: number }[];
}

export interface LayerGroup {
  id: string;
  name: Bilingual;
  layers: LayerEntry[];
}

export interface BaseMapEntry {
  id: string;
  name: string;
  kind: "wmts" | "wms" | "xyz";
  url: string;
  layer: string;
  matrix: string;
  style: string;
  format: string;
  projection: string;
  attribution: string;
  min_zoom: number;
  max_zoom: number;
  on: boolean;
}

export interface MapSetup {
  projection: "EPSG:4490" | "EPSG:3857";
  home: [number, number, number, number];
  counties: object;
  plan: { code: string; name: Bilingual } | null;
  date: string;
  recorded: string;
  groups: LayerGroup[];
  symbols: Record<string, Symbol>;
  outcomes: Record<string, OutcomeStyle>;
  baseMaps: BaseMapEntry[];
}

/** Which plan, as of which day of law (``date``) and which recorded moment. */
export interface AsOf {
  plan?: string;
  date?: string;
  recorded?: string;
}

/** Parameters of a request as of a date. */
export function asOfQuery(asOf: AsOf): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(asOf)) if (value) query.set(key, value);
  return query;
}

/** Ask the server for the setup of the map. */
export function fetchSetup(asOf: AsOf = {}): Promise<MapSetup> {
  return ask<MapSetup>(`/map/setup?${asOfQuery(asOf)}`);
}
