/** The area of a query: a county, a zone, a polygon drawn on the map, or a file. */
import { ask, showProblem } from "../http";
import type { Sketch } from "../map";
import { said, t } from "../words";
import { el, icon } from "../dom";
import { fill } from "./dom";
import type { Bilingual, Ground, SourceCard } from "./types";

interface ZoneLayer extends SourceCard {
  layer: string;
  items: { key: string; name: string }[];
}

/** What the page does when somebody wants to draw: it calls back with the polygon. */
export type DrawRequest = (drawn: (sketch: Sketch) => void) => void;

const COUNTIES = "XZQ";

export class GroundEditor {
  private layers: ZoneLayer[] = [];
  private shape: object | null = null;
  private shapeName = "";
  private readonly kind = el("select", { class: "form-select form-select-sm", "aria-label": t("范围的种类", "kind of area") });
  private readonly place = el("div", { class: "q-area" });
  private readonly relation = el("select", { class: "form-select form-select-sm", "aria-label": t("空间关系", "how rows lie to the area") });
  private readonly share = el("input", { class: "form-control form-control-sm", type: "number", min: 0, max: 100, step: "any", id: "share" });
  private readonly shareLabel = el("label", { class: "q-share", for: "share" }, t("至少占要素面积", "at least of its area"), this.share, "%");
  private zone: HTMLSelectElement | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly draw: DrawRequest,
    private readonly changed: (shape: object | null) => void,
  ) {
    fill(this.kind, [
      { value: "", text: t("不限", "anywhere") },
      { value: "county", text: t("县区", "a county") },
      { value: "zone", text: t("规划分区或区块", "a zone or block") },
      { value: "draw", text: t("在图上画", "drawn on the map") },
      { value: "file", text: t("上传文件", "from a file") },
    ]);
    fill(this.relation, [
      { value: "intersects", text: t("与范围相交", "overlap the area") },
      { value: "within", text: t("全部在范围内", "lie within the area") },
      { value: "touches", text: t("与范围相接", "touch the area") },
    ]);
    this.kind.addEventListener("change", () => void this.offer(null));
    this.relation.addEventListener("change", () => this.refresh());
    element.append(this.kind, this.place, this.relation, this.shareLabel);
    this.refresh();
  }

  /** Sources without geometry have no area. */
  enable(on: boolean): void {
    this.element.hidden = !on;
  }

  /** The spatial condition, undefined where there is none. */
  get ground(): Ground | undefined {
    if (this.element.hidden || !this.kind.value) return undefined;
    const common = { relation: this.relation.value, share: this.relation.value === "intersects" ? Number(this.share.value || 0) / 100 : 0 };
    if (this.kind.value === "draw" || this.kind.value === "file")
      return this.shape ? { ...common, shape: this.shape, name: this.shapeName } : undefined;
    if (!this.zone?.value) return undefined;
    const [layer, key] = JSON.parse(this.zone.value) as [string, string];
    return { ...common, layer, key, name: this.zone.selectedOptions[0]?.textContent ?? key };
  }

  async set(ground: Ground | undefined): Promise<void> {
    this.shape = ground?.shape ?? null;
    this.shapeName = ground?.name ?? "";
    this.kind.value = !ground ? "" : ground.shape ? "draw" : ground.layer === COUNTIES ? "county" : "zone";
    if (ground) {
      this.relation.value = ground.relation;
      this.share.value = ground.share ? String(ground.share * 100) : "";
    }
    await this.offer(ground ?? null);
  }

  private async offer(ground: Ground | null): Promise<void> {
    this.zone = null;
    this.place.replaceChildren();
    if (!ground?.shape) this.shape = null;
    this.changed(this.shape);
    switch (this.kind.value) {
      case "county":
      case "zone":
        await this.offerZones(this.kind.value === "county", ground);
        break;
      case "draw":
        this.offerDrawing();
        break;
      case "file":
        this.offerFile();
    }
    this.refresh();
  }

  private async offerZones(counties: boolean, ground: Ground | null): Promise<void> {
    try {
      if (!this.layers.length)
        this.layers = (await ask<{ layers: ZoneLayer[] }>("/query/zones")).layers;
    } catch (error) {
      showProblem(error);
      return;
    }
    const wanted = this.layers.filter((item) => (item.layer === COUNTIES) === counties);
    this.zone = el("select", { class: "form-select form-select-sm", "aria-label": counties ? t("县区", "county") : t("分区或区块", "zone or block") });
    const items = wanted.flatMap((layer) =>
      layer.items.map((item) => ({
        value: JSON.stringify([layer.layer, item.key]),
        text: item.name,
        group: counties ? undefined : said(layer.name),
      })),
    );
    fill(this.zone, items, ground ? JSON.stringify([ground.layer, ground.key]) : "");
    this.place.append(this.zone);
  }

  private offerDrawing(): void {
    const button = el("button", { type: "button", class: "btn btn-sm" }, icon("polygon"), t(" 在图上画范围", " Draw on the map"));
    const told = el("span", { class: "text-secondary", "aria-live": "polite" }, this.shape ? t("已有范围", "there is an area") : "");
    button.addEventListener("click", () => {
      told.textContent = t("点击各角，双击结束", "click the corners, double click to end");
      this.draw((sketch) => {
        this.shape = sketch.geometry;
        this.shapeName = "";
        told.textContent = `${(sketch.area / 1e6).toFixed(4)} km²`;
        this.changed(this.shape);
      });
    });
    this.place.append(button, told);
  }

  private offerFile(): void {
    const input = el("input", { class: "form-control form-control-sm", type: "file", "aria-label": t("范围文件", "file with the area") });
    const told = el("div", { class: "text-secondary small", "aria-live": "polite" }, t("文本、Excel、Shapefile 压缩包、KML、DXF 等", "text, Excel, zipped shapefile, KML, DXF, …"));
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (!file) return;
      const body = new FormData();
      body.append("file", file);
      ask<{ shape: object; name: string; remarks: Bilingual[] }>("/query/area", { body })
        .then((found) => {
          this.shape = found.shape;
          this.shapeName = found.name;
          told.textContent = [found.name, ...found.remarks.map(said)].join(t("；", "; "));
          this.changed(this.shape);
        })
        .catch((error) => showProblem(error));
    });
    this.place.append(input, told);
  }

  private refresh(): void {
    this.relation.hidden = !this.kind.value;
    this.shareLabel.hidden = !this.kind.value || this.relation.value !== "intersects";
  }
}
