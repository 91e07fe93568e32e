/** Documents of a case (附件): those added, each with number, issuer and date. */
import { t } from "../words";
import { byId, el, icon } from "../dom";
import { offer } from "./dom";

export interface Kind {
  key: string;
  word: string;
}

export interface Paper {
  kind: string;
  number?: string;
  issuer?: string;
  date?: string;
  conclusion?: string;
}

export class Papers {
  private held: Paper[] = [];

  constructor(
    private readonly kinds: Kind[],
    private readonly changed: () => void,
  ) {
    offer("add-attachment", t("添加附件…", "Add a document…"), kinds, (kind) => this.open(kind));
  }

  /** The documents that were added, undefined when there are none. */
  values(): Paper[] | undefined {
    return this.held.length ? this.held : undefined;
  }

  /** Show the documents of a draft. */
  take(papers: Paper[]): void {
    this.held = [...papers];
    this.show();
  }

  /** Show the fields of a kind of document and go to them. */
  open(kind: string): void {
    if (!this.held.some((item) => item.kind === kind)) this.held.push({ kind });
    this.show();
    this.changed();
    byId(`paper-${kind}`).focus();
  }

  private show(): void {
    const words = new Map(this.kinds.map((item) => [item.key, item.word]));
    byId("attachments").replaceChildren(
      ...this.held.map((paper, index) => {
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
            this.changed();
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
                  this.held = this.held.filter((item) => item !== paper);
                  this.show();
                  this.changed();
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
}
