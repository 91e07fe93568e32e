/** The attributes form: what was typed, faults beside their fields, what is still missing. */
import { t } from "../words";
import { byId, el, icon } from "../dom";
import { openTab } from "./dom";
import type { Draft } from "./draft";
import { type Fact, Facts } from "./facts";
import type { Attributes, FieldFault, Missing } from "./model";
import { type Kind, type Paper, Papers } from "./papers";

interface Lists {
  facts: Fact[];
  attachments: Kind[];
  minerals: { name: string; english: string; aliases: string }[];
}

export class Form {
  private minerals: string[] = [];
  private readonly facts: Facts;
  private readonly papers: Papers;
  /** Fields that a reading filled and nobody has changed since: another reading may. */
  private readonly filled = new Set<string>();

  constructor(
    private readonly draft: Draft,
    private readonly lists: Lists,
  ) {
    byId("attributes").addEventListener("input", (event) => this.typed(event.target as HTMLElement));
    byId("attributes").addEventListener("change", (event) => this.typed(event.target as HTMLElement));
    this.facts = new Facts(lists.facts, () => this.store());
    this.papers = new Papers(lists.attachments, () => this.store());
    this.bindMinerals();
  }

  private typed(target: HTMLElement): void {
    const name = (target as HTMLInputElement).name;
    if (!name) return;
    this.filled.delete(name);
    this.clearFault(name);
    this.store();
  }

  /** What the form says, as the server reads it. */
  private store(): void {
    const attributes: Attributes = {};
    const reserves: Record<string, string> = {};
    for (const input of inputs()) {
      if (!input.value || input.name === "date") continue;
      if (input.name.startsWith("reserves.")) reserves[input.name.slice(9)] = input.value;
      else attributes[input.name] = input.value;
    }
    if (Object.keys(reserves).length) attributes.reserves = reserves;
    if (this.minerals.length) attributes.minerals = this.minerals;
    const [facts, papers] = [this.facts.values(), this.papers.values()];
    if (facts) attributes.facts = facts;
    if (papers) attributes.attachments = papers;
    this.draft.change({ attributes, date: field("date")?.value ?? "" }, "attributes");
  }

  /** Show the attributes of the draft. */
  show(): void {
    const { attributes, date } = this.draft.content;
    const reserves = (attributes.reserves ?? {}) as Record<string, unknown>;
    for (const input of inputs()) {
      if (input.readOnly) continue;
      const value = input.name.startsWith("reserves.") ? reserves[input.name.slice(9)] : attributes[input.name];
      input.value = value === undefined || value === null ? defaultOf(input) : String(value);
    }
    const day = field("date");
    if (day) day.value = date;
    this.minerals = [...((attributes.minerals ?? []) as string[])];
    this.facts.take((attributes.facts ?? {}) as Record<string, unknown>);
    this.papers.take((attributes.attachments ?? []) as Paper[]);
    this.showMinerals();
  }

  /** Fill in what a reading found, where nobody has typed anything. */
  fill(found: Attributes, county: string): void {
    const held = this.draft.content.attributes;
    const merged: Attributes = { ...held };
    const offered: Attributes = county && !found.county ? { ...found, county } : found;
    for (const [key, value] of Object.entries(offered)) {
      if (value === "" || value === null || value === undefined) continue;
      const mine = held[key];
      const free = mine === undefined || mine === "" || this.filled.has(key);
      if (!free && key !== "scale_unit" && key !== "reserves_unit") continue;
      merged[key] = value;
      this.filled.add(key);
    }
    this.draft.content.attributes = merged;
    this.show();
    this.store();
  }

  // -- minerals -----------------------------------------------------------------------------------

