/** OpenLayers styles of the symbols the server sends; nothing is coloured anywhere else. */
import type { FeatureLike } from "ol/Feature";
import MultiLineString from "ol/geom/MultiLineString";
import type Polygon from "ol/geom/Polygon";
import type MultiPolygon from "ol/geom/MultiPolygon";
import { asArray } from "ol/color";
import { Circle, Fill, Stroke, Style, Text } from "ol/style";
import type { MapSetup, OutcomeStyle, Symbol } from "./setup";

export type StyleFunction = (feature: FeatureLike, resolution: number) => Style[];

/** What else a geometry may be drawn with: a look of our own for drafts and measures. */
export interface Look {
  line: string;
  width?: number;
  dash?: number[];
  fill?: string;
  alpha?: number;
  hatch?: string;
  label?: string;
  corners?: boolean;
}

const FONT = '"Microsoft YaHei","Noto Sans SC","Source Han Sans SC","Minplan Sans SC",sans-serif';
const DASHES: Record<string, number[] | undefined> = {
  dash: [7, 4],
  "long-dash": [13, 5],
  "dash-dot": [10, 4, 2, 4],
};
/** Ticks of one feature that are drawn at most; beyond them the line alone must do. */
const MOST_TICKS = 3000;

/** A colour with an alpha. */
export function tint(colour: string, alpha: number): string {
  const [red, green, blue] = asArray(colour);
  return `rgba(${red},${green},${blue},${alpha})`;
}

const patterns = new Map<string, CanvasPattern | null>();

/** A repeating pattern of strokes on an optional ground; hatch words as in the symbols. */
export function pattern(hatch: string, line: string, ground = ""): CanvasPattern | null {
  const key = `${hatch} ${line} ${ground}`;
  if (!patterns.has(key)) patterns.set(key, makePattern(hatch, line, ground));
  return patterns.get(key) ?? null;
}

function makePattern(hatch: string, line: string, ground: string): CanvasPattern | null {
  const ratio = Math.max(1, Math.round(window.devicePixelRatio || 1));
  const dense = hatch.length > 2 || hatch === "o";
  const size = (dense ? 7 : 10) * ratio;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  if (!context) return null;
  if (ground) {
    context.fillStyle = ground;
    context.fillRect(0, 0, size, size);
  }
  context.strokeStyle = context.fillStyle = tint(line, 0.65);
  context.lineWidth = ratio;
  const stroke = (...points: number[]) => {
    context.beginPath();
    context.moveTo(points[0] * size, points[1] * size);
    context.lineTo(points[2] * size, points[3] * size);
    context.stroke();
  };
  const kinds = new Set(hatch);
  const up = kinds.has("/") || kinds.has("x");
  const down = kinds.has("\\") || kinds.has("x");
  // lines through the corners belong to the tile as well: without them the strokes have gaps
  if (up) for (const sum of [0, 1, 2]) stroke(sum - 2, 2, sum + 1, -1);
  if (down) for (const rise of [-1, 0, 1]) stroke(-1, rise - 1, 2, rise + 2);
  if (kinds.has("|")) stroke(0.5, 0, 0.5, 1);
  if (kinds.has("-")) stroke(0, 0.5, 1, 0.5);
  if (kinds.has(".") || kinds.has("o")) {
    context.beginPath();
    context.arc(size / 2, size / 2, kinds.has("o") ? size / 3.5 : 1.1 * ratio, 0, 7);
    if (kinds.has("o")) context.stroke();
    else context.fill();
  }
  return context.createPattern(canvas, "repeat");
}

function fillOf(fill: string, alpha: number, hatch: string, line: string): Fill | undefined {
  const ground = fill && alpha ? tint(fill, alpha) : "";
  if (hatch) return new Fill({ color: pattern(hatch, line, ground) ?? ground });
  return ground ? new Fill({ color: ground }) : undefined;
}

