/** The draft in the page: one place to change it, listeners, undo and redo of the ground. */
import { emptyContent, type Content, type Geometry } from "./model";

type Part = "ground" | "attributes" | "reading" | "all";
type Listener = (part: Part) => void;

interface Step {
  geometry: Geometry | null;
  system: string;
  edited: boolean;
  original: Content["original"];
}

const MOST_STEPS = 200;

export class Draft {
  content: Content = emptyContent();
  private readonly listeners: Listener[] = [];
  private past: Step[] = [];
  private future: Step[] = [];

  /** Tell somebody of every change. */
  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  private tell(part: Part): void {
    for (const listener of this.listeners) listener(part);
  }

  /** Take a whole draft up, as it was kept. */
  load(content: Partial<Content>): void {
    this.content = { ...emptyContent(), ...content };
    [this.past, this.future] = [[], []];
    this.tell("all");
  }

  /** Change what was read, chosen or typed. */
  change(patch: Partial<Content>, part: Part): void {
    Object.assign(this.content, patch);
    this.tell(part);
  }

  /** Change the ground; ``edited`` says that a person moved it after it was read. */
  setGround(geometry: Geometry | null, system: string, edited: boolean, more: Partial<Content> = {}): void {
    this.past.push(this.step());
    if (this.past.length > MOST_STEPS) this.past.shift();
    this.future = [];
    const before = this.content;
    if (edited && before.geometry && !before.original)
      before.original = { geometry: before.geometry, system: before.system };
    if (!edited) before.original = null;
    Object.assign(before, { geometry, system, edited: edited && before.source.kind !== "draw" }, more);
    this.tell("ground");
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  undo(): void {
    this.move(this.past, this.future);
  }

  redo(): void {
    this.move(this.future, this.past);
  }

  private move(from: Step[], to: Step[]): void {
    const step = from.pop();
    if (!step) return;
    to.push(this.step());
    Object.assign(this.content, step);
    this.tell("ground");
  }

  private step(): Step {
    const { geometry, system, edited, original } = this.content;
    return { geometry, system, edited, original };
  }

  /** Whether anything was entered that is worth keeping. */
  get isEmpty(): boolean {
    const { source, geometry, attributes } = this.content;
    const typed = Object.entries(attributes).some(
      ([key, value]) => value && !["county", "scale_unit", "reserves_unit"].includes(key),
    );
    return !source.text && !geometry && !typed;
  }
}
