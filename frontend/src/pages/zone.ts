/** The card of a zone, and changesets: a map with what was before and what is after. */
import "../styles/zones.css";
import { pageData, showProblem } from "../lib/http";
import { createMap, SELECTED, type AsOf, type Geo, type Look, type MapHandle } from "../lib/map";

const BEFORE: Look = { line: "#8A2A0B", width: 2.5, dash: [7, 5], fill: "#8A2A0B", alpha: 0.06 };
const AFTER: Look = { line: "#0F4F86", width: 3, fill: "#0F4F86", alpha: 0.14 };

interface Change {
  before: Geo | null;
  after: Geo | null;
}

function compare(handle: MapHandle, change: Change): void {
  handle.remove("own");
  handle.remove("before");
  handle.remove("after");
  if (change.before) handle.addGeometry("before", change.before, BEFORE);
  if (change.after) handle.addGeometry("after", change.after, AFTER);
  handle.zoomTo(["before", "after"]);
}

async function card(): Promise<void> {
  const page = pageData<{
    layer: string;
    shape: Geo | null;
    asOf: AsOf;
    versions: (Change & { id: number })[];
  }>("page-data");
  const handle = await createMap("card-map", { asOf: page.asOf, layers: ["JZKCQ", "KAIGHQK", page.layer] });
  if (page.shape) {
    handle.addGeometry("own", page.shape, SELECTED);
    handle.zoomTo("own");
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-version]"))
    button.addEventListener("click", () => {
      const found = page.versions.find((item) => String(item.id) === button.dataset.version);
      if (found) compare(handle, found);
      document.getElementById("card-map")?.scrollIntoView({ block: "nearest" });
    });
}

async function changeset(): Promise<void> {
  const operations = pageData<(Change & { number: number })[]>("page-data");
  const handle = await createMap("changeset-map", { layers: ["JZKCQ", "KAIGHQK"] });
  const show = (number: string | undefined) => {
    const found = operations.find((item) => String(item.number) === number);
    if (!found) return;
    compare(handle, found);
    for (const box of document.querySelectorAll<HTMLElement>("[data-operation]"))
      box.classList.toggle("selected", box.dataset.operation === number);
  };
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-show]"))
    button.addEventListener("click", () => show(button.dataset.show));
  const first = operations.find((item) => item.before || item.after);
  if (first) show(String(first.number));
}

if (document.getElementById("card-map")) card().catch(showProblem);
if (document.getElementById("changeset-map")) changeset().catch(showProblem);
document.getElementById("faults")?.focus();