/** Ticks along the inner side of rings, as on printed control lines. */
function inwardTicks(feature: FeatureLike, resolution: number): MultiLineString | undefined {
  const geometry = feature.getGeometry();
  const type = geometry?.getType();
  if (type !== "Polygon" && type !== "MultiPolygon") return undefined;
  // features of vector tiles have no rings of their own
  if (!("getCoordinates" in (geometry as object))) return undefined;
  const parts =
    type === "Polygon"
      ? [(geometry as Polygon).getCoordinates()]
      : (geometry as MultiPolygon).getCoordinates();
  const [gap, length] = [9 * resolution, 4.5 * resolution];
  const ticks: number[][][] = [];
  for (const rings of parts)
    for (const [index, ring] of rings.entries()) {
      const side = (signedArea(ring) > 0 ? 1 : -1) * (index === 0 ? 1 : -1) * length;
      addTicks(ring, gap, side, ticks);
      if (ticks.length > MOST_TICKS) return undefined;
    }
  return new MultiLineString(ticks);
}

function signedArea(ring: number[][]): number {
  return ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0);
}

function addTicks(ring: number[][], gap: number, side: number, ticks: number[][][]): void {
  let next = gap / 2;
  for (let i = 1; i < ring.length; i += 1) {
    const [x0, y0] = ring[i - 1];
    const [dx, dy] = [ring[i][0] - x0, ring[i][1] - y0];
    const length = Math.hypot(dx, dy);
    for (; next < length && ticks.length <= MOST_TICKS; next += gap) {
      const [x, y] = [x0 + (dx * next) / length, y0 + (dy * next) / length];
      ticks.push([[x, y], [x - (dy / length) * side, y + (dx / length) * side]]);
    }
    next -= length;
  }
}

/** Longer labels stand inside their feature or not at all. */
const SHORT_LABEL = 8;

function labelStyle(symbol: Symbol): Style {
  return new Style({
    text: new Text({
      font: `12px ${FONT}`,
      fill: new Fill({ color: darker(symbol.line) }),
      stroke: new Stroke({ color: "rgba(255,255,255,0.9)", width: 3 }),
      overflow: true,
    }),
    zIndex: symbol.order + 100,
  });
}

function darker(colour: string): string {
  const [red, green, blue] = asArray(colour).map((part) => Math.round(part * 0.68));
  return `rgb(${red},${green},${blue})`;
}

/** The style of a symbol; features say their label as ``label``. */
export function symbolStyle(symbol: Symbol, labelled = symbol.label): StyleFunction {
  const area = new Style({
    fill: fillOf(symbol.fill, symbol.alpha, symbol.hatch, symbol.line),
    stroke: new Stroke({
      color: symbol.line,
      width: symbol.width,
      lineDash: DASHES[symbol.dash],
    }),
    image: new Circle({
      radius: 5,
      fill: new Fill({ color: symbol.fill || symbol.line }),
      stroke: new Stroke({ color: "#fff", width: 1 }),
    }),
    zIndex: symbol.order,
  });
  const styles = [area];
  if (symbol.core)
    styles.push(
      new Style({
        stroke: new Stroke({
          color: symbol.core,
          width: symbol.width * 0.45,
          lineDash: DASHES[symbol.core_dash],
        }),
        zIndex: symbol.order + 0.5,
      }),
    );
  const teeth = new Style({
    stroke: new Stroke({ color: symbol.line, width: Math.max(1, symbol.width * 0.6) }),
    zIndex: symbol.order,
  });
  const label = labelStyle(symbol);
  // from far away the ground of all features together: it ends at the edges of tiles, so no border
  // is drawn, and a single pixel must still be seen
  const ground = new Style({ fill: new Fill({ color: tint(symbol.line, 0.45) }), zIndex: symbol.order });
  return (feature, resolution) => {
    if (feature.get("layer") === "overview" && feature.getGeometry()?.getType().endsWith("Polygon")) return [ground];
    const found = [...styles];
    if (symbol.teeth) {
      const ticks = inwardTicks(feature, resolution);
      if (ticks) {
        teeth.setGeometry(ticks);
        found.push(teeth);
      }
    }
    const text = labelled ? feature.get("label") : "";
    if (text) {
      label.getText()?.setText(String(text));
      // long names only where they fit inside the feature
      label.getText()?.setOverflow(String(text).length <= SHORT_LABEL);
      found.push(label);
    }
    return found;
  };
}

