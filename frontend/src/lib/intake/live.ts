/** The live verdict: asked at every change, one question at a time, the latest wins. */
import { Failure } from "../http";
import type { Draft } from "./draft";
import type { Finding, Geometry, LiveAnswer, Suggestion } from "./model";
import { judge } from "./server";

export interface LiveResult extends LiveAnswer {
  findings: Finding[];
  /** Whether a corner is being dragged, so that there is no suggestion yet. */
  dragging: boolean;
}

interface Waiting {
  geometry: Geometry;
  system: string;
  drag: boolean;
}

/** How long nothing must change before a suggestion is worth its time. */
const REST_MS = 600;

export class Live {
  private readonly known = new Map<string, Finding>();
  private waiting: Waiting | null = null;
  private running = false;
  private timer = 0;
  private suggesting: AbortController | null = null;

  constructor(
    private readonly draft: Draft,
    private readonly told: (result: LiveResult) => void,
    private readonly suggested: (suggestion: Suggestion | null) => void,
    private readonly failed: (failure: unknown) => void,
  ) {}

  /** Ask for the ground of the draft as it is. */
  ask(): void {
    const { geometry, system } = this.draft.content;
    if (geometry) this.put({ geometry, system, drag: false });
  }

  /** Ask while the hand moves a corner. */
  drag(geometry: Geometry): void {
    this.put({ geometry, system: this.draft.content.system, drag: true });
  }

  private put(question: Waiting): void {
    window.clearTimeout(this.timer);
    this.suggesting?.abort();
    this.waiting = question;
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting) {
      const question = this.waiting;
      this.waiting = null;
      const { attributes, date } = this.draft.content;
      try {
        const answer = await judge({ ...question, attributes, date, known: [...this.known.keys()] });
        const findings = this.whole(answer.findings ?? [], answer.geometries ?? []);
        this.told({ ...answer, findings, dragging: question.drag });
        if (answer.verdict?.key !== "not-conforming") this.suggested(null);
        else if (!this.waiting && !question.drag)
          this.timer = window.setTimeout(() => void this.suggest(question), REST_MS);
      } catch (error) {
        if (!(error instanceof Failure) || !this.waiting) this.failed(error);
      }
    }
    this.running = false;
  }

  /** Ask for the part that would pass; any change meanwhile makes it void. */
  private async suggest(question: Waiting): Promise<void> {
    const { attributes, date } = this.draft.content;
    this.suggesting = new AbortController();
    try {
      const known = [...this.known.keys()];
      const { signal } = this.suggesting;
      const answer = await judge({ ...question, attributes, date, known, suggest: true }, signal);
      this.suggested(answer.suggestion ?? null);
    } catch (error) {
      if ((error as Error).name !== "AbortError") this.suggested(null);
    }
  }

  /** Findings that were not sent again come from what is known. */
  private whole(sent: Finding[], geometries: string[]): Finding[] {
    const parsed = geometries.map((text) => JSON.parse(text) as object);
    for (const evidence of sent.flatMap((item) => item.evidence ?? []))
      if (evidence.place !== undefined) evidence.geometry = parsed[evidence.place];
    const found = sent.map((item) => (item.title ? item : this.known.get(item.key))).filter(Boolean) as Finding[];
    this.known.clear();
    for (const item of found) this.known.set(item.key, item);
    return found;
  }
}
