/** What the map shows, in the fragment of the address: by names, so that links outlive changes. */

export interface MapState {
  zoom?: number;
  lat?: number;
  lon?: number;
  /** Ids of shown layers with their opacity, 0 to 100; undefined: those shown at first. */
  layers?: Map<string, number>;
  /** The selected feature, ``JZKCQ:CS001``. */
  selected?: string;
  /** ``2021-01-01|2026-11-29`` (two days) or ``name@hash|name@hash`` (two versions). */
  swipe?: string;
  position?: number;
  /** Day of law and recorded moment; undefined is now. */
  date?: string;
  recorded?: string;
  base?: string[];
}

function figure(word: string | undefined): number | undefined {
  const value = Number(word);
  return word && Number.isFinite(value) ? value : undefined;
}

/** Read a fragment; what is not understood is left out. */
export function parse(fragment: string): MapState {
  const held = new Map(
    fragment
      .replace(/^#/, "")
      .split("&")
      .filter(Boolean)
      .map((part) => {
        const [key, ...rest] = part.split("=");
        return [key, decodeURIComponent(rest.join("="))] as const;
      }),
  );
  const [zoom, lat, lon] = (held.get("v") ?? "").split("/");
  const list = held.get("l");
  return {
    zoom: figure(zoom),
    lat: figure(lat),
    lon: figure(lon),
    layers:
      list === undefined
        ? undefined
        : new Map(
            list
              .split(",")
              .filter(Boolean)
              .map((item) => {
                const [, id, opacity] = item.match(/^(.+?)(?:\.(\d{1,3}))?$/) ?? [];
                return [id, Math.min(100, figure(opacity) ?? 100)] as const;
              }),
          ),
    selected: held.get("sel") || undefined,
    swipe: held.get("swipe") || undefined,
    position: figure(held.get("pos")),
    date: held.get("date") || undefined,
    recorded: held.get("rec") || undefined,
    base: held.has("base") ? (held.get("base") ?? "").split(",").filter(Boolean) : undefined,
  };
}

/** Write a fragment. */
export function format(state: MapState): string {
  const parts: string[] = [];
  const put = (key: string, value: string | undefined) => {
    // keep what a person reads readable: only what would break the fragment is escaped
    if (value !== undefined) parts.push(`${key}=${value.replace(/[%&#\s]/g, encodeURIComponent)}`);
  };
  if (state.zoom !== undefined && state.lat !== undefined && state.lon !== undefined)
    put("v", `${state.zoom.toFixed(2)}/${state.lat.toFixed(5)}/${state.lon.toFixed(5)}`);
  if (state.layers)
    put(
      "l",
      [...state.layers].map(([id, opacity]) => (opacity === 100 ? id : `${id}.${opacity}`)).join(","),
    );
  put("sel", state.selected);
  put("swipe", state.swipe);
  if (state.swipe && state.position !== undefined) put("pos", state.position.toFixed(2));
  put("date", state.date);
  put("rec", state.recorded);
  if (state.base) put("base", state.base.join(","));
  return `#${parts.join("&")}`;
}
