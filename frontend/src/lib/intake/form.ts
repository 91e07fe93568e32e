/** The attributes form: what was typed, faults beside their fields, what is still missing. */
import { t } from "../words";
import { byId, el, icon } from "../dom";
import { openTab } from "./dom";
import type { Draft } from "./draft";
import type { Attributes, FieldFault, Missing } from "./model";

export interface Fact {
  key: string;
  word: string;
  type: "bool" | "number" | "text" | "choice" | "date";
  unit: string;
  help: string;
  /** What is stored, and what is shown. */
  choices: [string, string][];
}

export interface Kind {
  key: string;
  word: string;
}

interface Paper {
  kind: string;
  number?: string;
  issuer?: string;
  date?: string;
  conclusion?: string;
}

interface Lists {
  facts: Fact[];
  attachments: Kind[];
  minerals: { name: string; english: string; aliases: string }[];
}

export class Form {
  private minerals: string[] = [];
  private facts = new Map<string, string>();
  private papers: Paper[] = [];
  /** Fields that a reading filled and nobody has changed since: another reading may. */
  private readonly filled = new Set<string>();

  constructor(
    private readonly draft: Draft,
    private readonly lists: Lists,
  ) {
    byId("attributes").addEventListener("input", (event) => this.typed(event.target as HTMLElement));
    byId("attributes").addEventListener("change", (event) => this.typed(event.target as HTMLElement));
    this.bindMinerals();
    this.bindAdders();
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
    const facts = [...this.facts].filter(([, value]) => value !== "");
    if (facts.length) attributes.facts = Object.fromEntries(facts);
    if (this.papers.length) attributes.attachments = this.papers;
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
    this.facts = new Map(
      Object.entries((attributes.facts ?? {}) as Record<string, unknown>).map(([key, value]) => [key, worded(value)]),
    );
    this.papers = [...((attributes.attachments ?? []) as Paper[])];
    this.showMinerals();
    this.showFacts();
    this.showPapers();
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

  // -- facts and documents ------------------------------------------------------------------------

  private bindAdders(): void {
    const fact = byId<HTMLSelectElement>("add-fact");
    fact.append(
      el("option", { value: "" }, t("添加申报事实…", "Add a fact…")),
      ...this.lists.facts.map((item) => el("option", { value: item.key }, item.word)),
    );
    fact.addEventListener("change", () => {
      if (fact.value) this.openFact(fact.value);
      fact.value = "";
    });
    const paper = byId<HTMLSelectElement>("add-attachment");
    paper.append(
      el("option", { value: "" }, t("添加附件…", "Add a document…")),
      ...this.lists.attachments.map((item) => el("option", { value: item.key }, item.word)),
    );
    paper.addEventListener("change", () => {
      if (paper.value) this.openPaper(paper.value);
      paper.value = "";
    });
  }

  private openFact(key: string): void {
    if (!this.facts.has(key)) this.facts.set(key, "");
    this.showFacts();
    byId(`fact-${key}`).focus();
  }

  private openPaper(kind: string): void {
    if (!this.papers.some((item) => item.kind === kind)) this.papers.push({ kind });
    this.showPapers();
    this.store();
    byId(`paper-${kind}`).focus();
  }

  private showFacts(): void {
    const known = new Map(this.lists.facts.map((item) => [item.key, item]));
    byId("facts").replaceChildren(
      ...[...this.facts].flatMap(([key, value]) => {
        const fact = known.get(key);
        return fact ? [this.factField(fact, value)] : [];
      }),
    );
  }

  private factField(fact: Fact, value: string): HTMLElement {
    const id = `fact-${fact.key}`;
    const common = { id, class: "form-control form-control-sm", "aria-describedby": `${id}-hint` };
    const control =
      fact.type === "bool" || fact.type === "choice"
        ? el(
            "select",
            { ...common, class: "form-select form-select-sm" },
            el("option", { value: "" }),
            ...(fact.type === "bool"
              ? [el("option", { value: "是" }, t("是", "yes")), el("option", { value: "否" }, t("否", "no"))]
              : fact.choices.map(([item, shown]) => el("option", { value: item }, shown))),
          )
        : el("input", { ...common, type: fact.type === "date" ? "date" : "text", inputmode: fact.type === "number" ? "decimal" : undefined });
    control.value = value;
    control.addEventListener("change", () => {
      this.facts.set(fact.key, control.value);
      this.store();
    });
    const unit = fact.unit ? t(`（${fact.unit}）`, ` (${fact.unit})`) : "";
    return el(
      "div",
      { class: "intake-field wide", "data-field": `facts.${fact.key}` },
      el("label", { class: "form-label", for: id }, fact.word + unit),
      el(
        "div",
        { class: "intake-row" },
        control,
        el(
          "button",
          {
            type: "button",
            class: "btn btn-sm btn-icon btn-ghost-secondary",
            "aria-label": t(`去掉：${fact.word}`, `Remove: ${fact.word}`),
            onclick: () => {
              this.facts.delete(fact.key);
              this.showFacts();
              this.store();
            },
          },
          icon("x"),
        ),
      ),
      el("div", { class: "intake-hint", id: `${id}-hint` }, fact.help),
    );
  }

  private showPapers(): void {
    const words = new Map(this.lists.attachments.map((item) => [item.key, item.word]));
    byId("attachments").replaceChildren(
      ...this.papers.map((paper, index) => {
        const id = `paper-${paper.kind}`;
        const word = words.get(paper.kind) ?? paper.kind;
        const input = (key: "number" | "issuer" | "date", label: string, type = "text") => {
          const control = el("input", {
            id: key === "number" ? id : undefined,
            class: "form-control form-control-sm",
            type,
            placeholder: label,
            "aria-label": `${word} ${label}`,
          });
          control.value = paper[key] ?? "";
          control.addEventListener("change", () => {
            paper[key] = control.value;
            this.store();
          });
          return control;
        };
        return el(
          "div",
          { class: "intake-paper", "data-field": `attachments[${index + 1}]` },
          el(
            "div",
            { class: "intake-row" },
            el("strong", {}, word),
            el(
              "button",
              {
                type: "button",
                class: "btn btn-sm btn-icon btn-ghost-secondary ms-auto",
                "aria-label": t(`去掉：${word}`, `Remove: ${word}`),
                onclick: () => {
                  this.papers = this.papers.filter((item) => item !== paper);
                  this.showPapers();
                  this.store();
                },
              },
              icon("x"),
            ),
          ),
          el(
            "div",
            { class: "intake-row" },
            input("number", t("文号", "number")),
            input("issuer", t("出具单位", "issuer")),
            input("date", t("日期", "date"), "date"),
          ),
        );
      }),
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
    if (item.kind === "fact") this.openFact(item.key);
    else if (item.kind === "attachment") this.openPaper(item.key);
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

function worded(value: unknown): string {
  if (value === true) return "是";
  if (value === false) return "否";
  if (value && typeof value === "object" && "date" in value) return String(value.date);
  return value === null || value === undefined ? "" : String(value);
}
