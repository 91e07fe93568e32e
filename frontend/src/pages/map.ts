/** The one map (一张图). */
import "../styles/onemap.css";
import { clearProblems, showProblem } from "../lib/http";
import { onKey } from "../lib/keys";
import { createMap, type Tool } from "../lib/map";
import { startApplies } from "../lib/map/page/applies";
import { bindAsOf, otherDate } from "../lib/map/page/asof";
import { byId } from "../lib/dom";
import { bindIdentify, openFeature } from "../lib/map/page/identify";
import { startMeasure } from "../lib/map/page/measuring";
import { OneMap } from "../lib/map/page/page";
import { printForm } from "../lib/map/page/print";
import { bindSearch } from "../lib/map/page/search";
import { parse } from "../lib/map/page/state";
import { startSwipe, stopSwipe, swipeForm, swiping } from "../lib/map/page/swipe";
import { bindTable } from "../lib/map/page/table";
import { buildTree } from "../lib/map/page/tree";
import { showViews } from "../lib/map/page/views";

async function start(): Promise<void> {
  const state = parse(location.hash);
  const asOf = { date: state.date, recorded: state.recorded };
  const handle = await createMap("map", { asOf, layers: [], readout: byId("om-readout") });
  const page = new OneMap(handle, asOf);
  page.position = state.position ?? 0.5;
  buildTree(page);
  bindSearch(page);
  bindAsOf(page);
  const table = bindTable(page);
  bindTools(page, table.toggle);
  page.restore(state, true);
  if (state.swipe) startSwipe(page, state.swipe);
  if (state.selected) openFeature(page, state.selected, state.zoom === undefined);
  window.addEventListener("popstate", () => follow(page));
  document.body.dataset.map = "ready";
}

/** Back and forward, or a link to another view. */
function follow(page: OneMap): void {
  if (otherDate(page)) {
    location.reload();
    return;
  }
  const state = parse(location.hash);
  page.position = state.position ?? page.position;
  if (swiping()) stopSwipe(page);
  page.restore(state);
  if (state.swipe) startSwipe(page, state.swipe);
  if (state.selected !== page.selected) {
    if (state.selected) openFeature(page, state.selected, false);
    else page.closePanel();
  }
}

/** Buttons of the bar and their keys. */
function bindTools(page: OneMap, toggleTable: () => void): void {
  let tool: Tool | undefined;
  const put = () => {
    tool?.stop();
    tool = undefined;
    clearProblems();
    mark("");
  };
  const use = (name: string, begin: () => Tool) => {
    const again = pressed(name);
    put();
    if (again) return;
    tool = begin();
    mark(name);
  };
  const layers = () => {
    const shown = document.body.classList.toggle("om-show-layers");
    byId("om-layers").classList.toggle("om-away");
    if (shown || !byId("om-layers").classList.contains("om-away")) byId("om-filter").focus();
    page.handle.map.updateSize();
  };
  const acts: Record<string, () => void> = {
    layers,
    home: () => page.handle.zoomTo("home"),
    distance: () => use("distance", () => startMeasure(page, "LineString")),
    area: () => use("area", () => startMeasure(page, "Polygon")),
    applies: () => use("applies", () => startApplies(page)),
    swipe: () => (swiping() ? stopSwipe(page) : (put(), swipeForm(page))),
    table: toggleTable,
    views: () => (put(), void showViews(page)),
    print: () => (put(), printForm(page)),
  };
  for (const [name, act] of Object.entries(acts))
    byId(`om-tool-${name}`).addEventListener("click", act);
  const keys: Record<string, () => void> = {
    f: acts.home,
    l: layers,
    s: acts.swipe,
    p: acts.print,
    t: toggleTable,
    "[": () => history.back(),
    "]": () => history.forward(),
  };
  for (const [key, act] of Object.entries(keys)) onKey(key, act);
  onKey("Escape", () => {
    // while something is drawn Esc takes its last corner back
    if (!tool) page.closePanel();
  });
  bindIdentify(page, () => tool !== undefined);
  // a panel that was closed by its own button ends its tool
  new MutationObserver(() => {
    if (byId("om-panel").hidden && tool) put();
  }).observe(byId("om-panel"), { attributes: true });
}

function pressed(name: string): boolean {
  return byId(`om-tool-${name}`).getAttribute("aria-pressed") === "true";
}

function mark(name: string): void {
  for (const tool of ["distance", "area", "applies"])
    byId(`om-tool-${tool}`).setAttribute("aria-pressed", String(tool === name));
}

start().catch(showProblem);
