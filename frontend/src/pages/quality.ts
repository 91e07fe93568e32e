/** Quality checks: the faults of the page on a map, each found from its row. */
import "../styles/quality.css";
import { bindForms } from "../lib/forms";
import { showProblem } from "../lib/http";
import { createMap, type Geo, type MapHandle } from "../lib/map";
import { t } from "../lib/words";

interface Place {
  outcome: string;
  geo: Geo;
}

const FLASH = { line: "#00A3FF", width: 5, fill: "#00A3FF", alpha: 0.3 };

bindForms();

const held = document.getElementById("places");
const element = document.getElementById("map");
const places = held ? (JSON.parse(held.textContent ?? "{}") as Record<string, Place>) : {};
let map: MapHandle | null = null;

if (element && Object.keys(places).length) {
  createMap(element, { label: t("缺陷位置图：方向键平移，+ 和 − 缩放", "map of the faults: arrow keys pan, + and − zoom") })
    .then((made) => {
      map = made;
      // the gravest are drawn last, so that they lie on top
      const order = ["not-applicable", "attention", "conflict"];
      const sorted = Object.entries(places).sort(
        ([, a], [, b]) => order.indexOf(a.outcome) - order.indexOf(b.outcome),
      );
      for (const outcome of order) {
        const geometries = sorted.filter(([, item]) => item.outcome === outcome).map(([, item]) => item.geo);
        if (geometries.length)
          made.addGeometry(`faults-${outcome}`, collection(geometries), { outcome });
      }
      made.zoomTo(collection(sorted.map(([, item]) => item.geo)));
      element.dataset.ready = "yes";
    })
    .catch((error: unknown) => showProblem(error));
}

function collection(geometries: Geo[]): Geo {
  const features = geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry }));
  return { type: "FeatureCollection", features };
}

let fading = 0;
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-locate]");
  const place = button && places[button.dataset.locate ?? ""];
  if (!place || !map) return;
  map.zoomTo(place.geo);
  map.addGeometry("flash", place.geo, FLASH);
  window.clearTimeout(fading);
  fading = window.setTimeout(() => map?.remove("flash"), 1600);
  element?.scrollIntoView({ block: "center", behavior: "smooth" });
});