/** The style of a plan layer or constraint layer by the name of its symbol. */
export function styleNamed(setup: MapSetup, name: string): StyleFunction {
  return symbolStyle(setup.symbols[name] ?? setup.symbols.other);
}

/** The style of evidence of an outcome: conflict, attention, clear, not-checked. */
export function outcomeStyle(setup: MapSetup, outcome: string): StyleFunction {
  const look: OutcomeStyle = setup.outcomes[outcome] ?? setup.outcomes["not-checked"];
  const style = new Style({
    fill: fillOf(look.fill, look.alpha, look.hatch, look.fill),
    stroke: new Stroke({
      color: look.fill,
      width: look.width,
      lineDash: outcome === "not-checked" ? [4, 4] : undefined,
    }),
    image: new Circle({
      radius: 5,
      fill: new Fill({ color: look.fill }),
      stroke: new Stroke({ color: "#fff", width: 1.5 }),
    }),
    zIndex: 200,
  });
  return () => [style];
}

/** The style of a look of our own. */
export function lookStyle(look: Look): StyleFunction {
  const area = new Style({
    fill: fillOf(look.fill ?? "", look.alpha ?? 0.15, look.hatch ?? "", look.line),
    stroke: new Stroke({ color: look.line, width: look.width ?? 2, lineDash: look.dash }),
    image: new Circle({
      radius: 6,
      fill: new Fill({ color: look.line }),
      stroke: new Stroke({ color: "#fff", width: 2 }),
    }),
    text: look.label
      ? new Text({
          text: look.label,
          font: `bold 13px ${FONT}`,
          overflow: true,
          fill: new Fill({ color: darker(look.line) }),
          stroke: new Stroke({ color: "#fff", width: 4 }),
        })
      : undefined,
    zIndex: 210,
  });
  return () => [area];
}

/** What a drawn or edited block looks like. */
export const DRAFT: Look = { line: "#1F2933", width: 2.5, fill: "#FFFFFF", alpha: 0.25 };
/** What a selected feature looks like. */
export const SELECTED: Look = { line: "#00A3FF", width: 4, fill: "#00A3FF", alpha: 0.12 };
/** What a measured line or area looks like. */
export const MEASURED: Look = { line: "#6D28D9", width: 2, dash: [6, 4], fill: "#6D28D9", alpha: 0.1 };

/** A small picture of a symbol for legends, as a canvas with a text alternative on its row. */
export function swatch(symbol: Symbol, geometry = "polygon"): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [26 * ratio, 16 * ratio];
  canvas.className = "map-swatch";
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.scale(ratio, ratio);
  context.beginPath();
  if (geometry === "line") {
    context.moveTo(1, 12);
    context.lineTo(25, 4);
  } else context.rect(2, 2, 22, 12);
  if (geometry !== "line" && symbol.fill) {
    context.fillStyle = tint(symbol.fill, Math.max(symbol.alpha, 0.08));
    context.fill();
  }
  if (geometry !== "line" && symbol.hatch) {
    context.fillStyle = pattern(symbol.hatch, symbol.line) ?? "transparent";
    context.fill();
  }
  strokeSwatch(context, symbol.line, symbol.width, symbol.dash);
  if (symbol.core) strokeSwatch(context, symbol.core, symbol.width * 0.45, symbol.core_dash);
  if (symbol.teeth) {
    context.beginPath();
    for (let x = 5; x < 24; x += 5) {
      context.moveTo(x, 2);
      context.lineTo(x, 6);
    }
    strokeSwatch(context, symbol.line, 1.2, "solid");
  }
  return canvas;
}

function strokeSwatch(
  context: CanvasRenderingContext2D,
  colour: string,
  width: number,
  dash: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = Math.min(width, 3);
  context.setLineDash((DASHES[dash] ?? []).map((part) => part * 0.6));
  context.stroke();
  context.setLineDash([]);
}
