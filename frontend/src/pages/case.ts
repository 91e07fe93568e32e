/** A case or a stored review: findings beside the map, keys, replay, forms that lose nothing. */
import "../styles/cases.css";
import { bindForms } from "../lib/forms";
import { ask, showProblem } from "../lib/http";
import { onKey } from "../lib/keys";
import { createMap, DRAFT, type Geo, type MapHandle } from "../lib/map";
import { t } from "../lib/words";

interface Evidence {
  outcome: string;
  /** It covers the whole block: drawn when it is asked for only. */
  whole: boolean;
  geo: Geo;
}
interface Places {
  block: Geo;
  evidence: Record<string, Evidence>;
  suggestion: Geo | null;
}

const SUGGESTED = { line: "#3A7D44", width: 3, dash: [8, 5], fill: "#3A7D44", alpha: 0.12 };
const FLASH = { line: "#00A3FF", width: 5, fill: "#00A3FF", alpha: 0.3 };

bindForms();

const held = document.getElementById("places");
const element = document.getElementById("map");
let map: MapHandle | null = null;
const places: Places | null = held ? (JSON.parse(held.textContent ?? "null") as Places) : null;

if (places && element) {
  createMap(element, { label: t("范围与核查依据图：方向键平移，+ 和 − 缩放", "map of the block and the evidence: arrow keys pan, + and − zoom") })
    .then((made) => {
      map = made;
      // conflicts are drawn last, so that they lie on top
      const order = ["not-checked", "attention", "conflict"];
      const found = Object.entries(places.evidence).sort(
        ([, a], [, b]) => order.indexOf(a.outcome) - order.indexOf(b.outcome),
      );
      // the same place is drawn once, with its gravest outcome
      const last = new Map(found.map(([place, item]) => [JSON.stringify(item.geo), place]));
      for (const [place, item] of found)
        if (!item.whole && last.get(JSON.stringify(item.geo)) === place)
          made.addGeometry(`evidence-${place}`, item.geo, { outcome: item.outcome });
      made.addGeometry("block", places.block, DRAFT);
      made.zoomTo("block");
      element.dataset.ready = "yes";
    })
    .catch((error: unknown) => showProblem(error));
}

function locate(place: string): void {
  if (!map || !places) return;
  const evidence = places.evidence[place];
  if (!evidence) {
    map.zoomTo("block");
    return;
  }
  map.zoomTo(evidence.geo);
  flash(evidence.geo);
  if (window.innerWidth < 1024) element?.scrollIntoView({ block: "center" });
}

let fading = 0;
function flash(geo: Geo): void {
  map?.addGeometry("flash", geo, FLASH);
  window.clearTimeout(fading);
  fading = window.setTimeout(() => map?.remove("flash"), 1600);
}

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const button = target.closest<HTMLElement>("[data-locate]");
  if (button) locate(button.dataset.locate ?? "");
  const suggestion = target.closest<HTMLElement>("[data-suggestion]");
  if (suggestion) toggleSuggestion(suggestion);
  const group = target.closest<HTMLElement>("[data-group-go]");
  if (group) openGroup(group.dataset.groupGo ?? "");
  const replay = target.closest<HTMLButtonElement>("[data-replay]");
  if (replay) void runReplay(replay);
  if (target.closest("[data-print]")) window.print();
});

function toggleSuggestion(button: HTMLElement): void {
  if (!map || !places?.suggestion) return;
  const shown = button.getAttribute("aria-pressed") === "true";
  if (shown) map.remove("suggestion");
  else {
    map.addGeometry("suggestion", places.suggestion, SUGGESTED);
    map.zoomTo("block");
  }
  button.setAttribute("aria-pressed", String(!shown));
}

for (const finding of document.querySelectorAll<HTMLElement>("[data-finding]"))
  finding.addEventListener("mouseenter", () => {
    const evidence = places?.evidence[finding.dataset.finding ?? ""];
    if (evidence) flash(evidence.geo);
  });

async function runReplay(button: HTMLButtonElement): Promise<void> {
  const place = document.getElementById("replay");
  if (!place) return;
  button.disabled = true;
  place.textContent = t("正在按当时的规划、图层和规则重放…", "running it again from its references…");
  try {
    const found = await ask<{ identical: boolean; remarks: string[] }>(button.dataset.replay ?? "");
    place.replaceChildren(replayed(found));
  } catch (error) {
    showProblem(error, place);
  } finally {
    button.disabled = false;
  }
}

function replayed(found: { identical: boolean; remarks: string[] }): HTMLElement {
  const box = document.createElement("div");
  box.className = `alert ${found.identical ? "alert-success" : "alert-danger"} mt-2`;
  const head = document.createElement("b");
  head.textContent = found.identical
    ? t("一致：结论、各项结果、面积和建议范围逐字相同", "Identical: verdict, findings, areas and suggestion")
    : t("不一致", "Different");
  const list = document.createElement("ul");
  list.className = "mb-0";
  for (const remark of found.remarks) {
    const item = document.createElement("li");
    item.textContent = remark;
    list.append(item);
  }
  box.append(head, ...(found.remarks.length ? [list] : []));
  return box;
}

// -- keys: J and K walk through the findings, 1 to 4 go to a group, D fetches the opinion -------

let here: HTMLElement | null = null;
function shownFindings(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("details[open] > [data-finding]")];
}
function walk(step: number): void {
  showTab("#tab-result");
  const all = shownFindings();
  if (!all.length) return;
  const at = here ? all.indexOf(here) : -1;
  choose(all[Math.min(Math.max(at + step, 0), all.length - 1)]);
}
function choose(finding: HTMLElement): void {
  here?.classList.remove("here");
  here = finding;
  finding.classList.add("here");
  finding.focus({ preventScroll: true });
  finding.scrollIntoView({ block: "nearest" });
  const evidence = places?.evidence[finding.dataset.finding ?? ""];
  if (evidence && map) {
    map.zoomTo(evidence.geo);
    flash(evidence.geo);
  }
}
function openGroup(key: string): void {
  showTab("#tab-result");
  const group = document.querySelector<HTMLDetailsElement>(`[data-group="${key}"]`);
  if (!group) return;
  group.open = true;
  const first = group.querySelector<HTMLElement>("[data-finding]");
  if (first) choose(first);
}
function showTab(target: string): void {
  const tab = document.querySelector<HTMLElement>(`[data-bs-target="${target}"]`);
  if (tab && !tab.classList.contains("active")) tab.click();
}
onKey("j", () => walk(1));
onKey("k", () => walk(-1));
for (const key of ["1", "2", "3", "4"]) onKey(key, () => openGroup(key));
onKey("d", () => document.querySelector<HTMLElement>("[data-report=docx]")?.click());

// -- the conclusion: a reason is asked for where it differs from the machine's verdict ----------

const decision = document.querySelector<HTMLSelectElement>("#decision");
decision?.addEventListener("change", () => {
  const differs = !!decision.value && decision.value !== decision.dataset.machine;
  const note = document.querySelector<HTMLElement>("[data-differs]");
  if (note) note.hidden = !differs;
  document.querySelector("#reason")?.toggleAttribute("aria-required", differs);
});

// -- the tab is part of the address --------------------------------------------------------------

document.addEventListener("shown.bs.tab", (event) => {
  const target = (event.target as HTMLElement).dataset.bsTarget ?? "";
  history.replaceState(null, "", target.replace("#tab-", "#"));
});
if (location.hash) showTab(`#tab-${location.hash.slice(1)}`);
