/** Editing a zone: drawing with snap, hole, split; area and checks while the hand moves. */
import "../styles/zones.css";
import { ask, pageData, showProblem, clearProblems } from "../lib/http";
import {
  areaOf,
  createMap,
  DRAFT,
  drawPolygon,
  drawShape,
  modifyShape,
  type Geo,
  type MapHandle,
  type Tool,
} from "../lib/map";
import { t } from "../lib/words";

interface Page {
  layer: string;
  key: string;
  isNew: boolean;
  merged: string[];
}
interface Piece {
  geometry: Geo;
  area: number;
}
interface Issue {
  code: string;
  severity: "conflict" | "attention";
  message: string;
  hint: string;
  group: "checks" | "review";
  geometry: Geo | null;
}

const page = pageData<Page>("page-data");
const form = document.querySelector<HTMLFormElement>("#zone-form")!;
const geometry = document.querySelector<HTMLInputElement>("#geometry")!;
const parts = document.querySelector<HTMLInputElement>("#parts")!;
const hint = document.getElementById("tool-hint")!;
const SNAP = ["KAIGHQK", "KCGHQK", "JZKCQ", page.layer, "counties"];
const PIECES = ["#0F4F86", "#8A2A0B", "#3A7D44", "#6D28D9", "#B8741A"];
const past: { geometry: string; parts: string }[] = [];
let tool: Tool | undefined;
let waiting = 0;

const HINTS: Record<string, string> = {
  draw: t("单击逐点画边界，双击结束，Esc 退一点", "Click corner by corner, double click to end, Esc takes one back"),
  modify: t("拖动拐点；Alt 加单击删去拐点", "Drag a corner; Alt and click takes it away"),
  hole: t("在图形里面画要挖去的范围", "Draw what is to be cut out, inside the ground"),
  split: t("从图形外画到图形外，双击结束", "Draw a line from outside to outside, double click to end"),
};

function showArea(area: number | null): void {
  const place = document.getElementById("area")!;
  place.textContent =
    area === null ? "—" : `${(area / 1e6).toFixed(4)} km² = ${(area / 1e4).toFixed(4)} ${t("公顷", "ha")}`;
  const stated = form.querySelector<HTMLInputElement>("[name='f-MJ']")?.value.trim();
  const told = document.getElementById("stated")!;
  const figure = Number(stated);
  const apart = area && figure ? ` (${((area / 1e6 / figure - 1) * 100).toFixed(2)}%)` : "";
  told.textContent = stated ? `${stated} km²${apart}` : t("未填", "none");
}

function shape(): Geo | null {
  return geometry.value ? (JSON.parse(geometry.value) as Geo) : null;
}

function remember(): void {
  past.push({ geometry: geometry.value, parts: parts.value });
}

function redraw(handle: MapHandle): void {
  const ground = shape();
  for (let i = 0; i < PIECES.length * 4; i += 1) handle.remove(`piece-${i}`);
  const pieces = parts.value ? (JSON.parse(parts.value) as Piece[]) : [];
  if (pieces.length) {
    handle.remove("own");
    pieces.forEach((piece, i) =>
      handle.addGeometry(`piece-${i}`, piece.geometry, {
        line: PIECES[i % PIECES.length], width: 3, fill: PIECES[i % PIECES.length], alpha: 0.2, label: String(i + 1),
      }),
    );
  } else if (ground) handle.addGeometry("own", ground, DRAFT);
  else handle.remove("own");
  showArea(ground ? areaOf(ground as never) : null);
  showPieces();
}

function put(handle: MapHandle, value: Geo): void {
  geometry.value = JSON.stringify(value);
  redraw(handle);
  checkSoon();
}

/** The pieces of a split with the codes and names they get. */
function showPieces(): void {
  const place = document.getElementById("pieces")!;
  const pieces = parts.value ? (JSON.parse(parts.value) as (Piece & { key: string; name: string })[]) : [];
  place.hidden = !pieces.length;
  place.replaceChildren();
  if (!pieces.length) return;
  const head = document.createElement("strong");
  head.textContent = t(
    `分割后 ${page.key} 终止，新设 ${pieces.length} 个：`,
    `${page.key} ends; ${pieces.length} take its place:`,
  );
  place.append(head);
  pieces.forEach((piece, i) => {
    const row = document.createElement("label");
    const word = document.createElement("span");
    word.textContent = `${i + 1} · ${(piece.area / 1e6).toFixed(4)} km² · ${t("编号", "code")}`;
    const input = document.createElement("input");
    input.className = "form-control form-control-sm";
    input.value = piece.key;
    input.addEventListener("change", () => {
      piece.key = input.value.trim();
      parts.value = JSON.stringify(pieces);
      checkSoon();
    });
    row.append(word, input);
    place.append(row);
  });
}

async function reshape(handle: MapHandle, what: "split" | "hole", other: Geo): Promise<void> {
  clearProblems();
  try {
    const body = { geometry: shape(), with: other };
    const answer = await ask<{ pieces: Piece[] }>(`/zones/shapes/${what}`, { body });
    remember();
    if (what === "hole") put(handle, answer.pieces[0].geometry);
    else {
      const name = form.querySelector<HTMLInputElement>("[name='f-MC']")?.value ?? page.key;
      parts.value = JSON.stringify(
        answer.pieces.map((piece, i) => ({ ...piece, key: `${page.key}-${i + 1}`, name: `${name}-${i + 1}` })),
      );
      redraw(handle);
      checkSoon();
    }
    use(handle, "");
  } catch (error) {
    showProblem(error);
  }
}

