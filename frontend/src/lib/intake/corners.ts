/** The table of corners: read, typed over, added and removed; the map follows. */
import { fromZone, toZone, zoneCode, zoneOf } from "../map";
import { t } from "../words";
import proj4 from "proj4";
import { byId, el, icon } from "../dom";
import type { Draft } from "./draft";
import { closedRing, geometryOf, openRing, partsOf, type Position, type Rings } from "./model";

const LONLAT = "lonlat";
const MOST_ROWS = 400;

/** The two figures of a corner in a system, as licences write them. */
export function figures([lon, lat]: Position, system: string): [string, string] {
  if (system === LONLAT) return [lon.toFixed(8), lat.toFixed(8)];
  const zone = Number(system);
  const [east, north] = proj4("EPSG:4490", zoneCode(zone), [lon, lat]);
  return [north.toFixed(2), east.toFixed(2)];
}

/** A corner from its two figures; null while they are no corner of China. */
export function cornerOf(first: string, second: string): Position | null {
  const [a, b] = [first, second].map((text) => Number(text.trim().replace(/,/g, "")));
  if (!Number.isFinite(a) || !Number.isFinite(b) || !first.trim() || !second.trim()) return null;
  let found: number[];
  if (a > 73 && a < 136 && b > 3 && b < 54) found = [a, b];
  else if (b > 25e6 && b < 46e6) found = fromZone(a, b);
  else if (a > 25e6 && a < 46e6) found = fromZone(b, a);
  else return null;
  const [lon, lat] = found;
  return lon > 73 && lon < 136 && lat > 3 && lat < 54 ? [lon, lat] : null;
}

export class CornerTable {
  private system = "";
  private typed: [string, string][] = [];

  constructor(
    private readonly draft: Draft,
    private readonly flash: (corner: Position | null) => void,
  ) {
    byId("corner-system").addEventListener("change", (event) => {
      this.system = (event.target as HTMLSelectElement).value;
      this.show();
    });
  }

  /** Begin to type corners into an empty table. */
  begin(): void {
    this.typed = [["", ""], ["", ""], ["", ""], ["", ""]];
    this.show();
    byId("corners").querySelector<HTMLInputElement>("input")?.focus();
  }

  show(): void {
    const parts = partsOf(this.draft.content.geometry);
    const section = byId("corners-section");
    section.hidden = !parts.length && !this.typed.length;
    if (section.hidden) return;
    this.showSystems(parts);
    const count = parts.flat().reduce((sum, ring) => sum + ring.length, 0);
    const body = el("tbody");
    if (!parts.length) this.typedRows(body);
    else if (count > MOST_ROWS)
      body.append(el("tr", {}, el("td", { colspan: "4" }, t(`共 ${count} 点，太多，不逐行显示。`, `${count} corners: too many to list.`))));
    else parts.forEach((rings, part) => this.rows(body, parts, rings, part));
    byId("corners").replaceChildren(el("table", { class: "table table-sm" }, this.head(), body));
  }

  private showSystems(parts: Rings[]): void {
    if (parts.length) this.typed = [];
    const lon = parts[0]?.[0]?.[0]?.[0] ?? 113;
    const own = Number(this.draft.content.system) || zoneOf(lon);
    if (!this.system) this.system = String(own);
    const zones = [...new Set([own, zoneOf(lon), 37, 38])].sort();
    const select = byId<HTMLSelectElement>("corner-system");
    select.replaceChildren(
      ...zones.map((zone) =>
        el("option", { value: String(zone), selected: String(zone) === this.system }, t(`3度带 ${zone} 带`, `3° zone ${zone}`)),
      ),
      el("option", { value: LONLAT, selected: this.system === LONLAT }, t("经纬度", "lon/lat")),
    );
  }

