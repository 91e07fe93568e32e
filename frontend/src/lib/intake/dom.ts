/** Small helpers of the intake page. */
import { byId, el } from "../dom";

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

/** Let a select offer items to add: one that is picked is opened, and the select says its prompt again. */
export function offer(id: string, prompt: string, items: { key: string; word: string }[], open: (key: string) => void): void {
  const select = byId<HTMLSelectElement>(id);
  select.append(el("option", { value: "" }, prompt), ...items.map((item) => el("option", { value: item.key }, item.word)));
  select.addEventListener("change", () => {
    if (select.value) open(select.value);
    select.value = "";
  });
}
