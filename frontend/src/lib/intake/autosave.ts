/** Nothing typed is lost: the draft goes to the server every two seconds and into the browser. */
import { Failure } from "../http";
import { said, t } from "../words";
import { byId, el } from "../dom";
import type { Draft } from "./draft";
import type { Content } from "./model";
import { keepFiles, saveDraft, storedDraft, type Stored } from "./server";

const EVERY_MS = 2000;
const RETRY_MS = 5000;

interface Local {
  number: string;
  revision: number;
  content: Content;
  time: string;
  saved: boolean;
}

export class Autosave {
  private dirty = false;
  private running: Promise<void> | null = null;
  private stopped = false;
  private timer = 0;
  private files: File[] = [];

  constructor(
    private readonly draft: Draft,
    private readonly account: string,
    public number: string,
    public revision: number,
  ) {
    window.addEventListener("online", () => this.soon(0));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.dirty) this.soon(0);
    });
  }

  private get key(): string {
    return `minplan.intake.${this.account}.${this.number || "new"}`;
  }

  /** Note that something changed. */
  touch(): void {
    if (this.draft.isEmpty && !this.number) return;
    this.dirty = true;
    this.keepHere(false);
    this.soon(EVERY_MS);
  }

  /** The file that was read is kept with the case as well. */
  keep(files: File[]): void {
    this.files = files;
    this.touch();
  }

  private soon(wait: number): void {
    if (this.stopped || !this.dirty) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush().catch(() => undefined), wait);
  }

  /** Save now; raises Failure when it does not work, and keeps trying. */
  async flush(): Promise<void> {
    if (this.running) await this.running.catch(() => undefined);
    if (!this.dirty || this.stopped) return;
    this.running = this.save();
    try {
      await this.running;
    } finally {
      this.running = null;
    }
  }

  private async save(): Promise<void> {
    this.tell(t("正在保存…", "Saving…"));
    this.dirty = false;
    try {
      this.saved(await saveDraft({ number: this.number, revision: this.revision, content: this.draft.content }));
      if (this.files.length) {
        const files = this.files;
        this.files = [];
        this.revision = (await keepFiles(this.number, files)).revision;
      }
      this.keepHere(true);
      this.tell(t(`已保存 ${clock()}`, `Saved ${clock()}`));
    } catch (error) {
      this.dirty = true;
      this.keepHere(false);
      this.troubled(error);
      throw error;
    }
  }

  private saved(stored: Stored): void {
    const first = !this.number;
    if (first) {
      try {
        localStorage.removeItem(this.key);
      } catch {
        // the browser keeps nothing; the server does
      }
    }
    this.number = stored.number;
    this.revision = stored.revision;
    if (first) {
      history.replaceState(null, "", stored.edit);
      const place = document.getElementById("intake-number");
      if (place) place.textContent = stored.number;
    }
    const title = document.getElementById("intake-title");
    if (title && stored.title !== stored.number) title.textContent = stored.title;
  }

  private troubled(error: unknown): void {
    if (!(error instanceof Failure)) {
      this.tell(String(error), "bad");
      return;
    }
    if (error.problem.code === "E851") {
      this.conflict();
      return;
    }
    const here = t("内容已存在本机", "kept in this browser");
    if (error.status === 0) this.tell(t(`网络中断，${here}，恢复后自动保存`, `No network: ${here}, saved once it is back`), "bad");
    else if (error.status === 401 || error.problem.code === "E954")
      this.tell(t(`登录已过期，${here}。`, `The session has expired: ${here}. `), "bad", loginLink());
    else this.tell(`${said(error.problem.message)} ${t(`（${here}）`, `(${here})`)}`, "bad");
    if (error.status === 0 || error.status === 401 || error.status >= 500) this.soon(RETRY_MS);
  }

  /** Somebody, or another window, saved in between: nothing is overwritten without being asked. */
  private conflict(): void {
    this.stopped = true;
    const again = async (load: boolean) => {
      const theirs = await storedDraft(this.number);
      this.revision = theirs.revision;
      this.stopped = false;
      if (load) this.draft.load(theirs.content);
      this.dirty = !load;
      this.keepHere(load);
      this.tell("");
      this.soon(0);
    };
    this.tell(
      t("这份草稿在别处改过，本页的内容还没有覆盖它。", "This draft was changed elsewhere; this page has not overwritten it. "),
      "bad",
      el("button", { type: "button", class: "btn btn-sm", onclick: () => void again(true) }, t("载入别处的", "Load the other one")),
      el("button", { type: "button", class: "btn btn-sm", onclick: () => void again(false) }, t("用本页的覆盖", "Overwrite it with this page")),
    );
  }

  private tell(words: string, look = "", ...more: Node[]): void {
    const place = byId("save-state");
    place.className = `intake-saved ${look}`;
    place.replaceChildren(words, ...more);
  }

  // -- in this browser ----------------------------------------------------------------------------

  private keepHere(saved: boolean): void {
    const local: Local = { number: this.number, revision: this.revision, content: this.draft.content, time: new Date().toISOString(), saved };
    try {
      localStorage.setItem(this.key, JSON.stringify(local));
    } catch {
      // full or forbidden: the server still keeps it
    }
  }

  /** What this browser kept and the server did not get; null when there is nothing. */
  unsaved(): Local | null {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "null") as Local | null;
      return kept && !kept.saved ? kept : null;
    } catch {
      return null;
    }
  }

  /** Forget what this browser kept. */
  forget(): void {
    this.stopped = true;
    window.clearTimeout(this.timer);
    try {
      localStorage.removeItem(this.key);
    } catch {
      // nothing was kept
    }
  }

  /** Forget the unsaved copy of an earlier visit, and go on. */
  discard(): void {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // nothing was kept
    }
  }
}

function clock(): string {
  return new Date().toTimeString().slice(0, 5);
}

function loginLink(): HTMLElement {
  return el("a", { href: "/login", target: "_blank", class: "btn btn-sm" }, t("在新标签页登录", "Log in in another tab"));
}