/** Take up a tool; an empty name puts all away. */
function use(handle: MapHandle, name: string): void {
  tool?.stop();
  tool = undefined;
  hint.textContent = HINTS[name] ?? "";
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-tool]")) {
    button.classList.toggle("active", button.dataset.tool === name);
    button.setAttribute("aria-pressed", String(button.dataset.tool === name));
  }
  const later = (action: () => void) => window.setTimeout(action, 0);
  if (name === "draw")
    tool = drawPolygon(handle, {
      snap: SNAP,
      onMove: (sketch) => showArea(sketch.area),
      onEnd: (sketch) => later(() => {
        remember();
        parts.value = "";
        put(handle, sketch.geometry as Geo);
        use(handle, "modify");
      }),
    });
  else if (name === "modify" && shape() && !parts.value)
    tool = modifyShape(handle, "own", {
      snap: SNAP,
      onDrag: (sketch) => showArea(sketch.area),
      onEnd: (sketch) => {
        remember();
        geometry.value = JSON.stringify(sketch.geometry);
        showArea(sketch.area);
        checkSoon();
      },
    });
  else if (name === "hole" && shape())
    tool = drawPolygon(handle, {
      onEnd: (sketch) => later(() => void reshape(handle, "hole", sketch.geometry as Geo)),
    });
  else if (name === "split" && shape())
    tool = drawShape(handle, {
      type: "LineString",
      snap: [],
      onEnd: (sketch) => later(() => void reshape(handle, "split", sketch.geometry as Geo)),
    });
}

function undo(handle: MapHandle): void {
  const before = past.pop();
  if (!before) return;
  geometry.value = before.geometry;
  parts.value = before.parts;
  use(handle, "");
  redraw(handle);
  checkSoon();
}

let handleOfChecks: MapHandle | undefined;

function checkSoon(): void {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => void check(), 600);
}

async function check(): Promise<void> {
  const place = document.getElementById("checks")!;
  try {
    const answer = await ask<{ issues: Issue[] }>("/zones/check", { method: "POST", body: new FormData(form) });
    place.replaceChildren(answer.issues.length ? listOf(answer.issues) : nothing());
    place.dataset.checked = String(answer.issues.length);
  } catch (error) {
    showProblem(error, place);
  }
}

function nothing(): HTMLElement {
  const line = document.createElement("p");
  line.className = "mb-0";
  line.innerHTML = `<span class="result result-clear"></span> `;
  line.firstElementChild!.textContent = t("符合", "clear");
  line.append(t("标准、拓扑、县区和审查规则都没有问题。", "Standard, topology, counties and review rules: nothing to say."));
  return line;
}

function listOf(issues: Issue[]): HTMLElement {
  const list = document.createElement("ul");
  list.className = "zn-issues ps-0";
  for (const issue of issues) {
    const line = document.createElement("li");
    const tag = document.createElement("span");
    tag.className = `result result-${issue.severity}`;
    tag.textContent =
      issue.severity === "conflict"
        ? issue.group === "review" ? t("冲突", "conflict") : t("须改正", "to be mended")
        : t("需关注", "attention");
    const code = document.createElement("small");
    code.className = "text-secondary";
    code.textContent = ` ${issue.code}${issue.hint ? ` · ${issue.hint}` : ""}`;
    line.append(tag, " ");
    if (issue.geometry && handleOfChecks) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = issue.message;
      button.addEventListener("click", () => {
        handleOfChecks?.addGeometry("issue", issue.geometry as Geo, { outcome: issue.severity });
        handleOfChecks?.zoomTo("issue");
      });
      line.append(button);
    } else line.append(issue.message);
    line.append(code);
    list.append(line);
  }
  return list;
}

/** Kind and basis belong to new changesets, the last day to corrections. */
function bindChangeset(): void {
  const chosen = document.querySelector<HTMLSelectElement>("#changeset")!;
  const kind = document.querySelector<HTMLSelectElement>("#kind")!;
  const toggle = () => {
    for (const item of form.querySelectorAll<HTMLElement>("[data-new]")) item.hidden = chosen.value !== "";
    form.querySelector<HTMLElement>("[data-until]")!.hidden = chosen.value === "" && kind.value !== "correction";
  };
  chosen.addEventListener("change", toggle);
  kind.addEventListener("change", toggle);
  toggle();
}

async function start(): Promise<void> {
  bindChangeset();
  document.getElementById("faults")?.focus();
  document.getElementById("check")?.addEventListener("click", () => void check());
  form.addEventListener("change", () => {
    const ground = shape();
    showArea(ground ? areaOf(ground as never) : null);
    checkSoon();
  });
  const handle = await createMap("edit-map", { layers: ["JZKCQ", "KCGHQK", "KAIGHQK", page.layer] });
  handleOfChecks = handle;
  redraw(handle);
  if (shape()) handle.zoomTo(parts.value ? "piece-0" : "own");
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-tool]"))
    button.addEventListener("click", () => {
      const name = button.dataset.tool ?? "";
      if (name === "undo") undo(handle);
      else use(handle, button.classList.contains("active") ? "" : name);
    });
  document.getElementById("edit-map")?.setAttribute("data-ready", "true");
  // the handle lets tests and the console turn degrees into pixels
  (window as unknown as { zoneMap: MapHandle }).zoneMap = handle;
  if (!page.isNew || page.merged.length) checkSoon();
}

start().catch(showProblem);
