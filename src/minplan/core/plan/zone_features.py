"""A planning zone as a feature of the layer of its kind, and back."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import shapely
from shapely.geometry import MultiPolygon, Polygon

from minplan.core.errors import PlanDataError
from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.crs import ZONE_RANGE, CoordinateSystem, Datum
from minplan.core.geometry.polygonal import ElevationRange, Polygonal
from minplan.core.plan.columns import SEPARATOR, Column, Kind, wrong_value
from minplan.core.plan.model import Level, MineralQuota, PlanSnapshot, Zone, ZoneKind
from minplan.core.plan.records import IDENTIFIER, SEQUENCE
from minplan.core.standard.feature import FeatureValue, rounded
from minplan.core.standard.model import Edition, LayerSpec
from minplan.core.text import Text

_COLUMNS: Final = (
    Column("MC", "name"),
    Column("SZXZQ", "counties", Kind.NAMES),
    Column("XZQFW", "region"),
    Column("MJ", "area_km2", Kind.FIGURE, printed="MJWB"),
    Column("GHJB", "level", Kind.WORD, "GHJB", Level),
    Column("SL", "count", Kind.WHOLE, empty=1),
    Column("BZ", "note"),
    Column("CC", "clause"),
    Column("GLCS", "measures", Kind.NAMES),
    Column("SFSY", "schematic", Kind.FLAG),
)
_SQUARE_KM: Final = 1e6


def write_zone(zone: Zone, number: int, snapshot: PlanSnapshot, edition: Edition) -> FeatureValue:
    """The feature of a zone, with what the layer repeats for its readers.

    Repeated are division, years, minerals, numbers of rights and the computed area: they follow
    from the rest and are not read back. Raises PlanDataError E743 when no layer holds the kind.
    """
    spec = _layer(zone.kind, edition)
    attributes: dict[str, Any] = {IDENTIFIER: zone.code, "GHBH": zone.code, SEQUENCE: number}
    for column in _COLUMNS:
        column.write(getattr(zone, column.attribute), attributes, spec, edition)
    ground = zone.geometry
    if ground is not None:
        attributes |= _ground(ground)
        if ground.elevation is not None:
            attributes |= {"BGSX": ground.elevation.upper, "BGXX": ground.elevation.lower}
    attributes |= repeated(zone, snapshot, spec)
    held = {name: value for name, value in attributes.items() if spec.field(name) is not None}
    shape = None if ground is None else rounded(ground.geometry)
    return FeatureValue(spec.code, zone.code, held, shape)


def repeated(zone: Zone, snapshot: PlanSnapshot, spec: LayerSpec) -> dict[str, Any]:
    """What a layer repeats of a zone for its readers, its ground aside; follows from the rest."""
    told = {**_division(zone, snapshot), **_minerals(zone), "YSDM": spec.element_code}
    return {name: value for name, value in told.items() if value not in (None, "")}


def ground_attributes(ground: Polygonal) -> dict[str, Any]:
    """The system of the edges, the computed area (km²) and the source of a zone's ground."""
    return _ground(ground)


def read_zone(feature: FeatureValue, minerals: tuple[MineralQuota, ...], edition: Edition) -> Zone:
    """The zone a feature holds.

    A feature without rows in the table of minerals has those its own field names, as in data that
    comes from elsewhere.
    """
    spec = edition.spec(feature.layer)
    assert isinstance(spec, LayerSpec)
    cells = {item.attribute: item.read(feature, edition) for item in _COLUMNS}
    named = str(feature.attributes.get("ZYKZ", ""))
    if not minerals and named:
        minerals = tuple(MineralQuota(name, as_printed=name) for name in named.split(SEPARATOR))
    return Zone(
        code=feature.key,
        kind=ZoneKind(spec.zone_kind),
        minerals=minerals,
        geometry=_read_ground(feature),
        **cells,
    )


def _layer(kind: ZoneKind, edition: Edition) -> LayerSpec:
    found = edition.layer_of_kind(kind.value)
    if found is None:
        raise PlanDataError(
            "E743",
            Text(
                f"{edition.name.zh}没有存放“{kind.value}”的图层",
                f"edition {edition.id} has no layer for {kind.value}",
            ),
            hint=Text("在版本数据里增加图层", "add a layer to the edition's data"),
        )
    return found


def _division(zone: Zone, snapshot: PlanSnapshot) -> dict[str, Any]:
    plan = snapshot.plan
    codes = {item.name: item.code for item in snapshot.zones_of(ZoneKind.COUNTY)}
    names = zone.counties
    if len(names) == 1 and names[0] in codes:
        division = {"XZQDM": codes[names[0]], "XZQMC": names[0]}
    else:
        division = {"XZQDM": plan.region_code, "XZQMC": plan.region_name}
    return {**division, "GHQSN": plan.first_year, "GHMZN": plan.last_year}


def _minerals(zone: Zone) -> dict[str, Any]:
    existing = [item.existing_rights for item in zone.minerals if item.existing_rights is not None]
    planned = [item.planned_rights for item in zone.minerals if item.planned_rights is not None]
    return {
        "ZYKZ": SEPARATOR.join(zone.mineral_names),
        "YSCKQS": sum(existing) if existing else None,
        "NSCKQS": sum(planned) if planned else None,
    }


def _ground(ground: Polygonal) -> dict[str, Any]:
    area = float(ellipsoidal_area([ground.geometry])[0])
    held = {"BJZB": ground.edge_system.epsg, "JSMJ": round(area / _SQUARE_KM, 4)}
    return {**held, "TXLY": ground.source} if ground.source else held


def _read_ground(feature: FeatureValue) -> Polygonal | None:
    shape = feature.geometry
    if shape is None or shapely.is_empty(shape):
        return None
    if not isinstance(shape, Polygon | MultiPolygon):
        raise wrong_value(feature, "geometry", shape.geom_type)
    epsg = feature.attributes.get("BJZB")
    system = CoordinateSystem() if epsg is None else _systems().get(int(epsg))
    if system is None:
        raise wrong_value(feature, "BJZB", epsg)
    upper, lower = feature.attributes.get("BGSX"), feature.attributes.get("BGXX")
    return Polygonal(
        shape,
        system,
        source=str(feature.attributes.get("TXLY", "")),
        elevation=None if upper is None or lower is None else ElevationRange(upper, lower),
    )


@lru_cache(maxsize=1)
def _systems() -> dict[int, CoordinateSystem]:
    """Every coordinate system by its EPSG code."""
    plain = [CoordinateSystem(datum) for datum in Datum]
    projected = [
        CoordinateSystem(datum, width, zone, prefixed)
        for datum in (Datum.CGCS2000, Datum.XIAN80, Datum.BEIJING54)
        for width, zones in ZONE_RANGE.items()
        for zone in zones
        for prefixed in (True, False)
    ]
    return {item.epsg: item for item in (*plain, *projected)}
