/** The page as one thing: the map, what is shown on it, and the address that says so. */
import { showProblem } from "../../http";
import { SELECTED } from "../styles";
import type { MapHandle } from "../map";
import { byId, el } from "../../dom";
import { iconButton } from "./dom";
import { format, parse, type MapState } from "./state";
import { t } from "../../words";

type Listener = () => void;

/** What the parts of the page share. */
export class OneMap {
  readonly opacities = new Map<string, number>();
  selected: string | undefined;
  swipe: string | undefined;
  position = 0.5;
  /** Layers that a comparison stands for: hidden on the map, still shown by the address. */
  compared: string[] = [];
  private readonly listeners: Listener[] = [];
  private restoring = false;
  private timer = 0;
  private closing: Listener | undefined;

  constructor(
    readonly handle: MapHandle,
    readonly asOf: { date?: string; recorded?: string },
  ) {
    handle.map.on("moveend", () => this.remember());
  }

  /** Parameters of requests that depend on the date. */
  query(values: Record<string, string | number> = {}): URLSearchParams {
    const query = new URLSearchParams();
    const all = { ...this.asOf, ...values };
    for (const [key, value] of Object.entries(all)) if (value) query.set(key, String(value));
    return query;
  }

  /** Be told whenever layers or the selection change. */
  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  changed(): void {
    for (const listener of this.listeners) listener();
    this.remember();
  }

  // -- layers --------------------------------------------------------------------------------

  isShown(id: string): boolean {
    if (id === "counties") return this.handle.counties.getVisible();
    const base = this.baseLayer(id);
    if (base) return base.getVisible();
    if (this.compared.includes(id)) return true;
    return this.handle.layer(id)?.getVisible() ?? false;
  }

  show(id: string, shown: boolean): void {
    this.compared = this.compared.filter((other) => other !== id);
    const base = id === "counties" ? this.handle.counties : this.baseLayer(id);
    if (base) base.setVisible(shown);
    else if (shown) this.handle.addPlanLayer(id, (this.opacities.get(id) ?? 100) / 100);
    else this.handle.layer(id)?.setVisible(false);
    this.changed();
  }

  /** Show a layer and no other of the tree. */
  showOnly(id: string): void {
    for (const other of this.handle.visible) if (other !== id) this.handle.layer(other)?.setVisible(false);
    this.show(id, true);
  }

  setOpacity(id: string, percent: number): void {
    this.opacities.set(id, percent);
    this.handle.layer(id)?.setOpacity(percent / 100);
    this.remember();
  }

  baseLayer(id: string) {
    return this.handle.map
      .getLayers()
      .getArray()
      .find((layer) => layer.get("id") === id && (id.startsWith("base-") || id === "graticule"));
  }

  // -- selection -----------------------------------------------------------------------------

  /** Mark a feature; ``geometry`` in lon/lat. */
  select(id: string | undefined, geometry?: object | null): void {
    this.selected = id;
    this.handle.remove("selected");
    if (geometry) this.handle.addGeometry("selected", geometry, SELECTED);
    this.changed();
  }

  // -- the panel on the right ----------------------------------------------------------------

  /** Fill the panel; ``closed`` runs when it is closed or filled by somebody else. */
  panel(title: string, content: (Node | null)[], closed?: Listener): HTMLElement {
    this.closePanel(false);
    this.closing = closed;
    const panel = byId("om-panel");
    const heading = el("h2", { tabindex: -1 }, title);
    panel.replaceChildren(
      el(
        "div",
        { class: "om-panel-head" },
        heading,
        iconButton("x", t("关闭（Esc）", "close (Esc)"), () => this.closePanel()),
      ),
      ...content.filter((item): item is Node => item !== null),
    );
    panel.hidden = false;
    document.body.classList.remove("om-show-layers");
    return panel;
  }

  closePanel(hide = true): void {
    const closing = this.closing;
    this.closing = undefined;
    closing?.();
    if (hide) byId("om-panel").hidden = true;
  }

  fail(error: unknown): void {
    showProblem(error);
  }

  // -- the address ---------------------------------------------------------------------------

  state(): MapState {
    const view = this.handle.map.getView();
    const [lon, lat] = this.handle.toLonLat(view.getCenter() ?? [0, 0]);
    const base = this.handle.setup.baseMaps.filter((item) => this.isShown(item.id));
    return {
      zoom: view.getZoom(),
      lat,
      lon,
      layers: new Map(
        [...this.handle.visible, ...this.compared]
          .filter((id) => !id.includes("|"))
          .map((id) => [id, this.opacities.get(id) ?? 100]),
      ),
      selected: this.selected,
      swipe: this.swipe,
      position: this.position,
      ...this.asOf,
      base: this.handle.setup.baseMaps.length ? base.map((item) => item.id) : undefined,
    };
  }

  /** Write the address soon, so that back and forward go through what was looked at. */
  remember(): void {
    if (this.restoring) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const fragment = format(this.state());
      if (fragment === location.hash) return;
      if (parse(location.hash).zoom === undefined) history.replaceState(null, "", fragment);
      else history.pushState(null, "", fragment);
    }, 400);
  }

  /** Show what a fragment says; ``first`` also where it says nothing. */
  restore(state: MapState, first = false): void {
    this.restoring = true;
    try {
      const entries = this.handle.setup.groups.flatMap((group) => group.layers);
      const layers =
        state.layers ?? (first ? new Map(entries.filter((e) => e.on).map((e) => [e.id, 100])) : null);
      if (layers) this.restoreLayers(layers);
      for (const item of this.handle.setup.baseMaps)
        if (state.base) this.baseLayer(item.id)?.setVisible(state.base.includes(item.id));
      if (state.zoom !== undefined && state.lat !== undefined && state.lon !== undefined) {
        const view = this.handle.map.getView();
        view.setCenter(this.handle.fromLonLat([state.lon, state.lat]));
        view.setZoom(state.zoom);
      }
      for (const listener of this.listeners) listener();
    } finally {
      // the moves this causes end later
      window.setTimeout(() => {
        this.restoring = false;
        if (first) this.remember();
      }, 600);
    }
  }

  private restoreLayers(layers: Map<string, number>): void {
    for (const id of this.handle.visible) if (!layers.has(id)) this.handle.layer(id)?.setVisible(false);
    for (const [id, opacity] of layers) {
      this.opacities.set(id, opacity);
      this.handle.addPlanLayer(id, opacity / 100);
    }
  }
}
