/** New review: paste, drop, draw; understand, mend, judge while it moves, submit. */
import WKT from "ol/format/WKT";
import "../styles/intake.css";
import { Failure, pageData, showProblem, clearProblems, type Problem } from "../lib/http";
import { Autosave } from "../lib/intake/autosave";
import { CornerTable } from "../lib/intake/corners";
import { byId, el } from "../lib/dom";
import { openTab, settled } from "../lib/intake/dom";
import { Draft } from "../lib/intake/draft";
import { Findings } from "../lib/intake/findings";
import type { Fact } from "../lib/intake/facts";
import { focusField, Form } from "../lib/intake/form";
import { bindInput, showOptions } from "../lib/intake/input";
import { Live, type LiveResult } from "../lib/intake/live";
import { IntakeMap, type DrawMode } from "../lib/intake/mapping";
import type { Block, Content, FieldFault, Geometry, Options, ReadAnswer, Suggestion } from "../lib/intake/model";
import type { Kind } from "../lib/intake/papers";
import { answered, ReadingPanel, withKeys } from "../lib/intake/reading";
import { handed } from "../lib/handover";
import { readFiles, readText, splitBlocks, submitDraft, takeSource } from "../lib/intake/server";
import { registerProjections } from "../lib/map/projections";
import { said, t } from "../lib/words";

interface Data {
  number: string;
  revision: number;
  content: Partial<Content> | null;
  today: string;
  account: string;
  begin: { q?: string; geom?: string; block?: string; right?: string; sample?: string };
  uploadMegabytes: number;
  facts: Fact[];
  attachments: Kind[];
  minerals: { name: string; english: string; aliases: string }[];
}

const data = pageData<Data>("intake-data");
const draft = new Draft();
const save = new Autosave(draft, data.account, data.number, data.revision);
const form = new Form(draft, data);
let map: IntakeMap | null = null;
let files: File[] = [];
let reads = 0;

// -- reading --------------------------------------------------------------------------------------

/** Read something; what comes back later than another reading is dropped. */
async function reading(question: () => Promise<ReadAnswer>, source: Content["source"]): Promise<void> {
  const mine = ++reads;
  clearProblems();
  panel.busy();
  try {
    const answer = await question();
    if (mine !== reads) return;
    understood(answer, answer.text ? { ...source, text: answer.text } : source);
  } catch (error) {
    if (mine !== reads) return;
    panel.show();
    showProblem(error);
  }
}

function understood(answer: ReadAnswer, source: Content["source"]): void {
  showOptions(answer.refused?.options ?? answer.options, answer.layers ?? []);
  if (answer.refused) {
    draft.change({ source, options: answer.refused.options }, "reading");
    panel.refuse(answer.refused);
    return;
  }
  const blocks = answer.blocks.map((block) => ({
    ...block,
    remarks: withKeys([...answer.remarks, ...block.remarks]),
  }));
  draft.change({ source, options: answer.options, blocks: blocks.length > 1 ? blocks : [] }, "reading");
  if (answer.text) byId<HTMLTextAreaElement>("text").value = answer.text;
  choose(blocks[0], 0);
}

/** Make a block the ground of this case. */
function choose(block: Block, index: number): void {
  const { remarks, understanding, alternatives } = block;
  draft.setGround(block.geometry, block.system, false, {
    chosen: index,
    reading: { understanding, remarks, alternatives },
    confirmed: [...new Set([...draft.content.confirmed, ...answered(remarks, draft.content.options)])],
  });
  form.fill(block.attributes, block.county);
  form.showFaults(block.faults);
  if (block.name && !draft.content.attributes.name) form.fill({ name: block.name }, "");
  map?.zoom();
}

/** Read the same again with other options. */
function again(options: Options): void {
  const { source } = draft.content;
  if (source.kind === "file" && files.length) void reading(() => readFiles(files, options), source);
  else if (source.text) void reading(() => readText(source.text ?? "", options), source);
  else
    showProblem(
      new Failure(0, {
        code: "E858",
        message: { zh: "原文件已不在本页", en: "the file is no longer in this page" },
        hint: { zh: "请重新拖入文件，再作选择", en: "drop the file again, then choose" },
      }),
    );
}

function takeFiles(found: File[]): void {
  const size = found.reduce((sum, file) => sum + file.size, 0);
  const limit = data.uploadMegabytes;
  if (size > limit * 1e6) {
    const megabytes = Math.round(size / 1e6);
    showProblem(
      new Failure(413, {
        code: "E921",
        message: { zh: `文件有 ${megabytes} MB，超过 ${limit} MB`, en: `the file has ${megabytes} MB, more than ${limit} MB` },
        hint: {
          zh: "一件申请的范围不会这么大：请只导出要核查的区块，或压缩为 ZIP；整个图层请由管理员用 minplan layers add 入库",
          en: "the ground of one application is never that large: export just the blocks in question, or make a ZIP; a whole layer is taken in by the administrator with minplan layers add",
        },
      }),
    );
    return;
  }
  files = found;
  openTab("tab-file");
  const name = found.map((file) => file.name).join("、");
  void reading(() => readFiles(found, {}), { kind: "file", name }).then(() => {
    if (draft.content.source.name === name && draft.content.geometry) save.keep(found);
  });
}

