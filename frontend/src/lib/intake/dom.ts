/** Small helpers to build elements without markup in scripts. */

type Child = Node | string | null | undefined | false;
type Properties = Record<string, string | boolean | ((event: Event) => void) | undefined>;

/** An element with attributes (``onclick`` and the like as functions) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...(children.filter(Boolean) as (Node | string)[]));
  return element;
}

/** The element with an id, which must be there. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found as T;
}

/** An icon of the sprite. */
export function icon(name: string, size = 16): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("width", String(size));
  svg.setAttribute("height", String(size));
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `/static/dist/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Call at most once in a while: the last call wins. */
export function settled(wait: number, act: () => void): () => void {
  let timer = 0;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, wait);
  };
}

/** Show a tab by the id of its button. */
export function openTab(id: string): void {
  const button = byId<HTMLButtonElement>(id);
  if (!button.classList.contains("active")) button.click();
}

/** An area in km² and hectares, as people compare it. */
export function areaText(m2: number): string {
  return `${(m2 / 1e6).toFixed(4)} km²`;
}