  private bindMinerals(): void {
    const input = byId<HTMLInputElement>("field-minerals");
    const take = () => {
      const names = input.value.split(/[、,，;；/\s]+/).filter(Boolean);
      if (!names.length) return;
      this.minerals = [...new Set([...this.minerals, ...names])];
      input.value = "";
      this.clearFault("minerals");
      this.showMinerals();
      this.store();
    };
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter" || event.key === "," || event.key === "，") {
        take();
        event.preventDefault();
      } else if (event.key === "Backspace" && !input.value && this.minerals.length) {
        this.minerals.pop();
        this.showMinerals();
        this.store();
      }
    });
    input.addEventListener("input", (event) => {
      const picked = (event as InputEvent).inputType === "insertReplacementText" || !("inputType" in event);
      const known = this.lists.minerals.some((item) => item.name === input.value);
      if (known && picked) take();
    });
    input.addEventListener("change", take);
  }

  private showMinerals(): void {
    byId("mineral-chips").replaceChildren(
      ...this.minerals.map((name, index) =>
        el(
          "span",
          { class: `badge ${index ? "bg-secondary-lt" : "bg-blue-lt"}` },
          name,
          el(
            "button",
            {
              type: "button",
              class: "intake-chip-x",
              "aria-label": t(`去掉${name}`, `Remove ${name}`),
              onclick: () => {
                this.minerals = this.minerals.filter((item) => item !== name);
                this.showMinerals();
                this.store();
              },
            },
            icon("x", 12),
          ),
        ),
      ),
    );
  }

  // -- what is missing, what is wrong ---------------------------------------------------------------

  /** Show what the unchecked rules wait for; a click opens the field. */
  showMissing(missing: Missing[]): void {
    const open = missing.filter((item) => ["field", "fact", "attachment"].includes(item.kind));
    const outside = missing.filter((item) => !["field", "fact", "attachment"].includes(item.kind));
    const badge = byId("missing-count");
    badge.hidden = !open.length;
    badge.textContent = t(`缺 ${open.length}`, `${open.length} open`);
    const place = byId("missing");
    const wasOpen = place.querySelector("details")?.open ?? true;
    if (!missing.length) {
      place.replaceChildren();
      return;
    }
    place.replaceChildren(
      el(
        "details",
        { class: "intake-missing", open: wasOpen },
        el("summary", {}, t(`缺什么：补上 ${open.length} 项可多核查一些规则`, `Missing: ${open.length} item(s) that open rules wait for`)),
        el(
          "div",
          { class: "intake-row" },
          ...open.slice(0, 24).map((item) =>
            el(
              "button",
              {
                type: "button",
                class: "btn btn-sm btn-pill",
                title: item.rules.join("、"),
                onclick: () => this.go(item),
              },
              item.word,
            ),
          ),
        ),
        outside.length
          ? el("p", { class: "small text-secondary mb-0" }, t("不能在此填写：", "Not to be filled in here: ") + outside.map((item) => item.word).join(t("、", ", ")))
          : null,
      ),
    );
  }

  /** Open and focus the place where something is filled in. */
  go(item: { kind: string; key: string }): void {
    openTab("tab-attributes");
    if (item.kind === "fact") this.facts.open(item.key);
    else if (item.kind === "attachment") this.papers.open(item.key);
    else focusField(item.key);
  }

  /** Show faults beside their fields; what is not of a field is left to the summary. */
  showFaults(faults: FieldFault[]): void {
    for (const old of document.querySelectorAll(".intake-field .invalid-feedback")) old.remove();
    for (const old of document.querySelectorAll("#attributes .is-invalid")) {
      old.classList.remove("is-invalid");
      old.removeAttribute("aria-invalid");
    }
    for (const fault of faults) {
      const box = fault.field ? boxOf(fault.field) : null;
      if (!box) continue;
      const control = box.querySelector<HTMLElement>("input, select, .form-control");
      control?.classList.add("is-invalid");
      control?.setAttribute("aria-invalid", "true");
      box.append(
        el("div", { class: "invalid-feedback d-block" }, fault.message + (fault.hint ? t("：", ": ") + fault.hint : "")),
      );
    }
  }

  private clearFault(name: string): void {
    const box = boxOf(name);
    box?.querySelector(".invalid-feedback")?.remove();
    box?.querySelector(".is-invalid")?.classList.remove("is-invalid");
  }
}

/** The field that a fault or a gap is about. */
function boxOf(key: string): HTMLElement | null {
  const alias: Record<string, string> = { elevation: "upper", reserves: "reserves.total", mineral: "minerals" };
  const wanted = alias[key] ?? key;
  return document.querySelector(`[data-field="${CSS.escape(wanted)}"]`);
}

/** Focus the field with a key, opening what hides it. */
export function focusField(key: string): void {
  if (key === "geometry") {
    openTab("tab-paste");
    byId("text").focus();
    return;
  }
  if (key === "remarks") {
    document.querySelector<HTMLElement>(".intake-remark.confirm:not(.confirmed) button")?.focus();
    return;
  }
  openTab("tab-attributes");
  const box = boxOf(key);
  box?.querySelector<HTMLElement>("input, select")?.focus();
  box?.scrollIntoView({ block: "center" });
}

function inputs(): HTMLInputElement[] {
  return [...byId("attributes").querySelectorAll<HTMLInputElement>("input[name], select[name]")];
}

function field(name: string): HTMLInputElement | null {
  return byId("attributes").querySelector<HTMLInputElement>(`[name="${name}"]`);
}

function defaultOf(input: HTMLInputElement | HTMLSelectElement): string {
  const isUnit = input.name === "scale_unit" || input.name === "reserves_unit";
  return isUnit ? ((input as unknown as HTMLSelectElement).options[input.name === "scale_unit" ? 0 : 1]?.value ?? "") : "";
}
