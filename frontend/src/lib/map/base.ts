/** What lies under everything: base maps by configuration, counties, graticule. */
import type { Feature } from "ol";
import Graticule from "ol/layer/Graticule";
import TileLayer from "ol/layer/Tile";
import VectorLayer from "ol/layer/Vector";
import GeoJSON from "ol/format/GeoJSON";
import TileWMS from "ol/source/TileWMS";
import VectorSource from "ol/source/Vector";
import WMTS from "ol/source/WMTS";
import XYZ from "ol/source/XYZ";
import { Fill, Stroke, Text } from "ol/style";
import WMTSTileGrid from "ol/tilegrid/WMTS";
import { t } from "../words";
import { dms } from "./projections";
import type { BaseMapEntry, MapSetup } from "./setup";
import { symbolStyle } from "./styles";

const WORLD = 20037508.342789244;

/** The matrix sets that Chinese map services share: c (EPSG:4490) and w (Mercator). */
export function matrixGrid(projection: string, minZoom: number, maxZoom: number): WMTSTileGrid {
  const geographic = projection !== "EPSG:3857";
  const levels = Array.from({ length: maxZoom + 1 }, (_, level) => level).filter(
    (level) => level >= Math.max(minZoom, geographic ? 1 : 0),
  );
  const zero = geographic ? 360 / 256 : (2 * WORLD) / 256;
  return new WMTSTileGrid({
    origin: geographic ? [-180, 90] : [-WORLD, WORLD],
    resolutions: levels.map((level) => zero / 2 ** level),
    matrixIds: levels.map(String),
    tileSize: 256,
  });
}

/** A base map as a layer; OpenLayers reprojects pictures where the view differs. */
export function baseLayer(entry: BaseMapEntry): TileLayer {
  const projection = entry.projection;
  const attributions = entry.attribution || undefined;
  const geographic = projection !== "EPSG:3857";
  const common = { projection, attributions, crossOrigin: "anonymous" as const };
  const source =
    entry.kind === "wmts"
      ? new WMTS({
          ...common,
          url: entry.url,
          requestEncoding: /\{TileMatrix\}/i.test(entry.url) ? "REST" : "KVP",
          layer: entry.layer,
          matrixSet: entry.matrix || (geographic ? "c" : "w"),
          style: entry.style,
          format: entry.format,
          tileGrid: matrixGrid(projection, entry.min_zoom, entry.max_zoom),
        })
      : entry.kind === "wms"
        ? new TileWMS({
            ...common,
            url: entry.url,
            params: { LAYERS: entry.layer, FORMAT: entry.format, STYLES: entry.style === "default" ? "" : entry.style },
          })
        : new XYZ({ ...common, url: entry.url, maxZoom: entry.max_zoom });
  return new TileLayer({ source, visible: entry.on, zIndex: 0, properties: { id: entry.id } });
}

/** County outlines that came with the setup: the map is never empty, even without a network. */
export function countyLayer(setup: MapSetup): VectorLayer {
  const features = new GeoJSON().readFeatures(setup.counties, {
    dataProjection: "EPSG:4490",
    featureProjection: setup.projection,
  }) as Feature[];
  return new VectorLayer({
    source: new VectorSource({ features }),
    style: symbolStyle(setup.symbols.county, true),
    declutter: "names",
    // lines without a fill: above the zones, so that names of counties come first
    zIndex: 45,
    properties: { id: "counties", title: t("县（区）界", "counties") },
  });
}

/** Lines of longitude and latitude with their figures on the edge. */
export function graticuleLayer(): Graticule {
  const label = {
    font: '11px "Microsoft YaHei","Noto Sans SC",sans-serif',
    fill: new Fill({ color: "#55606b" }),
    stroke: new Stroke({ color: "#ffffff", width: 3 }),
  };
  const figure = (value: number) => dms(value, 0).replace(/00″$/, "").replace(/00′$/, "");
  return new Graticule({
    strokeStyle: new Stroke({ color: "rgba(85,96,107,0.35)", width: 1, lineDash: [2, 4] }),
    showLabels: true,
    wrapX: false,
    targetSize: 140,
    intervals: [10, 5, 2, 1, 0.5, 1 / 4, 1 / 6, 1 / 12, 1 / 30, 1 / 60, 1 / 120, 1 / 360, 1 / 720],
    lonLabelFormatter: figure,
    latLabelFormatter: figure,
    lonLabelStyle: new Text({ ...label, textBaseline: "bottom" }),
    latLabelStyle: new Text({ ...label, textAlign: "end" }),
    zIndex: 4,
    properties: { id: "graticule" },
  });
}
