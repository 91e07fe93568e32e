/** Comparing (卷帘): the plan as of two days, or two versions of a control line. */
import type RenderEvent from "ol/render/Event";
import { getRenderPixel } from "ol/render";
import { unByKey } from "ol/Observable";
import type { EventsKey } from "ol/events";
import type { DataLayer } from "../layers";
import type { LayerEntry } from "../setup";
import { said, t } from "../../words";
import { byId, el } from "../../dom";
import { field } from "./dom";
import type { OneMap } from "./page";

/** A comparison that is on the map. */
class Curtain {
  private readonly keys: EventsKey[] = [];
  private readonly bar: HTMLElement;

  constructor(
    private readonly page: OneMap,
    private readonly sides: { ids: string[]; left: boolean; title: string }[],
  ) {
    for (const side of sides)
      for (const id of side.ids) this.clip(page.handle.layer(id) as DataLayer, side.left);
    const slider = el("input", {
      type: "range",
      min: 0,
      max: 100,
      value: Math.round(page.position * 100),
      "aria-label": t("卷帘位置", "position of the swipe"),
      oninput: () => this.move(Number(slider.value) / 100),
    });
    const [left, right] = sides;
    this.bar = el(
      "div",
      { class: "om-swipe", id: "om-swipe" },
      el("span", { class: "om-swipe-left" }, left.title),
      slider,
      el("span", { class: "om-swipe-right" }, right.title),
      el("div", { class: "om-swipe-line", "aria-hidden": "true" }),
    );
    byId("map").append(this.bar);
    this.move(page.position);
  }

  private move(position: number): void {
    this.page.position = position;
    this.bar.style.setProperty("--swipe", `${position * 100}%`);
    this.page.handle.map.render();
    this.page.remember();
  }

  private clip(layer: DataLayer, left: boolean): void {
    this.keys.push(
      layer.on("prerender", (event: RenderEvent) => {
        const context = event.context as CanvasRenderingContext2D;
        const [width, height] = this.page.handle.map.getSize() ?? [0, 0];
        const at = width * this.page.position;
        const [from, to] = left ? [0, at] : [at, width];
        const corners = [[from, 0], [to, 0], [to, height], [from, height]];
        context.save();
        context.beginPath();
        for (const [index, corner] of corners.entries()) {
          const [x, y] = getRenderPixel(event, corner);
          if (index) context.lineTo(x, y);
          else context.moveTo(x, y);
        }
        context.closePath();
        context.clip();
      }),
      layer.on("postrender", (event: RenderEvent) => {
        (event.context as CanvasRenderingContext2D).restore();
      }),
    );
  }

  stop(): void {
    unByKey(this.keys);
    for (const side of this.sides) for (const id of side.ids) this.page.handle.remove(id);
    this.bar.remove();
  }
}

let curtain: Curtain | undefined;

/** Take the comparison away and show the layers again that it stood for. */
export function stopSwipe(page: OneMap): void {
  curtain?.stop();
  curtain = undefined;
  for (const id of page.compared) page.handle.layer(id)?.setVisible(true);
  page.compared = [];
  page.swipe = undefined;
  document.getElementById("om-tool-swipe")?.setAttribute("aria-pressed", "false");
  page.changed();
}

export function swiping(): boolean {
  return curtain !== undefined;
}

/** Compare what ``a|b`` names: two days, or two versions ``name@hash|name@hash``. */
export function startSwipe(page: OneMap, pair: string): void {
  const [first, second] = pair.split("|");
  if (!first || !second) return;
  stopSwipe(page);
  const sides = first.includes("@") ? versionSides(page, first, second) : daySides(page, first, second);
  if (!sides) return;
  page.swipe = pair;
  curtain = new Curtain(page, sides);
  document.getElementById("om-tool-swipe")?.setAttribute("aria-pressed", "true");
  page.changed();
}

