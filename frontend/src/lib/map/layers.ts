/** Layers of the server: plan layers, cases, constraint layers as GeoJSON or vector tiles. */
import type { Feature } from "ol";
import { createEmpty, extend, isEmpty } from "ol/extent";
import GeoJSON from "ol/format/GeoJSON";
import MVT from "ol/format/MVT";
import VectorLayer from "ol/layer/Vector";
import VectorTileLayer from "ol/layer/VectorTile";
import { bbox as byBox, all as everything } from "ol/loadingstrategy";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import VectorTileSource from "ol/source/VectorTile";
import TileGrid from "ol/tilegrid/TileGrid";
import { ask } from "../http";
import { asOfQuery, type AsOf, type LayerEntry, type MapSetup } from "./setup";
import { styleNamed } from "./styles";

/** Features that are sent at once; larger layers are asked for by window or come as tiles. */
const AT_ONCE = 2000;
const WORLD = 20037508.342789244;
const LEVELS = 15;

export type DataLayer = VectorLayer | VectorTileLayer;

/** Reader and writer between lon/lat EPSG:4490 and the view. */
export function geojson(projection: string): GeoJSON {
  return new GeoJSON({ dataProjection: "EPSG:4490", featureProjection: projection });
}

/** The quadtree of the library's vector tiles: Mercator, or the square of 360° around 0, 0. */
export function tileGrid(projection: string): TileGrid {
  const half = projection === "EPSG:3857" ? WORLD : 180;
  return new TileGrid({
    extent: [-half, -half, half, half],
    origin: [-half, half],
    tileSize: 512,
    minZoom: 0,
    resolutions: Array.from({ length: LEVELS }, (_, level) => (2 * half) / 512 / 2 ** level),
  });
}

/** Where the features of an entry come from. */
function address(entry: LayerEntry): string {
  if (entry.kind === "cases") return "/map/cases";
  if (entry.kind === "plan") return `/map/features/${encodeURIComponent(entry.code)}`;
  return `/map/layers/${entry.code}/${entry.sha256}/features`;
}

/** A layer of the tree that loads itself; failures are told to ``failed``. */
export function serverLayer(
  setup: MapSetup,
  entry: LayerEntry,
  asOf: AsOf,
  failed: (error: unknown) => void,
): DataLayer {
  const matrix = setup.projection === "EPSG:3857" ? "w" : "c";
  const common = {
    style: styleNamed(setup, entry.symbol),
    zIndex: setup.symbols[entry.symbol]?.order ?? 24,
    properties: { id: entry.id, entry },
  };
  if (entry.kind === "constraint" && entry.tiles.includes(matrix)) {
    return new VectorTileLayer({
      ...common,
      renderMode: "hybrid",
      source: new VectorTileSource({
        format: new MVT({ layers: ["features", "overview"] }),
        projection: setup.projection,
        tileGrid: tileGrid(setup.projection),
        url: `/map/layers/${entry.code}/${entry.sha256}/tiles/${matrix}/{z}/{x}/{y}.pbf`,
      }),
    });
  }
  const whole = entry.count <= AT_ONCE;
  const source: VectorSource = new VectorSource({
    strategy: whole ? everything : byBox,
    loader: (extent, _resolution, _projection, success, failure) => {
      const query = entry.kind === "constraint" ? new URLSearchParams() : asOfQuery(asOf);
      if (!whole) {
        const box = transformExtent(extent, setup.projection, "EPSG:4490");
        query.set("bbox", box.map((side) => side.toFixed(7)).join(","));
      }
      ask<object>(`${address(entry)}?${query}`)
        .then((answer) => {
          const features = geojson(setup.projection).readFeatures(answer) as Feature[];
          source.addFeatures(features);
          success?.(features);
        })
        .catch((error) => {
          source.removeLoadedExtent(extent);
          failure?.();
          failed(error);
        });
    },
  });
  return new VectorLayer({
    ...common,
    source,
    declutter: "names",
    minZoom: whole ? undefined : 10,
  });
}

/** The extent of all features of some layers in the view's units; null where there is none. */
export function extentOf(sources: (VectorSource | null | undefined)[]): number[] | null {
  const extent = createEmpty();
  for (const source of sources) if (source?.getFeatures().length) extend(extent, source.getExtent() ?? []);
  return isEmpty(extent) ? null : extent;
}
