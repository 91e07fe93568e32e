/** The map of the intake: the ground with numbered corners, drawing, dragging, evidence. */
import { Feature } from "ol";
import { Point } from "ol/geom";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import { Circle, Fill, Stroke, Style, Text } from "ol/style";
import {
  createMap,
  drawPolygon,
  modifyShape,
  snapTo,
  toZone,
  type MapHandle,
  type Sketch,
  type Tool,
} from "../map";
import { t } from "../words";
import { byId } from "../dom";
import type { Draft } from "./draft";
import type { Finding, Suggestion } from "./model";
import { geometryOf, openRing, partsOf, type Geometry, type Position, type Rings } from "./model";

const BLOCK = "intake-block";
/** Layers whose corners a new ground may be snapped to. */
const NEIGHBOURS = ["mining-right", "exploration-right", "KAIGHQK", "KCGHQK", "JZKCQ"];
const MOST_NUMBERS = 120;

export type DrawMode = "new" | "part" | "hole";

export interface MapActions {
  drag: (geometry: Geometry) => void;
  drawing: (mode: DrawMode | null) => void;
}

export class IntakeMap {
  private modify: Tool | null = null;
  private drawing: Tool | null = null;
  private snapping: Tool | null = null;
  private moving = false;
  private readonly corners = new VectorSource();
  private evidence: string[] = [];

  private constructor(
    readonly handle: MapHandle,
    private readonly draft: Draft,
    private readonly actions: MapActions,
  ) {
    handle.map.addLayer(
      new VectorLayer({
        source: this.corners,
        zIndex: 230,
        style: (feature) =>
          new Style({
            image: new Circle({
              radius: feature.get("flash") ? 9 : 4.5,
              fill: new Fill({ color: feature.get("flash") ? "#00A3FF" : "#fff" }),
              stroke: new Stroke({ color: "#1F2933", width: 1.5 }),
            }),
            text: new Text({
              text: String(feature.get("number") ?? ""),
              font: "bold 12px sans-serif",
              offsetX: 10,
              offsetY: -10,
              fill: new Fill({ color: "#1F2933" }),
              stroke: new Stroke({ color: "#fff", width: 3 }),
            }),
          }),
      }),
    );
  }

  static async create(draft: Draft, actions: MapActions): Promise<IntakeMap> {
    const handle = await createMap(byId("map"), {
      label: t("范围与周边的地图；坐标也可在拐点表中填写", "map of the ground and around it; corners can be typed into the table as well"),
    });
    return new IntakeMap(handle, draft, actions);
  }

  /** Show the ground of the draft as it is now, corners to be dragged. */
  show(): void {
    if (this.moving) return;
    this.modify?.stop();
    this.modify = null;
    const { geometry, original } = this.draft.content;
    this.handle.remove("intake-original");
    if (original)
      this.handle.addGeometry("intake-original", original.geometry, { line: "#5F6670", width: 1.5, dash: [5, 5], alpha: 0 });
    this.numbers(geometry);
    if (!geometry) {
      this.handle.remove(BLOCK);
      return;
    }
    this.handle.addGeometry(BLOCK, geometry, { line: "#1F2933", width: 2.5, fill: "#FFFFFF", alpha: 0.2 });
    this.modify = modifyShape(this.handle, BLOCK, {
      onDrag: (sketch) => {
        this.moving = true;
        this.numbers(sketch.geometry as Geometry);
        this.actions.drag(sketch.geometry as Geometry);
      },
      onEnd: (sketch) => {
        this.moving = false;
        this.draft.setGround(sketch.geometry as Geometry, this.draft.content.system, true);
      },
    });
    this.snap(byId<HTMLInputElement>("snap").checked);
  }

  /** Snap to neighbours, or not; the interaction must come last to take effect. */
  snap(on: boolean): void {
    this.snapping?.stop();
    this.snapping = on ? snapTo(this.handle, this.neighbours()) : null;
  }

  private neighbours(): string[] {
    return NEIGHBOURS.map((code) => this.handle.entry(code)?.id).filter((id): id is string => !!id && !!this.handle.layer(id));
  }

  zoom(): void {
    if (this.draft.content.geometry) this.handle.zoomTo(this.draft.content.geometry);
    else this.handle.zoomTo("home");
  }

  // -- drawing --------------------------------------------------------------------------------------

