/** The bar with which a result leaves as a file. */
import { ask, clearProblems, showProblem } from "../http";
import { said, t } from "../words";
import { el, icon } from "../dom";
import { fill } from "./dom";
import type { Bilingual, Query, Source } from "./types";

const DRAWN_ONLY = new Set(["shp", "geojson", "kml"]);
const LONLAT_ONLY = new Set(["geojson", "kml"]);
const PEOPLE = new Set(["xlsx", "csv"]);

interface Answer {
  file?: string;
  job?: string;
  name?: string;
  remarks?: Bilingual[];
}

export class ExportBar {
  private readonly format = el("select", { class: "form-select form-select-sm", "aria-label": t("格式", "format") });
  private readonly system = el("select", { class: "form-select form-select-sm", "aria-label": t("坐标系", "coordinate system") });
  private readonly encoding = el("select", { class: "form-select form-select-sm", "aria-label": t("编码", "encoding") });
  private readonly button = el("button", { type: "button", class: "btn btn-primary btn-sm" }, icon("download"), t(" 导出", " Export"));
  private readonly told = el("span", { class: "text-secondary small", "aria-live": "polite" });

  constructor(
    element: HTMLElement,
    private readonly formats: { key: string; name: Bilingual }[],
    private readonly query: () => Query,
  ) {
    fill(this.system, [
      { value: "lonlat", text: t("经纬度 EPSG:4490", "lon/lat EPSG:4490") },
      { value: "zone", text: t("所在 3 度带", "its 3° zone") },
      { value: "zones", text: t("按 3 度带分开", "split by 3° zone") },
    ]);
    fill(this.encoding, [
      { value: "UTF-8", text: "UTF-8" },
      { value: "GBK", text: "GBK" },
    ]);
    this.format.addEventListener("change", () => this.refresh());
    this.button.addEventListener("click", () => void this.send());
    element.append(this.format, this.system, this.encoding, this.button, this.told);
  }

  offer(source: Source): void {
    const kept = this.format.value || "xlsx";
    const fit = this.formats.filter((item) => source.geometry || !DRAWN_ONLY.has(item.key));
    fill(this.format, fit.map((item) => ({ value: item.key, text: said(item.name) })), kept);
    this.refresh();
  }

  private refresh(): void {
    const key = this.format.value;
    this.system.hidden = LONLAT_ONLY.has(key) || PEOPLE.has(key);
    this.encoding.hidden = key !== "shp";
  }

  private async send(): Promise<void> {
    this.button.disabled = true;
    this.told.textContent = t("正在写出…", "writing…");
    clearProblems();
    try {
      const found = await ask<Answer>("/query/export", {
        body: {
          query: this.query(),
          format: this.format.value,
          system: this.system.hidden ? "lonlat" : this.system.value,
          encoding: this.encoding.value,
        },
      });
      if (found.job) {
        location.href = found.job;
        return;
      }
      this.told.textContent = [found.name ?? "", ...(found.remarks ?? []).map(said)].join(t("；", "; "));
      if (found.file) location.href = found.file;
    } catch (error) {
      this.told.textContent = "";
      showProblem(error);
    } finally {
      this.button.disabled = false;
    }
  }
}
