/** Drawing, moving corners, snapping, measuring; areas are ellipsoidal while the hand moves. */
import { Feature } from "ol";
import type { Coordinate } from "ol/coordinate";
import type { EventsKey } from "ol/events";
import type Interaction from "ol/interaction/Interaction";
import Draw from "ol/interaction/Draw";
import Modify from "ol/interaction/Modify";
import Snap from "ol/interaction/Snap";
import { unByKey } from "ol/Observable";
import VectorSource from "ol/source/Vector";
import type { Geometry } from "ol/geom";
import { areaOf, lineLength } from "./ellipsoid";
import { geojson } from "./layers";
import type { Geo, MapHandle } from "./map";
import { DRAFT, lookStyle, MEASURED, type Look } from "./styles";

/** A tool in use; ``stop`` puts it away and leaves what was drawn. */
export interface Tool {
  stop(): void;
}

export interface Sketch {
  geometry: { type: string; coordinates: unknown };
  /** Ellipsoidal area in m² (0 for lines). */
  area: number;
  /** Length in m of the line, or of the border. */
  length: number;
}

function sketchOf(handle: MapHandle, geometry: Geometry): Sketch {
  const plain = geojson(handle.projection).writeGeometryObject(geometry, { decimals: 10 }) as {
    type: string;
    coordinates: Coordinate[] & Coordinate[][];
  };
  const line = plain.type === "LineString" ? plain.coordinates : (plain.coordinates[0] ?? []);
  return {
    geometry: plain,
    area: areaOf(plain),
    length: plain.type === "MultiPolygon" ? 0 : lineLength(line as Coordinate[]),
  };
}

/** Snapping to layers of the map by their ids; vector tiles cannot be snapped to. */
export function snapTo(handle: MapHandle, ids: string[], pixels = 10): Tool {
  const added: Interaction[] = [];
  for (const id of ids) {
    const source = handle.layer(id)?.getSource();
    if (!(source instanceof VectorSource)) continue;
    const snap = new Snap({ source, pixelTolerance: pixels });
    handle.map.addInteraction(snap);
    added.push(snap);
  }
  return { stop: () => added.forEach((item) => handle.map.removeInteraction(item)) };
}

/** Draw a polygon, line or point; Esc takes the last corner back, double click ends. */
export function drawShape(
  handle: MapHandle,
  options: {
    type?: "Polygon" | "LineString" | "Point";
    look?: Look;
    snap?: string[];
    onMove?: (sketch: Sketch) => void;
    onEnd: (sketch: Sketch) => void;
  },
): Tool {
  const draw = new Draw({
    type: options.type ?? "Polygon",
    style: lookStyle(options.look ?? DRAFT),
    stopClick: true,
  });
  let moving: EventsKey | undefined;
  draw.on("drawstart", (event) => {
    const geometry = event.feature.getGeometry();
    moving = geometry?.on("change", () => options.onMove?.(sketchOf(handle, geometry)));
  });
  draw.on("drawend", (event) => {
    if (moving) unByKey(moving);
    const geometry = event.feature.getGeometry();
    if (geometry) options.onEnd(sketchOf(handle, geometry));
  });
  handle.map.addInteraction(draw);
  const snap = snapTo(handle, options.snap ?? []);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") draw.removeLastPoint();
    if (event.key === "Enter") draw.finishDrawing();
  };
  document.addEventListener("keydown", keys);
  return {
    stop: () => {
      document.removeEventListener("keydown", keys);
      handle.map.removeInteraction(draw);
      snap.stop();
    },
  };
}

/** Draw a polygon. */
export function drawPolygon(
  handle: MapHandle,
  options: {
    snap?: string[];
    look?: Look;
    onMove?: (sketch: Sketch) => void;
    onEnd: (sketch: Sketch) => void;
  },
): Tool {
  return drawShape(handle, { ...options, type: "Polygon" });
}

/**
 * Let the corners of the geometry ``id`` (see MapHandle.addGeometry) be dragged.
 * ``onDrag`` is called at every move of the hand, ``onEnd`` when it lets go. Alt and click takes a
 * corner away.
 */
export function modifyShape(
  handle: MapHandle,
  id: string,
  options: { snap?: string[]; onDrag?: (sketch: Sketch) => void; onEnd?: (sketch: Sketch) => void },
): Tool {
  const source = handle.layer(id)?.getSource();
  if (!(source instanceof VectorSource)) throw new Error(`nothing drawn as ${id}`);
  const modify = new Modify({ source, pixelTolerance: 12, style: lookStyle({ line: "#00A3FF" }) });
  const watched: EventsKey[] = [];
  const unwatch = () => unByKey(watched.splice(0));
  modify.on("modifystart", (event) => {
    unwatch();
    event.features.forEach((feature: Feature) => {
      const geometry = feature.getGeometry();
      if (geometry)
        watched.push(geometry.on("change", () => options.onDrag?.(sketchOf(handle, geometry))));
    });
  });
  modify.on("modifyend", (event) => {
    unwatch();
    const geometry = (event.features.item(0) as Feature | undefined)?.getGeometry();
    if (geometry) options.onEnd?.(sketchOf(handle, geometry));
  });
  handle.map.addInteraction(modify);
  const snap = snapTo(handle, options.snap ?? []);
  return {
    stop: () => {
      unwatch();
      handle.map.removeInteraction(modify);
      snap.stop();
    },
  };
}

/** Measure along a line or inside a polygon; the measure stays on the map as ``measure``. */
export function measure(
  handle: MapHandle,
  type: "LineString" | "Polygon",
  told: (sketch: Sketch, ended: boolean) => void,
): Tool {
  return drawShape(handle, {
    type,
    look: MEASURED,
    onMove: (sketch) => told(sketch, false),
    onEnd: (sketch) => {
      handle.addGeometry("measure", sketch.geometry as Geo, MEASURED);
      told(sketch, true);
    },
  });
}