  private head(): HTMLElement {
    const geographic = this.system === LONLAT;
    return el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("th", { class: "number" }, t("点", "No.")),
        el("th", {}, geographic ? t("经度（°）", "Lon (°)") : t("X 北（m）", "X north (m)")),
        el("th", {}, geographic ? t("纬度（°）", "Lat (°)") : t("Y 东（m）", "Y east (m)")),
        el("th", {}, el("span", { class: "visually-hidden" }, t("操作", "Actions"))),
      ),
    );
  }

  private rows(body: HTMLElement, parts: Rings[], rings: Rings, part: number): void {
    rings.forEach((ring, index) => {
      if (parts.length > 1 || rings.length > 1) body.append(this.ringHead(parts, part, index));
      openRing(ring).forEach((corner, place) =>
        body.append(this.row(corner, part, index, place)),
      );
    });
  }

  private ringHead(parts: Rings[], part: number, ring: number): HTMLElement {
    const words =
      ring === 0
        ? t(`第 ${part + 1} 部分`, `Part ${part + 1}`)
        : t(`第 ${part + 1} 部分扣除圈 ${ring}`, `Part ${part + 1}, hole ${ring}`);
    const remove = () => {
      const left = parts.map((rings, i) => (i === part ? (ring === 0 ? [] : rings.filter((_, k) => k !== ring)) : rings));
      this.set(left);
    };
    return el(
      "tr",
      { class: "intake-ring" },
      el("th", { colspan: "3", scope: "rowgroup" }, words),
      el("td", {}, small("trash", t(`删除${words}`, `Remove ${words}`), remove)),
    );
  }

  private row(corner: Position, part: number, ring: number, place: number): HTMLElement {
    const [first, second] = figures(corner, this.system);
    const inputs = [first, second].map((value, side) =>
      el("input", {
        class: "form-control form-control-sm",
        value,
        inputmode: "decimal",
        "aria-label": `${t("第", "Corner ")}${place + 1}${t("点", "")} ${this.sideWord(side)}`,
        onfocus: () => this.flash(corner),
        onblur: () => this.flash(null),
      }),
    );
    const changed = () => {
      const found = cornerOf(inputs[0].value, inputs[1].value);
      inputs.forEach((input) => input.classList.toggle("is-invalid", !found));
      if (found) this.edit(part, ring, (points) => (points[place] = found));
    };
    inputs.forEach((input) => input.addEventListener("change", changed));
    const add = () =>
      this.edit(part, ring, (points) => {
        const next = points[(place + 1) % points.length];
        points.splice(place + 1, 0, [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2]);
      });
    const remove = () => this.edit(part, ring, (points) => points.splice(place, 1));
    return el(
      "tr",
      {},
      el("td", { class: "number" }, String(place + 1)),
      el("td", {}, inputs[0]),
      el("td", {}, inputs[1]),
      el(
        "td",
        { class: "text-nowrap" },
        small("plus", t(`在第 ${place + 1} 点后加点`, `Add a corner after ${place + 1}`), add),
        small("x", t(`删除第 ${place + 1} 点`, `Remove corner ${place + 1}`), remove),
      ),
    );
  }

  private sideWord(side: number): string {
    if (this.system === LONLAT) return side ? t("纬度", "latitude") : t("经度", "longitude");
    return side ? t("Y 东", "Y east") : t("X 北", "X north");
  }

  private typedRows(body: HTMLElement): void {
    this.typed.forEach((pair, index) => {
      const inputs = pair.map((value, side) =>
        el("input", {
          class: "form-control form-control-sm",
          value,
          inputmode: "decimal",
          "aria-label": `${t("第", "Corner ")}${index + 1}${t("点", "")} ${this.sideWord(side)}`,
          oninput: (event: Event) => (pair[side] = (event.target as HTMLInputElement).value),
          onchange: () => this.finishTyped(),
        }),
      );
      body.append(el("tr", {}, el("td", { class: "number" }, String(index + 1)), el("td", {}, inputs[0]), el("td", {}, inputs[1]), el("td")));
    });
    const more = () => {
      this.typed.push(["", ""]);
      this.show();
    };
    body.append(el("tr", {}, el("td", { colspan: "4" }, el("button", { type: "button", class: "btn btn-sm", onclick: more }, icon("plus"), t("加一行", "Add a row")))));
  }

  /** The typed corners become ground once three are complete and none is half. */
  private finishTyped(): void {
    const filled = this.typed.filter(([a, b]) => a.trim() || b.trim());
    const corners = filled.map(([a, b]) => cornerOf(a, b));
    if (corners.length < 3 || corners.some((corner) => !corner)) return;
    if (filled.length < this.typed.length) return;
    this.set([[corners as Position[]]]);
  }

  private edit(part: number, ring: number, act: (points: Position[]) => void): void {
    const parts = partsOf(this.draft.content.geometry).map((rings) => rings.map((item) => openRing(item)));
    act(parts[part][ring]);
    if (parts[part][ring].length < 3) return;
    this.set(parts);
  }

  private set(parts: Rings[]): void {
    const closed = parts.map((rings) => rings.map(closedRing));
    const first = closed.flat()[0]?.[0];
    const system = this.draft.content.geometry ? this.draft.content.system : first ? String(toZone(first).zone) : LONLAT;
    const source = this.draft.content.source.kind ? this.draft.content.source : { kind: "draw" as const };
    this.draft.setGround(geometryOf(closed), system, true, { source });
  }
}

function small(name: string, words: string, act: () => void): HTMLElement {
  return el("button", { type: "button", class: "btn btn-sm btn-icon btn-ghost-secondary", title: words, "aria-label": words, onclick: act }, icon(name));
}
