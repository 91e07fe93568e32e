/** A map of the plan's ground on OpenLayers; works without any base map and without a network. */
import { Feature, Map as OlMap, View } from "ol";
import { defaults as defaultControls, ScaleLine } from "ol/control";
import { buffer, createEmpty, extend, getHeight, getWidth, isEmpty } from "ol/extent";
import VectorLayer from "ol/layer/Vector";
import { transform, transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import "ol/ol.css";
import "../../styles/map.css";
import { showProblem } from "../http";
import { said, t } from "../words";
import { baseLayer, countyLayer, graticuleLayer } from "./base";
import { geojson, serverLayer, type DataLayer } from "./layers";
import { registerProjections } from "./projections";
import { showReadout } from "./readout";
import { fetchSetup, type AsOf, type LayerEntry, type MapSetup } from "./setup";
import { lookStyle, outcomeStyle, type Look, type StyleFunction } from "./styles";

export interface MapOptions {
  /** The setup where the page has it already; it is asked for otherwise. */
  setup?: MapSetup;
  asOf?: AsOf;
  /** Ids of layers shown from the start; those the server switches on otherwise. */
  layers?: string[];
  /** Where coordinates and scale are written; an element is made otherwise. False: nowhere. */
  readout?: HTMLElement | false;
  /** What screen readers call the map. */
  label?: string;
  /** What happens to a request that fails; the page's place for problems otherwise. */
  failed?: (error: unknown) => void;
}

/** GeoJSON in lon/lat EPSG:4490: a geometry, a feature or a collection. */
export type Geo = object;
/** How a geometry is drawn: a look, or the evidence of an outcome. */
export type GeoStyle = Look | { outcome: string };

/** What pages do with a map. */
export class MapHandle {
  private readonly shown = new Map<string, DataLayer>();
  private readonly drawn = new Map<string, VectorLayer>();

  constructor(
    readonly map: OlMap,
    readonly setup: MapSetup,
    readonly asOf: AsOf,
    readonly counties: VectorLayer,
    private readonly failed: (error: unknown) => void,
  ) {}

  get projection(): string {
    return this.setup.projection;
  }

  /** The entry of the tree with this id, or with this code or name of a layer. */
  entry(id: string): LayerEntry | undefined {
    const all = this.setup.groups.flatMap((group) => group.layers);
    return all.find((item) => item.id === id) ?? all.find((item) => item.code === id);
  }

  /** Show a layer of the tree: a plan layer by its code, a constraint layer by its name. */
  addPlanLayer(code: string, opacity = 1): DataLayer | null {
    const entry = this.entry(code);
    if (!entry) return null;
    const known = this.shown.get(entry.id);
    if (known) {
      known.setVisible(true);
      known.setOpacity(opacity);
      return known;
    }
    return this.addEntry(entry, this.asOf, entry.id, opacity);
  }

  /** Show an entry as of other dates or in another version, under an id of its own. */
  addEntry(entry: LayerEntry, asOf: AsOf, id: string, opacity = 1): DataLayer {
    const layer = serverLayer(this.setup, entry, asOf, this.failed);
    layer.set("id", id);
    layer.setOpacity(opacity);
    this.shown.set(id, layer);
    this.map.addLayer(layer);
    return layer;
  }

  /** The layer with an id: of the tree, or of a geometry that was added. */
  layer(id: string): DataLayer | VectorLayer | undefined {
    return this.shown.get(id) ?? this.drawn.get(id) ?? (id === "counties" ? this.counties : undefined);
  }

  /** Ids of the layers of the tree that are shown now. */
  get visible(): string[] {
    return [...this.shown].filter(([, layer]) => layer.getVisible()).map(([id]) => id);
  }

  /** Draw a geometry; what had this id before is replaced. */
  addGeometry(id: string, geo: Geo, style: GeoStyle): VectorLayer {
    this.remove(id);
    const layer = new VectorLayer({
      source: new VectorSource({ features: geojson(this.projection).readFeatures(geo) as Feature[] }),
      style: this.styleOf(style),
      zIndex: "outcome" in style ? 200 : 210,
      properties: { id },
    });
    this.drawn.set(id, layer);
    this.map.addLayer(layer);
    return layer;
  }

  /** The style function of a look or an outcome. */
  styleOf(style: GeoStyle): StyleFunction {
    return "outcome" in style ? outcomeStyle(this.setup, style.outcome) : lookStyle(style);
  }

  /** The geometry with an id as GeoJSON in lon/lat, as it is now; null when there is none. */
  geometry(id: string): Geo | null {
    const found = this.drawn.get(id)?.getSource()?.getFeatures()[0]?.getGeometry();
    return found
      ? geojson(this.projection).writeGeometryObject(found, { decimals: 10 })
      : null;
  }

  /** Take a layer or a geometry off the map. */
  remove(id: string): void {
    const layer = this.shown.get(id) ?? this.drawn.get(id);
    if (layer) this.map.removeLayer(layer);
    this.shown.delete(id);
    this.drawn.delete(id);
  }

  /** Zoom to ids of geometries, to GeoJSON, to bounds [w, s, e, n] in degrees, or home. */
  zoomTo(where: "home" | string | string[] | [number, number, number, number] | Geo): void {
    const extent = this.extentOf(where);
    if (!extent || isEmpty(extent)) return;
    const room = Math.max(getWidth(extent), getHeight(extent)) * 0.15;
    const least = this.projection === "EPSG:3857" ? 300 : 0.003;
    this.map.getView().fit(buffer(extent, Math.max(room, least)), {
      size: this.map.getSize(),
      maxZoom: 19,
      duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250,
    });
  }

  private extentOf(where: unknown): number[] | null {
    if (where === "home") return transformExtent(this.setup.home, "EPSG:4490", this.projection);
    if (Array.isArray(where) && typeof where[0] === "number")
      return transformExtent(where, "EPSG:4490", this.projection);
    if (typeof where === "string" || Array.isArray(where)) {
      const extent = createEmpty();
      for (const id of [where].flat() as string[]) {
        const source = this.layer(id)?.getSource();
        if (source instanceof VectorSource && source.getFeatures().length)
          extend(extent, source.getExtent() ?? []);
      }
      return extent;
    }
    const extent = createEmpty();
    for (const feature of geojson(this.projection).readFeatures(where) as Feature[]) {
      const geometry = feature.getGeometry();
      if (geometry) extend(extent, geometry.getExtent());
    }
    return extent;
  }

  /** A position of the view as [lon, lat], and back. */
  toLonLat(coordinate: number[]): number[] {
    return transform(coordinate, this.projection, "EPSG:4490");
  }
  fromLonLat(lonlat: number[]): number[] {
    return transform(lonlat, "EPSG:4490", this.projection);
  }
}

/** Make a map in an element (or the element with an id). */
export async function createMap(
  target: HTMLElement | string,
  options: MapOptions = {},
): Promise<MapHandle> {
  const element = typeof target === "string" ? document.getElementById(target) : target;
  if (!element) throw new Error(`no element for the map: ${String(target)}`);
  registerProjections();
  const setup = options.setup ?? (await fetchSetup(options.asOf));
  dress(element, options.label);
  const counties = countyLayer(setup);
  const map = new OlMap({
    target: element,
    controls: controls(),
    layers: [...setup.baseMaps.map(baseLayer), graticuleLayer(), counties],
    view: new View({
      projection: setup.projection,
      minZoom: 4,
      maxZoom: 20,
      center: transform(middle(setup.home), "EPSG:4490", setup.projection),
      zoom: 8,
      constrainResolution: false,
    }),
  });
  const failed = options.failed ?? ((error: unknown) => showProblem(error));
  const handle = new MapHandle(map, setup, options.asOf ?? {}, counties, failed);
  if (options.readout !== false) showReadout(map, options.readout ?? readoutIn(element));
  new ResizeObserver(() => map.updateSize()).observe(element);
  map.updateSize();
  map.getView().fit(transformExtent(setup.home, "EPSG:4490", setup.projection), {
    padding: [24, 24, 32, 24],
  });
  const first = options.layers ?? allEntries(setup).filter((item) => item.on).map((item) => item.id);
  for (const id of first) handle.addPlanLayer(id);
  return handle;
}

function allEntries(setup: MapSetup): LayerEntry[] {
  return setup.groups.flatMap((group) => group.layers);
}

function middle([west, south, east, north]: number[]): number[] {
  return [(west + east) / 2, (south + north) / 2];
}

function dress(element: HTMLElement, label?: string): void {
  element.classList.add("map");
  element.tabIndex = 0;
  element.setAttribute("role", "application");
  element.setAttribute(
    "aria-label",
    label ?? t("地图：方向键平移，+ 和 − 缩放", "map: arrow keys pan, + and − zoom"),
  );
}

function readoutIn(element: HTMLElement): HTMLElement {
  const line = document.createElement("div");
  line.className = "map-readout";
  element.append(line);
  return line;
}

function controls() {
  const titles = {
    zoomInTipLabel: t("放大（+）", "zoom in (+)"),
    zoomOutTipLabel: t("缩小（−）", "zoom out (−)"),
  };
  return defaultControls({
    rotate: false,
    zoomOptions: titles,
    attributionOptions: { tipLabel: t("资料来源", "sources"), collapsible: false },
  }).extend([new ScaleLine({ minWidth: 80 })]);
}

/** A layer's name in the language of the page. */
export function nameOf(entry: LayerEntry): string {
  return said(entry.name);
}
