/** The layer tree: themes, swatches, eye, opacity, source; “only this layer”. */
import { said, t } from "../../words";
import { swatch } from "../styles";
import type { LayerEntry } from "../setup";
import { byId, el, icon } from "../../dom";
import { iconButton } from "./dom";
import type { OneMap } from "./page";

/** Build the tree into #om-tree and keep it in step with the map. */
export function buildTree(page: OneMap): void {
  const tree = byId("om-tree");
  const filter = byId<HTMLInputElement>("om-filter");
  const setup = page.handle.setup;
  const groups = setup.groups.map((group) =>
    section(
      group.id,
      said(group.name),
      group.layers.map((entry) => row(page, entry)),
    ),
  );
  groups.push(section("ground", t("底图", "Ground"), groundRows(page)));
  tree.replaceChildren(...groups);
  filter.addEventListener("input", () => narrow(tree, filter.value.trim().toLowerCase()));
  const follow = () => {
    for (const box of tree.querySelectorAll<HTMLInputElement>("input[data-layer]"))
      box.checked = page.isShown(box.dataset.layer ?? "");
  };
  page.onChange(follow);
  follow();
}

function section(id: string, title: string, rows: HTMLElement[]): HTMLElement {
  return el(
    "details",
    { class: "om-group", open: true, "data-group": id },
    el("summary", {}, title, el("span", { class: "om-count" }, String(rows.length))),
    el("ul", {}, ...rows),
  );
}

function row(page: OneMap, entry: LayerEntry): HTMLElement {
  const empty = entry.count === 0 && entry.kind !== "cases";
  const name = said(entry.name);
  const box = el("input", {
    type: "checkbox",
    "data-layer": entry.id,
    disabled: empty,
    onchange: () => page.show(entry.id, box.checked),
  });
  const more = el("div", { class: "om-more", hidden: true });
  const info = iconButton(
    "info-circle",
    t(`${name}：来源、透明度`, `${name}: source, opacity`),
    () => {
      if (more.hidden) more.replaceChildren(...details(page, entry));
      more.hidden = !more.hidden;
      info.setAttribute("aria-expanded", String(!more.hidden));
    },
  );
  info.setAttribute("aria-expanded", "false");
  const only = iconButton("eye", t(`只看${name}`, `only ${name}`), () => page.showOnly(entry.id));
  if (empty) only.disabled = true;
  return el(
    "li",
    { "data-name": `${name} ${entry.code}`.toLowerCase(), class: empty ? "om-empty" : "" },
    el(
      "div",
      { class: "om-row" },
      el(
        "label",
        {},
        box,
        swatch(setupSymbol(page, entry), entry.geometry),
        el("span", { class: "om-name" }, name),
        " ",
        el("span", { class: "om-count" }, empty ? t("无图形", "no geometry") : String(entry.count)),
      ),
      only,
      info,
    ),
    more,
  );
}

function setupSymbol(page: OneMap, entry: LayerEntry) {
  const symbols = page.handle.setup.symbols;
  return symbols[entry.symbol] ?? symbols.other;
}

function details(page: OneMap, entry: LayerEntry): Node[] {
  const slider = el("input", {
    type: "range",
    min: 0,
    max: 100,
    step: 5,
    value: page.opacities.get(entry.id) ?? 100,
    "aria-label": t(`${said(entry.name)}的不透明度`, `opacity of ${said(entry.name)}`),
    oninput: () => page.setOpacity(entry.id, Number(slider.value)),
  });
  const facts: [string, string][] = [
    [t("依据", "act"), entry.act],
    [t("来源", "source"), entry.source],
    [t("生效", "in force"), [entry.from, entry.to].filter(Boolean).join(" – ")],
    [t("版本", "version"), entry.sha256.slice(0, 12)],
    [t("没有图形的", "without geometry"), entry.kind === "plan" ? undrawn(entry) : ""],
  ];
  return [
    el("label", { class: "om-opacity" }, t("不透明度", "opacity"), slider),
    ...facts
      .filter(([, value]) => value)
      .map(([key, value]) => el("div", {}, el("b", {}, `${key} `), value)),
    ...(entry.schematic ? [el("span", { class: "mp-schematic" }, t("示意，不得量算", "schematic"))] : []),
  ];
}

function undrawn(entry: LayerEntry): string {
  const number = (entry as LayerEntry & { undrawn?: number }).undrawn ?? 0;
  return number ? String(number) : "";
}

function groundRows(page: OneMap): HTMLElement[] {
  const rows: [string, string][] = [
    ...page.handle.setup.baseMaps.map((item): [string, string] => [item.id, item.name]),
    ["counties", t("县（区）界", "counties")],
    ["graticule", t("经纬网", "graticule")],
  ];
  return rows.map(([id, name]) => {
    const box = el("input", {
      type: "checkbox",
      "data-layer": id,
      onchange: () => page.show(id, box.checked),
    });
    return el(
      "li",
      { "data-name": name.toLowerCase() },
      el("div", { class: "om-row" }, el("label", {}, box, icon("map", 16), el("span", {}, name))),
    );
  });
}

function narrow(tree: HTMLElement, words: string): void {
  for (const item of tree.querySelectorAll<HTMLElement>("li"))
    item.hidden = !!words && !(item.dataset.name ?? "").includes(words);
  for (const group of tree.querySelectorAll<HTMLDetailsElement>("details")) {
    group.hidden = !group.querySelector("li:not([hidden])");
    if (words) group.open = true;
  }
}