const panel = new ReadingPanel(draft, {
  again,
  choose: (index) => choose(draft.content.blocks[index], index),
  split: () => void split(),
});

async function split(): Promise<void> {
  const { blocks, source, options, attributes, date } = draft.content;
  const items = blocks.map((block, index) => {
    const { name, ...rest } = { ...attributes, ...block.attributes } as Record<string, unknown>;
    const title = block.attributes.name || block.name || `${String(name ?? "")}（${index + 1}）`;
    const county = block.attributes.county || block.county;
    return {
      content: {
        ...emptied(),
        source: { ...source, text: undefined },
        options,
        date,
        geometry: block.geometry,
        system: block.system,
        reading: { understanding: block.understanding, remarks: block.remarks, alternatives: [] },
        attributes: { ...rest, name: title, ...(county ? { county } : {}) },
      },
    };
  });
  try {
    const made = await splitBlocks(items);
    save.forget();
    location.assign(made.address);
  } catch (error) {
    showProblem(error);
  }
}

function emptied(): Content {
  return { ...draft.content, blocks: [], chosen: 0, confirmed: [], original: null, edited: false };
}

// -- the verdict ------------------------------------------------------------------------------------

const findings = new Findings({
  locate: (finding) => map?.locate(finding, true),
  take: (suggestion) => {
    draft.setGround(suggestion.geometry, suggestion.system, true);
    map?.zoom();
  },
  go: (key) => focusField(key),
});

function judged(result: LiveResult): void {
  findings.showBar(result);
  findings.showList(result);
  map?.showEvidence(result.findings);
  if (result.dragging) {
    suggested(null);
    return;
  }
  form.showMissing(result.missing ?? []);
  form.showFaults(result.faults);
}

function suggested(suggestion: Suggestion | null): void {
  findings.showSuggestion(suggestion);
  map?.showSuggestion(suggestion);
}

const live = new Live(draft, judged, suggested, (error) => {
  suggested(null);
  if (error instanceof Failure) findings.showFailure(said(error.problem.message), said(error.problem.hint));
  else findings.showFailure(String(error), "");
});
const ask = settled(250, () => live.ask());

// -- submitting ---------------------------------------------------------------------------------------

async function submit(): Promise<void> {
  const button = byId<HTMLButtonElement>("submit");
  button.disabled = true;
  clearProblems(byId("intake-errors"));
  try {
    await save.flush();
    const done = await submitDraft({
      number: save.number,
      revision: save.revision,
      content: draft.content,
      date: draft.content.date,
    });
    save.forget();
    location.assign(done.address);
  } catch (error) {
    if (error instanceof Failure) summary(error.problem);
    else showProblem(error);
    button.disabled = false;
  }
}

/** All that stands in the way, on top, each with a link to its field. */
function summary(problem: Problem): void {
  const faults = problem.faults ?? [problem];
  const told: FieldFault[] = faults.map((item) => ({
    code: item.code,
    field: String(item.place?.field ?? ""),
    message: said(item.message),
    hint: said(item.hint),
  }));
  const place = byId("intake-errors");
  place.replaceChildren(
    el(
      "div",
      { class: "alert alert-danger", role: "alert" },
      el("div", { class: "fw-bold" }, t(`提交前还有 ${told.length} 处要处理，填写的内容都在`, `${told.length} thing(s) to see to before it is submitted; nothing is lost`)),
      el(
        "ul",
        { class: "mb-0" },
        ...told.map((item) =>
          el(
            "li",
            {},
            item.field
              ? el("a", { href: "#attributes", onclick: (event) => { event.preventDefault(); focusField(item.field ?? ""); } }, item.message)
              : item.message,
            item.hint ? t("：", ": ") + item.hint : "",
            el("span", { class: "badge bg-red-lt ms-2" }, item.code),
          ),
        ),
      ),
    ),
  );
  place.focus();
  form.showFaults(told);
}

// -- the page -------------------------------------------------------------------------------------------

const corners = new CornerTable(draft, (corner) => map?.flash(corner));

function refresh(part: string): void {
  if (part === "ground" || part === "all") {
    map?.show();
    corners.show();
    if (draft.content.geometry) ask();
    else findings.showNothing();
  }
  if (part === "all") {
    form.show();
    byId<HTMLTextAreaElement>("text").value = draft.content.source.text ?? "";
    showOptions(draft.content.options, []);
  }
  if (part !== "attributes") panel.show();
  if (part === "attributes") ask();
  byId<HTMLButtonElement>("undo").disabled = !draft.canUndo;
  byId<HTMLButtonElement>("redo").disabled = !draft.canRedo;
  const samples = document.getElementById("samples");
  if (samples) samples.hidden = !!draft.content.geometry || !!draft.content.source.text;
}

