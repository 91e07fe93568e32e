/** As of when: the day of law and the recorded moment; the past is marked in amber. */
import { t } from "../../words";
import { byId, el } from "../../dom";
import type { OneMap } from "./page";
import { format, parse } from "./state";

/** Go to another date; the page is opened again, as everything depends on it. */
function go(page: OneMap, date?: string, recorded?: string): void {
  history.pushState(null, "", format({ ...page.state(), date, recorded }));
  location.reload();
}

/** Bind the date fields and show the strip where the past is looked at. */
export function bindAsOf(page: OneMap): void {
  const date = byId<HTMLInputElement>("om-date");
  date.value = page.handle.setup.date;
  date.addEventListener("change", () => go(page, date.value || undefined, page.asOf.recorded));
  const strip = byId("om-past");
  if (!page.asOf.date && !page.asOf.recorded) return;
  const recorded = el("input", {
    type: "date",
    class: "om-date",
    value: (page.asOf.recorded ?? "").slice(0, 10),
    "aria-label": t("按当时的记录", "as recorded on"),
    onchange: () => go(page, page.asOf.date, recorded.value || undefined),
  });
  strip.replaceChildren(
    el("b", {}, t("历史视图", "View of the past")),
    ` ${t("法律时点", "in force on")} ${page.handle.setup.date}　${t("按当时的记录", "as recorded on")} `,
    recorded,
    " ",
    el("button", { type: "button", class: "btn btn-sm", onclick: () => go(page) }, t("回到现在", "Back to now")),
  );
  strip.hidden = false;
}

/** Whether a fragment asks for another date than the page was opened with. */
export function otherDate(page: OneMap): boolean {
  const state = parse(location.hash);
  return state.date !== page.asOf.date || state.recorded !== page.asOf.recorded;
}
