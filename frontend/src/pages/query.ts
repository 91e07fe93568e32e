/** Queries: a builder or plain words, the result on the map and as a table, groups, export. */
import "../styles/query.css";
import { ask, clearProblems, Failure, pageData, showProblem } from "../lib/http";
import { createMap, DRAFT, drawPolygon, SELECTED, type MapHandle, type Tool } from "../lib/map";
import { ConditionRow } from "../lib/query/conditions";
import { byId, el, icon } from "../lib/dom";
import { fill, heading } from "../lib/query/dom";
import { ExportBar } from "../lib/query/exporting";
import { GroundEditor } from "../lib/query/ground";
import { bindTabs, PivotView } from "../lib/query/pivot";
import { ResultTable, tellReasons, tellTotals, tellWords } from "../lib/query/results";
import type { Bilingual, Condition, Field, Page, Query, Row, Saved, Source, SourceCard, Totals } from "../lib/query/types";
import { said, t } from "../lib/words";

interface PageData {
  sources: SourceCard[];
  operators: Record<string, Bilingual>;
  formats: { key: string; name: Bilingual }[];
  saved: Saved[];
  query: Query | null;
  text: string;
  mayExport: boolean;
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLButtonElement;

/** Characters of an address that servers take. */
const LONGEST = 3500;
/** Below this width results stand under the builder. */
const NARROW = 992;
const FOUND = { line: "#1d6fb8", width: 2, fill: "#1d6fb8", alpha: 0.25 };

const data = pageData<PageData>("query-data");
const sourceSelect = byId<HTMLSelectElement>("source");
const match = byId<HTMLSelectElement>("match");
const date = byId<HTMLInputElement>("date");
const sort = byId<HTMLSelectElement>("sort");
const told = byId("told");
let source: Source | null = null;
let rows: ConditionRow[] = [];
let sorting: Query["sort"] = [];
let asked: Query | null = null;
let found: Row[] = [];
let cursor = "";
let map: MapHandle | null = null;
let tool: Tool | null = null;
let running: AbortController | null = null;
let filling: AbortController | null = null;
/** What waits until the builder is filled in. */
let held: Control[] = [];

const table = new ResultTable(byId("table"), { chosen: showOnMap, sorted: sortBy, more: () => void nextPage() });
const ground = new GroundEditor(byId("ground"), startDrawing, showArea);
const pivot = new PivotView(byId("pivot"), current, keepAddress);
const exporting = data.mayExport ? new ExportBar(byId("export"), data.formats, () => asked ?? current()) : null;

// -- the builder ----------------------------------------------------------------------------------

function current(): Query {
  const conditions = rows.map((row) => row.condition).filter((item): item is Condition => item !== null);
  const columns = [...byId("columns").querySelectorAll<HTMLInputElement>("input:checked")].map((box) => box.value);
  const usual = source?.fields.filter((item) => item.usual).map((item) => item.code) ?? [];
  const query: Query = { source: sourceSelect.value };
  if (conditions.length) query.conditions = conditions;
  if (match.value === "any") query.match = "any";
  const area = ground.ground;
  if (area) query.ground = area;
  if (columns.length && columns.join() !== usual.join()) query.columns = columns;
  if (sorting?.length) query.sort = sorting;
  if (pivot.open) query.pivot = pivot.pivot;
  if (date.value) query.date = date.value;
  return query;
}

async function chooseSource(id: string, signal: AbortSignal): Promise<void> {
  if (source?.id !== id) {
    const found = await ask<Source>(`/query/source?source=${encodeURIComponent(id)}`);
    signal.throwIfAborted();
    source = found;
  }
  sourceSelect.value = id;
}

/**
 * Nothing can be chosen while the fields of a layer are on their way, except another layer: the
 * one before is then let go, with an AbortError.
 */
async function fillIn(query: Query): Promise<void> {
  filling?.abort();
  const mine = (filling = new AbortController());
  const build = byId<HTMLFormElement>("build");
  build.setAttribute("aria-busy", "true");
  if (!held.length) {
    const controls = [...build.querySelectorAll<Control>("input, select, button")];
    held = controls.filter((item) => item !== sourceSelect && !item.disabled);
    for (const item of held) item.disabled = true;
  }
  try {
    await chooseSource(query.source, mine.signal);
    await offer(query);
    mine.signal.throwIfAborted();
  } finally {
    if (filling === mine) {
      for (const item of held) item.disabled = false;
      held = [];
      build.removeAttribute("aria-busy");
    }
  }
}

async function offer(query: Query): Promise<void> {
  if (!source) return;
  rows = [];
  byId("conditions").replaceChildren();
  for (const item of query.conditions ?? []) addCondition(item);
  match.value = query.match ?? "all";
  date.value = query.date ?? "";
  sorting = query.sort ?? [];
  const chosen = new Set(query.columns ?? source.fields.filter((item) => item.usual).map((item) => item.code));
  byId("columns").replaceChildren(
    ...source.fields.map((item) =>
      el("label", { class: "form-check" },
        el("input", { type: "checkbox", class: "form-check-input", value: item.code, checked: chosen.has(item.code) }),
        el("span", { class: "form-check-label" }, said(item.name)))),
  );
  offerSort();
  ground.enable(Boolean(source.geometry));
  byId("map-card").hidden = !source.geometry;
  pivot.offer(source, query);
  exporting?.offer(source);
  await ground.set(query.ground);
}

function addCondition(start?: Condition): void {
  if (!source) return;
  const row: ConditionRow = new ConditionRow(
    {
      source,
      operators: data.operators,
      removed: () => {
        rows = rows.filter((item) => item !== row);
        row.element.remove();
        byId("add").focus();
      },
    },
    start,
  );
  rows.push(row);
  byId("conditions").append(row.element);
  if (!start) row.element.querySelector("select")?.focus();
}

function offerSort(): void {
  if (!source) return;
  const items = source.fields.flatMap((item) => [
    { value: `${item.code}|`, text: `${heading(item)} ↑` },
    { value: `${item.code}|down`, text: `${heading(item)} ↓` },
  ]);
  const first = sorting?.[0];
  fill(sort, [{ value: "", text: t("编号", "key") }, ...items], first ? `${first.field}|${first.descending ? "down" : ""}` : "");
}

function sortBy(field: Field): void {
  const first = sorting?.[0];
  if (first?.field !== field.code) sorting = [{ field: field.code, descending: false }];
  else if (!first.descending) sorting = [{ field: field.code, descending: true }];
  else sorting = [];
  offerSort();
  void run();
}

// -- running --------------------------------------------------------------------------------------

async function run(): Promise<void> {
  clearProblems();
  running?.abort();
  running = new AbortController();
  const signal = running.signal;
  asked = current();
  keepAddress();
  try {
    const page = await ask<Page>("/query/run", { body: { query: asked }, signal });
    found = page.rows;
    cursor = page.next;
    tellWords(told, page, source?.schematic ?? false);
    table.start(page, asked);
    drawFound(true);
    if (window.innerWidth < NARROW) told.scrollIntoView({ block: "start" });
    const totals = await ask<Totals>("/query/totals", { body: { query: asked }, signal });
    tellTotals(told, totals);
    tellReasons(told, totals, drop);
    await pivot.show();
  } catch (error) {
    showProblem(error);
  }
}

async function nextPage(): Promise<void> {
  if (!asked || !cursor) return;
  try {
    const page = await ask<Page>("/query/run", { body: { query: asked, cursor } });
    found = [...found, ...page.rows];
    cursor = page.next;
    table.append(page);
    drawFound(false);
  } catch (error) {
    showProblem(error);
  }
}

function drop(condition: number): void {
  if (!asked) return;
  const query = { ...asked, conditions: asked.conditions?.filter((_, index) => index !== condition) };
  if (condition < 0) delete query.ground;
  fillIn(query).then(run).catch(showProblem);
}

function keepAddress(): void {
  const text = `/query?query=${encodeURIComponent(JSON.stringify(current()))}`;
  const fits = text.length < LONGEST;
  history.replaceState(null, "", fits ? text : "/query");
  const link = byId<HTMLButtonElement>("link");
  link.dataset.copy = fits ? location.href : "";
  link.disabled = !fits;
  link.title = fits ? "" : t("所画范围太复杂，链接放不下；请保存查询", "the area is too complex for a link; save the query");
}

// -- the map --------------------------------------------------------------------------------------

function drawFound(zoom: boolean): void {
  if (!map) return;
  map.remove("selected");
  const features = found.flatMap((row) =>
    row.geometry ? [{ type: "Feature", geometry: row.geometry, properties: { key: row.key } }] : [],
  );
  map.addGeometry("result", { type: "FeatureCollection", features }, FOUND);
  if (zoom && features.length) map.zoomTo("result");
}

function showOnMap(row: Row): void {
  if (!map || !row.geometry) return;
  map.addGeometry("selected", row.geometry, SELECTED);
  map.zoomTo("selected");
}

function showArea(shape: object | null): void {
  if (!map) return;
  map.remove("area");
  if (shape) {
    map.addGeometry("area", shape, DRAFT);
    map.zoomTo("area");
  }
}

function startDrawing(drawn: Parameters<ConstructorParameters<typeof GroundEditor>[1]>[0]): void {
  if (!map) return;
  tool?.stop();
  byId("query-map").scrollIntoView({ block: "nearest" });
  byId("query-map").focus();
  tool = drawPolygon(map, {
    onEnd: (sketch) => {
      tool?.stop();
      tool = null;
      drawn(sketch);
    },
  });
}

async function openMap(): Promise<void> {
  map = await createMap("query-map", { layers: [], label: t("查询结果地图：方向键平移，+ 和 − 缩放", "map of the result: arrow keys pan, + and − zoom") });
  map.map.on("singleclick", (event) => {
    if (tool || !map) return;
    const hit = map.map.forEachFeatureAtPixel(event.pixel, (feature) => feature.get("key") as string | undefined);
    const row = found.find((item) => item.key === hit);
    if (row && map) {
      map.addGeometry("selected", row.geometry as object, SELECTED);
      table.mark(row.key);
    }
  });
  drawFound(true);
  showArea(ground.ground?.shape ?? null);
}

// -- words and saved queries ----------------------------------------------------------------------

async function askInWords(text: string): Promise<void> {
  clearProblems();
  if (!text.trim()) return;
  const query = new URLSearchParams({ text, source: sourceSelect.value });
  try {
    const answer = await ask<{ query: Query; chips: { text: string; words: Bilingual }[]; unknown: string[] }>(`/query/text?${query}`);
    const chips = answer.chips.map((chip, index) => {
      const unknown = answer.unknown.includes(chip.text);
      return el("span", { class: unknown ? "q-chip q-chip-guess" : "q-chip", title: chip.text },
        index === 0 ? icon("stack-2", 14) : unknown ? icon("question-mark", 14) : icon("check", 14),
        ` ${said(chip.words)}`);
    });
    byId("chips").replaceChildren(...chips);
    await fillIn(answer.query);
    await run();
  } catch (error) {
    byId("chips").replaceChildren();
    showProblem(error);
  }
}

function listSaved(items: Saved[]): void {
  const place = byId("saved");
  place.replaceChildren();
  if (!items.length) {
    place.append(el("div", { class: "dropdown-item-text text-secondary" }, t("还没有保存的查询", "nothing saved yet")));
    return;
  }
  for (const item of items) {
    const open = el("button", { type: "button", class: "dropdown-item" }, item.name, item.own ? "" : ` · ${item.owner}`);
    open.addEventListener("click", () => void fillIn(item.query).then(run).catch(showProblem));
    const line = el("div", { class: "q-kept" }, open);
    if (item.own) {
      const remove = el("button", { type: "button", class: "btn btn-sm btn-icon", "aria-label": t(`删去 ${item.name}`, `remove ${item.name}`) }, icon("trash"));
      remove.addEventListener("click", () => {
        if (window.confirm(t(`删去“${item.name}”？`, `Remove “${item.name}”?`)))
          ask<{ saved: Saved[] }>(`/query/saved/${item.id}/remove`, { method: "POST" }).then((left) => listSaved(left.saved)).catch(showProblem);
      });
      line.append(remove);
    }
    place.append(line);
  }
}

function keepQuery(): void {
  const name = window.prompt(t("给这个查询起个名称", "Name this query"));
  if (!name) return;
  const shared = window.confirm(t("让其他同事也能用？", "Offer it to everybody who may read?"));
  ask<{ saved: Saved[] }>("/query/saved", { body: { name, shared, query: current() } })
    .then((answer) => listSaved(answer.saved))
    .catch(showProblem);
}

// -- start ----------------------------------------------------------------------------------------

function bind(): void {
  fill(sourceSelect, data.sources.map((item) => ({
    value: item.id,
    text: said(item.name) + (item.count === null ? "" : ` (${item.count})`),
    group: said(item.group),
  })));
  sourceSelect.addEventListener("change", () => void fillIn({ source: sourceSelect.value, date: date.value || undefined }).catch(showProblem));
  sort.addEventListener("change", () => {
    const [field, down] = sort.value.split("|");
    sorting = field ? [{ field, descending: down === "down" }] : [];
  });
  byId("add").addEventListener("click", () => addCondition());
  byId("clear").addEventListener("click", () => {
    byId("chips").replaceChildren();
    fillIn({ source: sourceSelect.value }).catch(showProblem);
  });
  byId("build").addEventListener("submit", (event) => {
    event.preventDefault();
    byId("chips").replaceChildren();
    void run();
  });
  byId("text-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void askInWords(byId<HTMLInputElement>("text").value);
  });
  byId("keep").addEventListener("click", keepQuery);
  bindTabs(() => void (asked && pivot.show()));
  listSaved(data.saved);
}

async function begin(): Promise<void> {
  bind();
  openMap().catch((error) => {
    // the table serves without the map
    byId("map-card").hidden = true;
    if (!(error instanceof Failure)) throw error;
    showProblem(error);
  });
  const blocks = data.sources.find((item) => item.id === "plan/KAIGHQK") ?? data.sources[0];
  if (data.text) {
    byId<HTMLInputElement>("text").value = data.text;
    await fillIn({ source: blocks.id });
    await askInWords(data.text);
  } else if (data.query) {
    await fillIn(data.query);
    if (data.query.pivot) byId("show-pivot").click();
    await run();
  } else await fillIn({ source: blocks.id });
}

begin().catch(showProblem);