function bindPage(): void {
  bindInput({
    text: (text) => void reading(() => readText(text, {}), { kind: "text", text }),
    files: takeFiles,
    source: (kind, code) => void reading(() => takeSource(kind, code), { kind, name: code }),
    options: again,
    failed: (error) => showProblem(error),
  });
  byId("submit").addEventListener("click", () => void submit());
  byId("intake").addEventListener("submit", (event) => event.preventDefault());
  byId("undo").addEventListener("click", () => draft.undo());
  byId("redo").addEventListener("click", () => draft.redo());
  byId("zoom-block").addEventListener("click", () => map?.zoom());
  byId("snap").addEventListener("change", (event) => map?.snap((event.target as HTMLInputElement).checked));
  byId("type-corners").addEventListener("click", () => corners.begin());
  for (const button of document.querySelectorAll<HTMLElement>("[data-draw]"))
    button.addEventListener("click", () => map?.draw(button.dataset.draw as DrawMode));
  for (const button of document.querySelectorAll<HTMLElement>("[data-sample]"))
    button.addEventListener("click", () => {
      const key = button.dataset.sample ?? "";
      void reading(() => takeSource("sample", key), { kind: "sample", name: key });
    });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || (event.target as HTMLElement).closest("input, textarea")) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) draft.undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) draft.redo();
    else return;
    event.preventDefault();
  });
}

/** What this browser kept and the server has not: put it back, and say so. */
function restore(): boolean {
  const kept = save.unsaved();
  if (!kept) return false;
  draft.load(kept.content);
  save.touch();
  const time = new Date(kept.time).toLocaleString();
  const drop = () => {
    save.discard();
    location.reload();
  };
  byId("intake-errors").replaceChildren(
    el(
      "div",
      { class: "alert alert-info", role: "status" },
      t(`已恢复 ${time} 未保存到服务器的内容。`, `What was entered at ${time} and not saved was put back. `),
      el("button", { type: "button", class: "btn btn-sm ms-2", onclick: drop }, t("不要，放弃它", "Discard it")),
    ),
  );
  return true;
}

function begin(): void {
  const { q, geom, block, right, sample } = data.begin;
  const box = byId<HTMLTextAreaElement>("text");
  if (q) {
    box.value = q;
    void reading(() => readText(q, {}), { kind: "text", text: q });
  } else if (geom) takeGeometry(geom);
  else if (block) void reading(() => takeSource("block", block), { kind: "block", name: block });
  else if (right) void reading(() => takeSource("right", right), { kind: "right", name: right });
  else if (sample) void reading(() => takeSource("sample", sample), { kind: "sample", name: sample });
  else restore();
}

/** A geometry of a link: GeoJSON or WKT in lon/lat, or corners as text. */
function takeGeometry(text: string): void {
  if (text.trim().startsWith("{"))
    void reading(() => readFiles([new File([text], "link.geojson")], {}), { kind: "file", name: "link.geojson" });
  else if (/^\s*(MULTI)?POLYGON/i.test(text)) {
    const found = new WKT().readGeometry(text) as unknown as { getType(): string; getCoordinates(): unknown };
    const geometry = { type: found.getType(), coordinates: found.getCoordinates() } as Geometry;
    draft.setGround(geometry, "lonlat", false, { source: { kind: "draw" } });
    map?.zoom();
  } else void reading(() => readText(text, {}), { kind: "text", text });
}

async function start(): Promise<void> {
  // the table of corners needs them before there is a map
  registerProjections();
  bindPage();
  draft.onChange(refresh);
  if (!data.content) draft.load({ date: data.today });
  else if (!restore()) draft.load(data.content);
  draft.onChange(() => save.touch());
  const begun = !data.content;
  try {
    map = await IntakeMap.create(draft, {
      drag: (geometry) => live.drag(geometry),
      drawing: (mode) => {
        for (const button of document.querySelectorAll<HTMLElement>("[data-draw]"))
          button.setAttribute("aria-pressed", String(button.dataset.draw === mode));
      },
    });
    map.show();
    map.zoom();
  } catch (error) {
    showProblem(error);
  }
  if (begun) await beginWith();
}

/** What another page handed over (too large for a link), else what the link says. */
async function beginWith(): Promise<void> {
  const given = new URLSearchParams(location.search).has("handed") ? await handed().catch(() => null) : null;
  if (given?.files) takeFiles(given.files);
  else if (given?.text) {
    const { text } = given;
    byId<HTMLTextAreaElement>("text").value = text;
    void reading(() => readText(text, {}), { kind: "text", text });
  } else begin();
}

void start();
