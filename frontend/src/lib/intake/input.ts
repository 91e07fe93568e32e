/** Ways in: the text box, Ctrl+V and files dropped anywhere, blocks and rights that are there. */
import { t } from "../words";
import { byId, el } from "../dom";
import { openTab, settled } from "./dom";
import type { Options } from "./model";
import { findSources, type Source } from "./server";

export interface InputActions {
  text: (text: string) => void;
  files: (files: File[]) => void;
  source: (kind: "block" | "right", code: string) => void;
  options: (options: Options) => void;
  failed: (error: unknown) => void;
}

/** Bind every way in. */
export function bindInput(actions: InputActions): void {
  bindText(actions);
  bindFiles(actions);
  bindReferences(actions);
  bindOptions(actions);
}

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest("input, textarea, select, [contenteditable=true]");
}

function bindText(actions: InputActions): void {
  const box = byId<HTMLTextAreaElement>("text");
  const read = () => {
    if (box.value.trim()) actions.text(box.value);
  };
  byId("read").addEventListener("click", read);
  box.addEventListener("input", settled(600, read));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) read();
  });
  document.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    if (!data) return;
    const files = [...data.files];
    if (files.length) {
      event.preventDefault();
      actions.files(files);
      return;
    }
    if (typing(event.target)) return;
    const text = data.getData("text/plain");
    if (!text.trim()) return;
    event.preventDefault();
    openTab("tab-paste");
    box.value = text;
    read();
  });
}

function bindFiles(actions: InputActions): void {
  const input = byId<HTMLInputElement>("files");
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length) actions.files(files);
  });
  const shade = byId("drop");
  let depth = 0;
  const carries = (event: DragEvent) => event.dataTransfer?.types.some((type) => type === "Files" || type === "text/plain");
  window.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    depth += 1;
    shade.hidden = false;
  });
  window.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) shade.hidden = true;
  });
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    shade.hidden = true;
    const files = [...(event.dataTransfer?.files ?? [])];
    const text = event.dataTransfer?.getData("text/plain") ?? "";
    if (files.length) actions.files(files);
    else if (text.trim()) {
      openTab("tab-paste");
      byId<HTMLTextAreaElement>("text").value = text;
      actions.text(text);
    }
  });
}

function bindReferences(actions: InputActions): void {
  const search = byId<HTMLInputElement>("refer-search");
  const place = byId("refer-found");
  const find = async () => {
    try {
      const { items, count } = await findSources(search.value.trim());
      place.replaceChildren(...items.map((item) => row(item, actions)));
      if (!count) place.replaceChildren(el("p", { class: "text-secondary small p-2 mb-0" }, t("没有找到，换个词试试", "Nothing found; try another word")));
      else if (count > items.length)
        place.append(el("p", { class: "text-secondary small p-2 mb-0" }, t(`共 ${count} 个，输入更多字缩小范围`, `${count} in all; type more to narrow`)));
    } catch (error) {
      actions.failed(error);
    }
  };
  search.addEventListener("input", settled(250, () => void find()));
  byId("tab-refer").addEventListener("shown.bs.tab", () => {
    if (!place.childElementCount) void find();
  });
}

function row(item: Source, actions: InputActions): HTMLElement {
  return el(
    "button",
    { type: "button", class: "list-group-item list-group-item-action", onclick: () => actions.source(item.kind, item.code) },
    el("div", {}, el("strong", {}, item.name || item.code), " ", el("span", { class: "text-secondary" }, item.name ? item.code : "")),
    el("div", { class: "small text-secondary" }, [item.word, item.county, item.minerals].filter(Boolean).join(" · ")),
  );
}

function bindOptions(actions: InputActions): void {
  byId("options").addEventListener("change", () => {
    const options: Options = {};
    for (const control of byId("options").querySelectorAll<HTMLInputElement>("[data-option]"))
      if (control.value) (options as Record<string, string>)[control.dataset.option ?? ""] = control.value;
    const [north, east] = ["option-north", "option-east"].map((id) => byId<HTMLInputElement>(id).value.trim());
    if (north && east) options.constants = [Number(north), Number(east)];
    actions.options(options);
  });
}

/** Show the options of the draft in their controls. */
export function showOptions(options: Options, layers: string[]): void {
  for (const control of byId("options").querySelectorAll<HTMLInputElement>("[data-option]"))
    control.value = String((options as Record<string, unknown>)[control.dataset.option ?? ""] ?? "");
  byId<HTMLInputElement>("option-north").value = options.constants ? String(options.constants[0]) : "";
  byId<HTMLInputElement>("option-east").value = options.constants ? String(options.constants[1]) : "";
  byId("layers").replaceChildren(...layers.map((name) => el("option", { value: name })));
}
