/** Search of the map: code, name, county, licence, coordinates. */
import { ask } from "../../http";
import { said, t } from "../../words";
import type { Bilingual } from "../setup";
import { byId, el } from "../../dom";
import { openFeature } from "./identify";
import type { OneMap } from "./page";

interface Hit {
  id: string;
  layerName: Bilingual;
  title: string;
  note: string;
  bounds: [number, number, number, number];
}

export function bindSearch(page: OneMap): void {
  const form = byId<HTMLFormElement>("om-search");
  const input = byId<HTMLInputElement>("om-q");
  const list = byId("om-found");
  let running: AbortController | undefined;
  const close = () => {
    list.hidden = true;
  };
  const look = async (first = false) => {
    running?.abort();
    const words = input.value.trim();
    if (!words) return close();
    running = new AbortController();
    try {
      const { hits } = await ask<{ hits: Hit[] }>(`/map/search?${page.query({ q: words })}`, {
        signal: running.signal,
      });
      list.replaceChildren(
        ...(hits.length
          ? hits.map((hit) => choice(page, hit, close))
          : [el("li", { class: "om-none" }, t("没有找到，试试编号、名称或县名", "nothing found; try a code, a name or a county"))]),
      );
      list.hidden = false;
      if (first && hits[0]) {
        go(page, hits[0]);
        close();
      }
    } catch (error) {
      page.fail(error);
    }
  };
  let timer = 0;
  input.addEventListener("input", (event) => {
    if ((event as InputEvent).isComposing) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => look(), 250);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(timer);
    look(true);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "ArrowDown") list.querySelector<HTMLElement>("button")?.focus();
  });
  list.addEventListener("keydown", (event) => step(event, list));
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target as Node)) close();
  });
}

function choice(page: OneMap, hit: Hit, close: () => void): HTMLElement {
  const act = () => {
    close();
    go(page, hit);
  };
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", onclick: act },
      el("span", { class: "om-hit-layer" }, said(hit.layerName)),
      el("b", {}, hit.title),
      el("small", {}, hit.note),
    ),
  );
}

function go(page: OneMap, hit: Hit): void {
  if (hit.id) openFeature(page, hit.id);
  else {
    const [lon, lat] = hit.bounds;
    page.handle.addGeometry(
      "place",
      { type: "Point", coordinates: [lon, lat] },
      { line: "#C4320A", label: hit.title },
    );
    page.handle.zoomTo([lon - 0.02, lat - 0.02, lon + 0.02, lat + 0.02]);
  }
}

function step(event: KeyboardEvent, list: HTMLElement): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const buttons = [...list.querySelectorAll<HTMLElement>("button")];
  const next = buttons.indexOf(document.activeElement as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1);
  buttons[next]?.focus();
  event.preventDefault();
}
