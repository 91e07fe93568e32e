/** Small helpers of the intake page. */
import { byId } from "../dom";

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
