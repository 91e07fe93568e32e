/** Parts of the map page that look the same everywhere. */
import { el, icon } from "../../dom";

/** A button with an icon alone; the label is its name and tooltip. */
export function iconButton(name: string, label: string, act: () => void, pressed?: boolean) {
  const pressing = pressed === undefined ? {} : { "aria-pressed": String(pressed) };
  return el(
    "button",
    { type: "button", class: "om-icon", title: label, "aria-label": label, onclick: act, ...pressing },
    icon(name),
  );
}

/** A labelled field of a form. */
export function field(label: string, input: HTMLElement, hint = ""): HTMLElement {
  return el(
    "label",
    { class: "om-field" },
    el("span", {}, label),
    input,
    hint ? el("small", {}, hint) : null,
  );
}