  /** Begin to draw a new ground, a further part, or a hole; the same again ends it. */
  draw(mode: DrawMode): void {
    const again = this.drawing !== null;
    this.stopDrawing();
    if (again) return;
    this.modify?.stop();
    this.modify = null;
    const snap = byId<HTMLInputElement>("snap").checked ? this.neighbours() : [];
    this.drawing = drawPolygon(this.handle, {
      snap,
      onEnd: (sketch) => {
        // the tool may only be put away once its own handlers are through
        window.setTimeout(() => {
          this.stopDrawing();
          this.drawn(mode, sketch);
        });
      },
    });
    this.actions.drawing(mode);
  }

  private stopDrawing(): void {
    this.drawing?.stop();
    this.drawing = null;
    this.actions.drawing(null);
    if (this.draft.content.geometry && !this.modify) this.show();
  }

  private drawn(mode: DrawMode, sketch: Sketch): void {
    const rings = (sketch.geometry as Geometry).coordinates as Rings;
    const parts = partsOf(this.draft.content.geometry);
    const zone = String(toZone(rings[0][0]).zone);
    if (mode === "new" || !parts.length) {
      this.draft.setGround(sketch.geometry as Geometry, zone, false, {
        source: { kind: "draw" },
        reading: null,
        blocks: [],
        chosen: 0,
      });
      return;
    }
    const system = this.draft.content.system;
    if (mode === "part") this.draft.setGround(geometryOf([...parts, rings]), system, true);
    else {
      const index = Math.max(0, parts.findIndex((part) => inside(rings[0][0], part[0])));
      const cut = parts.map((part, i) => (i === index ? [...part, rings[0]] : part));
      this.draft.setGround(geometryOf(cut), system, true);
    }
  }

  // -- what is beside the ground ----------------------------------------------------------------------

  private numbers(geometry: Geometry | null): void {
    this.corners.clear();
    const rings = partsOf(geometry).flat();
    if (rings.reduce((sum, ring) => sum + ring.length, 0) > MOST_NUMBERS) return;
    for (const ring of rings)
      openRing(ring).forEach((corner, index) => {
        const feature = new Feature(new Point(this.handle.fromLonLat(corner)));
        feature.set("number", index + 1);
        this.corners.addFeature(feature);
      });
  }

  /** Make a corner stand out while its row has the focus. */
  flash(corner: Position | null): void {
    const wanted = corner ? this.handle.fromLonLat(corner) : null;
    for (const feature of this.corners.getFeatures()) {
      const place = (feature.getGeometry() as Point).getCoordinates();
      const same = !!wanted && Math.hypot(place[0] - wanted[0], place[1] - wanted[1]) < 1e-9;
      feature.set("flash", same);
    }
  }

  /** Show the ground of conflicts; what else was found shows when it is pointed at. */
  showEvidence(findings: Finding[]): void {
    for (const id of this.evidence) this.handle.remove(id);
    this.evidence = [];
    const features = findings
      .filter((item) => item.outcome === "conflict" && item.decides)
      .flatMap((item) => item.evidence)
      .filter((item) => item.geometry && item.area_m2 && !item.sliver)
      .map((item) => ({ type: "Feature", properties: {}, geometry: item.geometry }));
    if (!features.length) return;
    const id = "intake-conflict";
    this.handle.addGeometry(id, { type: "FeatureCollection", features }, { outcome: "conflict" });
    this.handle.layer(id)?.setZIndex(180);
    this.evidence.push(id);
  }

  /** Show one finding's evidence strongly, and go there; null puts it out again. */
  locate(finding: Finding | null, zoom = false): void {
    this.handle.remove("intake-located");
    const features = (finding?.evidence ?? [])
      .filter((item) => item.geometry)
      .map((item) => ({ type: "Feature", properties: {}, geometry: item.geometry }));
    if (!features.length) return;
    this.handle.addGeometry("intake-located", { type: "FeatureCollection", features }, { line: "#00A3FF", width: 4, fill: "#00A3FF", alpha: 0.15 });
    if (zoom) this.handle.zoomTo(["intake-located", BLOCK]);
  }

  showSuggestion(suggestion: Suggestion | null | undefined): void {
    this.handle.remove("intake-suggestion");
    if (suggestion)
      this.handle.addGeometry("intake-suggestion", suggestion.geometry, { line: "#1D6FB8", width: 2, dash: [8, 4], fill: "#1D6FB8", alpha: 0.08 });
  }
}

/** Whether a point lies inside a ring (even-odd rule). */
function inside([x, y]: Position, ring: Position[]): boolean {
  let within = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}
