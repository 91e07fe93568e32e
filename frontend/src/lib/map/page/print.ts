/** Printing the view as a map sheet in PDF at a chosen scale; made in the background. */
import { ask } from "../../http";
import { said, t } from "../../words";
import type { Bilingual } from "../setup";
import { byId, el } from "../../dom";
import { field } from "./dom";
import type { OneMap } from "./page";

interface JobTold {
  id: string;
  state: string;
  result: { file?: string; remarks?: Bilingual[] } | null;
  error: { message: Bilingual; hint?: Bilingual } | null;
}

const SCALES = [5000, 10000, 25000, 50000, 100000, 200000, 250000, 500000, 1000000];

export function printForm(page: OneMap): void {
  const title = el("input", { class: "form-control", maxlength: 60, value: t("规划一张图", "One map of the plan") });
  const scale = el(
    "select",
    { class: "form-select" },
    el("option", { value: "" }, t("放得下的最大比例尺", "largest that fits")),
    ...SCALES.map((value) => el("option", { value }, `1:${value.toLocaleString("en")}`)),
  );
  const size = el("select", { class: "form-select" }, ...["A4", "A3", "A2", "A1", "A0"].map((item) => el("option", { value: item }, item)));
  const office = el("input", { class: "form-control", maxlength: 60, value: byId("map").dataset.office ?? "", required: true });
  const status = el("div", { "aria-live": "polite" });
  const form = el(
    "form",
    {
      onsubmit: (event: Event) => {
        event.preventDefault();
        send();
      },
    },
    field(t("图名", "title"), title),
    field(t("比例尺", "scale"), scale, t("图幅以当前视图的中心为中心", "the sheet is centred on the view")),
    field(t("纸张", "paper"), size),
    field(t("编制单位", "prepared by"), office),
    el("button", { class: "btn btn-primary btn-sm" }, t("生成 PDF", "Make the PDF")),
    status,
  );
  const send = async () => {
    status.textContent = t("正在制图…", "Drawing…");
    try {
      const job = await ask<JobTold>(`/map/print?${page.query()}`, {
        body: {
          title: title.value,
          scale: Number(scale.value) || null,
          size: size.value,
          office: office.value,
          bounds: windowOf(page),
          layers: page.handle.visible.filter((id) => !id.includes("|")),
        },
      });
      await follow(job.id, status);
    } catch (error) {
      status.textContent = "";
      page.fail(error);
    }
  };
  page.panel(t("打印", "Print"), [form]);
}

function windowOf(page: OneMap): number[] {
  const { map } = page.handle;
  const [west, south, east, north] = map.getView().calculateExtent(map.getSize());
  return [...page.handle.toLonLat([west, south]), ...page.handle.toLonLat([east, north])];
}

async function follow(id: string, status: HTMLElement): Promise<void> {
  for (let wait = 400; ; wait = Math.min(wait * 1.4, 3000)) {
    await new Promise((resolve) => window.setTimeout(resolve, wait));
    const job = await ask<JobTold>(`/jobs/${id}`);
    if (job.error) {
      status.replaceChildren(
        el("div", { class: "alert alert-danger", role: "alert" }, said(job.error.message), " ", said(job.error.hint)),
      );
      return;
    }
    if (job.state === "cancelled") {
      status.textContent = t("已取消", "Cancelled");
      return;
    }
    if (job.result?.file) {
      status.replaceChildren(
        el("a", { class: "btn btn-sm btn-primary", href: job.result.file }, t("下载 PDF", "Fetch the PDF")),
        ...(job.result.remarks ?? []).map((text) => el("p", { class: "om-source" }, said(text))),
      );
      return;
    }
  }
}
