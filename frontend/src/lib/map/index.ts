/** Everything pages need of the map. */
export { createMap, MapHandle, nameOf, type Geo, type GeoStyle, type MapOptions } from "./map";
export { drawPolygon, drawShape, measure, modifyShape, snapTo, type Sketch, type Tool } from "./draw";
export { areaOf, distance, lineLength, polygonArea } from "./ellipsoid";
export { dms, fromZone, toZone, zoneCode, zoneOf } from "./projections";
export { coordinateText, scaleOf } from "./readout";
export { DRAFT, MEASURED, SELECTED, swatch, type Look } from "./styles";
export { fetchSetup, type AsOf, type LayerEntry, type LayerGroup, type MapSetup } from "./setup";
