/** Search results: arrows move among them, Enter opens (the browser's own). */
import "../styles/reading.css";

const links = [
  ...document.querySelectorAll<HTMLAnchorElement>(".mp-results li a, [data-first]"),
];

document.addEventListener("keydown", (event) => {
  if (event.isComposing || (event.key !== "ArrowDown" && event.key !== "ArrowUp") || !links.length)
    return;
  const target = event.target as HTMLElement;
  if (target.closest("textarea, select")) return;
  const now = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = event.key === "ArrowDown" ? now + 1 : now - 1;
  if (next < 0) document.querySelector<HTMLInputElement>("#search")?.focus();
  else links[Math.min(next, links.length - 1)].focus();
  event.preventDefault();
});
