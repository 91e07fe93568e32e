/** The list of cases and the batch pages: filters that apply at once, a selection, keys. */
import "../styles/cases.css";
import { bindForms } from "../lib/forms";
import { onKey } from "../lib/keys";
import { t } from "../lib/words";

bindForms();

const filters = document.querySelector<HTMLFormElement>(".case-filters");
filters?.addEventListener("change", (event) => {
  if ((event.target as HTMLElement).matches("input[type=checkbox], select")) filters.requestSubmit();
});
for (const chip of document.querySelectorAll<HTMLLabelElement>(".chip"))
  chip.classList.toggle("chosen", !!chip.querySelector<HTMLInputElement>("input")?.checked);

// On a phone the conditions stay folded until one is chosen.
const more = document.querySelector<HTMLDetailsElement>(".case-more");
if (more && window.innerWidth < 768) more.open = !!more.querySelector("input:checked");

const boxes = [...document.querySelectorAll<HTMLInputElement>("input[name=case]")];
const all = document.querySelector<HTMLInputElement>("[data-all]");
const bar = document.querySelector<HTMLElement>("[data-selection]");
const count = document.querySelector<HTMLElement>("[data-selection-count]");

function tell(): void {
  const chosen = boxes.filter((box) => box.checked).length;
  if (bar) bar.hidden = chosen === 0;
  if (count) count.textContent = t(`已选 ${chosen} 件`, `${chosen} chosen`);
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}
all?.addEventListener("change", () => {
  for (const box of boxes) box.checked = all.checked;
  tell();
});
for (const box of boxes) box.addEventListener("change", tell);
tell();

// J and K walk through the rows, X chooses one, Enter opens it.
const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
let here = -1;
function go(step: number): void {
  if (!rows.length) return;
  rows[here]?.classList.remove("here");
  here = Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[here].classList.add("here");
  rows[here].querySelector<HTMLElement>("a")?.focus();
}
onKey("j", () => go(1));
onKey("k", () => go(-1));
onKey("x", () => {
  const box = rows[here]?.querySelector<HTMLInputElement>("input[name=case]");
  if (!box) return;
  box.checked = !box.checked;
  tell();
});
