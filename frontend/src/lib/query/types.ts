/** Queries, sources and results as the server speaks of them (minplan.inquiry.told). */
export interface Bilingual {
  zh: string;
  en: string;
}

export type Value = string | number | boolean;

export interface Condition {
  field: string;
  operator: string;
  values: Value[];
}

export interface Ground {
  relation: string;
  layer?: string;
  key?: string;
  name?: string;
  share?: number;
  shape?: object;
}

export interface Query {
  source: string;
  conditions?: Condition[];
  match?: string;
  ground?: Ground;
  columns?: string[];
  sort?: { field: string; descending: boolean }[];
  pivot?: { rows: string; columns: string; sum: string };
  date?: string;
}

export interface Field {
  code: string;
  name: Bilingual;
  kind: "text" | "number" | "date" | "flag" | "code";
  unit: string;
  decimals: number;
  usual: boolean;
  additive: boolean;
  codes: { value: string; name: Bilingual }[];
  operators: string[];
}

export interface SourceCard {
  id: string;
  name: Bilingual;
  group: Bilingual;
  geometry: string;
  count: number | null;
  schematic: boolean;
}

export interface Source extends SourceCard {
  county: string;
  title: string;
  fields: Field[];
}

export interface Row {
  key: string | number;
  values: Record<string, Value | null>;
  geometry?: object | null;
}

export interface Page {
  query: Query;
  words: Bilingual;
  columns: Field[];
  rows: Row[];
  next: string;
}

export interface Totals {
  count: number;
  drawn: number;
  sums: { field: string; name: Bilingual; unit: string; sum: number; count: number; decimals: number }[];
  reasons?: { condition: number; words: Bilingual; alone: number; without: number }[];
}

export type Cell = [number, number | null] | null;

export interface PivotTable {
  rows: { value: Value | null; name: Bilingual }[];
  columns: { value: Value | null; name: Bilingual }[];
  cells: Cell[][];
  by_row: Cell[];
  by_column: Cell[];
  row_field: Field;
  column_field: Field | null;
  sum_field: Field | null;
}

export interface Saved {
  id: number;
  name: string;
  shared: boolean;
  own: boolean;
  owner: string;
  query: Query;
}