function daySides(page: OneMap, first: string, second: string) {
  const entries = page.handle.visible
    .map((id) => page.handle.entry(id))
    .filter((entry): entry is LayerEntry => entry?.kind === "plan");
  hide(page, entries.map((entry) => entry.id));
  return [first, second].map((day, index) => ({
    left: index === 0,
    title: day,
    ids: entries.map((entry) => {
      const id = `${entry.id}|${index}`;
      page.handle.addEntry(entry, { ...page.asOf, plan: page.handle.setup.plan?.code, date: day }, id).setDeclutter(false);
      return id;
    }),
  }));
}

function versionSides(page: OneMap, first: string, second: string) {
  const name = first.split("@")[0];
  const entry = page.handle.entry(name);
  const found = [first, second].map((word) => {
    const prefix = word.split("@")[1] ?? "-";
    return entry?.versions.find((version) => version.sha256.startsWith(prefix));
  });
  if (!entry || found.some((version) => !version)) return null;
  hide(page, [entry.id]);
  return found.map((version, index) => {
    const id = `${entry.id}|${index}`;
    const other = { ...entry, ...version } as LayerEntry;
    page.handle.addEntry(other, page.asOf, id).setDeclutter(false);
    return { left: index === 0, title: version?.from || (version?.sha256.slice(0, 8) ?? ""), ids: [id] };
  });
}

function hide(page: OneMap, ids: string[]): void {
  page.compared = ids.filter((id) => page.isShown(id));
  for (const id of page.compared) page.handle.layer(id)?.setVisible(false);
}

/** Ask what to compare. */
export function swipeForm(page: OneMap): void {
  const today = new Date().toISOString().slice(0, 10);
  const start = page.handle.setup.plan ? today : "";
  const first = el("input", { type: "date", class: "form-control", value: start, required: true });
  const second = el("input", { type: "date", class: "form-control", value: today, required: true });
  const layers = page.handle.setup.groups
    .flatMap((group) => group.layers)
    .filter((entry) => entry.versions.length > 1);
  page.panel(t("卷帘对比", "Compare by swiping"), [
    el("h3", {}, t("规划的两个日期", "Two dates of the plan")),
    el(
      "form",
      {
        onsubmit: (event: Event) => {
          event.preventDefault();
          startSwipe(page, `${first.value}|${second.value}`);
        },
      },
      field(t("左边", "left"), first),
      field(t("右边", "right"), second),
      el("button", { class: "btn btn-primary btn-sm" }, t("开始对比", "Compare")),
    ),
    el("h3", {}, t("图层的两个版本", "Two versions of a layer")),
    layers.length
      ? versionForm(page, layers)
      : el("p", { class: "om-source" }, t("没有一个管控图层有两个版本。", "No layer has two versions.")),
    el(
      "button",
      { type: "button", class: "btn btn-sm", onclick: () => stopSwipe(page) },
      t("结束对比", "End comparing"),
    ),
  ]);
}

function versionForm(page: OneMap, layers: LayerEntry[]): HTMLElement {
  const which = el("select", { class: "form-select", onchange: () => fill() });
  const [left, right] = [el("select", { class: "form-select" }), el("select", { class: "form-select" })];
  which.append(...layers.map((entry) => el("option", { value: entry.id }, said(entry.name))));
  const fill = () => {
    const entry = layers.find((item) => item.id === which.value) ?? layers[0];
    for (const [index, select] of [left, right].entries()) {
      select.replaceChildren(
        ...entry.versions.map((item) =>
          el("option", { value: `${entry.id}@${item.sha256.slice(0, 12)}` }, `${item.from} ${item.act}`),
        ),
      );
      select.selectedIndex = index === 0 ? 0 : entry.versions.length - 1;
    }
  };
  fill();
  return el(
    "form",
    {
      onsubmit: (event: Event) => {
        event.preventDefault();
        startSwipe(page, `${left.value}|${right.value}`);
      },
    },
    field(t("图层", "layer"), which),
    field(t("左边", "left"), left),
    field(t("右边", "right"), right),
    el("button", { class: "btn btn-primary btn-sm" }, t("开始对比", "Compare")),
  );
}
