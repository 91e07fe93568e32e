/** What the intake asks of the server. */
import { ask } from "../http";
import type { Attributes, Content, Geometry, LiveAnswer, Options, ReadAnswer } from "./model";

export interface Stored {
  number: string;
  revision: number;
  title: string;
  edit: string;
  address: string;
}

export interface Source {
  kind: "block" | "right";
  code: string;
  name: string;
  word: string;
  county: string;
  minerals: string;
}

export function readText(text: string, options: Options): Promise<ReadAnswer> {
  return ask<ReadAnswer>("/cases/read", { body: { text, options } });
}

export function readFiles(files: File[], options: Options): Promise<ReadAnswer> {
  const form = new FormData();
  for (const file of files) form.append("file", file);
  form.append("options", JSON.stringify(options));
  return ask<ReadAnswer>("/cases/read", { body: form });
}

export function takeSource(kind: "block" | "right" | "sample", key: string): Promise<ReadAnswer> {
  return ask<ReadAnswer>(`/cases/source?${kind}=${encodeURIComponent(key)}`);
}

export function findSources(query: string): Promise<{ items: Source[]; count: number }> {
  return ask(`/cases/sources?q=${encodeURIComponent(query)}`);
}

export interface LiveQuestion {
  geometry: Geometry;
  system: string;
  attributes: Attributes;
  date: string;
  drag: boolean;
  suggest?: boolean;
  known: string[];
}

export function judge(question: LiveQuestion, signal?: AbortSignal): Promise<LiveAnswer> {
  return ask<LiveAnswer>("/cases/live", { body: question, signal });
}

interface Written {
  number: string;
  revision: number;
  content: Content;
}

export function saveDraft(draft: Written): Promise<Stored> {
  return ask<Stored>("/cases/draft", { body: draft });
}

export function submitDraft(draft: Written & { date: string }): Promise<Stored> {
  return ask<Stored>("/cases/submit", { body: draft });
}

export function storedDraft(number: string): Promise<Stored & { content: Content; by: string }> {
  return ask(`/cases/${encodeURIComponent(number)}/draft`);
}

export function keepFiles(number: string, files: File[]): Promise<Stored> {
  const form = new FormData();
  for (const file of files) form.append("file", file);
  return ask<Stored>(`/cases/${encodeURIComponent(number)}/input`, { body: form });
}

export function splitBlocks(items: { content: Content }[]): Promise<{ cases: Stored[]; address: string }> {
  return ask("/cases/split", { body: { items } });
}
