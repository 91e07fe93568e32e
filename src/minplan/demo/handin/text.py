"""The text of the hand-in's plan in our own words, every figure taken from its features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np
import shapely
from pyproj import Geod

from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.plan.model import Level, Operator, Quota, Zone, ZoneKind
from minplan.demo.handin.clauses import CLAUSES, Clause
from minplan.demo.handin.content import Content
from minplan.demo.handin.manuscript import Block, Grid, Heading, Words

_GEOD: Final = Geod(ellps="GRS80")
_TEN: Final = "一二三四五六七八九十"
_BOUND: Final = {
    Operator.AT_MOST: "控制在{}{}以内",
    Operator.AT_LEAST: "不低于{}{}",
    Operator.EQUAL: "为{}{}",
    Operator.RANGE: "为{}{}",
}
_DONE: Final = "按省级规划落实，坐标为示意。"


def manuscript(content: Content) -> tuple[Block, ...]:
    """The whole text in order."""
    return tuple(_Author(content).write())


def figure(value: Any) -> str:
    """A figure as it is printed: no zeros behind the last digit."""
    number = Decimal(str(value)).normalize()
    return f"{number:f}"


class _Author:
    """Writes section by section; boxes and tables are numbered as they come."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._plan = content.snapshot
        self._boxes = self._tables = 0

    def write(self) -> Iterator[Block]:
        for item in CLAUSES:
            chapter, _, number = item.id.removeprefix("c").partition("-")
            if not number:
                yield Heading(1, f"第{_TEN[int(chapter) - 1]}章 {item.title}")
                continue
            yield Heading(2, f"{_TEN[int(number) - 1]}、{item.title}")
            yield from self._section(item)

    def _section(self, item: Clause) -> Iterator[Block]:
        writer = getattr(self, f"_{item.id.replace('-', '_')}", None)
        if writer is not None:
            yield from writer()
        else:
            yield from self._zones(item)

    def _box(self, title: str, rows: Sequence[Sequence[str]], **more: Any) -> Grid:
        self._boxes += 1
        return Grid(f"专栏{self._boxes} {title}", tuple(map(tuple, rows)), **more)

    def _table(self, title: str, rows: Sequence[Sequence[str]], **more: Any) -> Grid:
        self._tables += 1
        return Grid(f"表{self._tables} {title}", tuple(map(tuple, rows)), **more)

    # -- first and second chapter -----------------------------------------------------------------

    def _c1_1(self) -> Iterator[Block]:
        yield Words(
            "依据矿产资源法及其实施细则、省级矿产资源总体规划和国土空间规划，编制本规划。"
            "本规划是依法审批和监督管理矿产资源勘查、开采活动的依据。"
        )

    def _c1_2(self) -> Iterator[Block]:
        plan = self._plan.plan
        counties = self._plan.zones_of(ZoneKind.COUNTY)
        listed = "、".join(zone.name for zone in counties)
        yield Words(
            f"规划以{plan.base_year}年为基期，规划期为{plan.first_year}—{plan.last_year}年。"
            f"规划范围为{plan.region_name}所辖的{listed}。"
        )
        yield Words(_extent(counties))

    def _c2_1(self) -> Iterator[Block]:
        year = self._plan.plan.base_year
        mines = self._mines(year)
        total = sum(mines.values())
        kinds = "、".join(f"{name}{figure(value)}个" for name, value in mines.items())
        large = self._state("large-medium-mines")
        before, back = self._before("mines", year)
        yield Words(f"截至{year}年底，全市共有矿山{figure(total)}个，其中{kinds}。")
        yield Words(f"全市矿山中，大中型矿山{figure(large)}个，小型矿山{figure(total - large)}个。")
        yield Words(
            f"矿山数由{back}年的{figure(before)}个减少到{year}年的{figure(total)}个，"
            f"减少{figure(before - total)}个。各矿种矿山数见表{self._tables + 1}。"
        )
        rows = [(name, figure(value)) for name, value in mines.items()]
        yield self._table(
            f"{year}年矿山数量表",
            [("矿产名称", "矿山数量（个）"), *rows, ("合计", figure(total))],
        )

    def _c2_2(self) -> Iterator[Block]:
        for code, word in (("TKQ", "探矿权"), ("CKQ", "采矿权")):
            counts: dict[str, int] = {}
            for item in self._content.features[code]:
                name = str(item.attributes["ZYKZ"])
                counts[name] = counts.get(name, 0) + 1
            listed = "、".join(f"{name}{number}个" for name, number in counts.items())
            yield Words(f"全市已设{word}{sum(counts.values())}个，其中{listed}。")
        yield Words(f"全市有矿产地{len(self._content.features['KCD'])}处，位置为示意。")

    def _c2_3(self) -> Iterator[Block]:
        year = self._plan.plan.base_year
        now = self._state("output")
        before, back = self._before("output", year)
        grown = (now - before) / before * 100
        yield Words(
            f"非油气矿石总产量由{back}年的{figure(before)}万吨增加到{year}年的"
            f"{figure(now)}万吨，增长{grown:.1f}%。"
        )

    def _mines(self, year: int) -> dict[str, Decimal]:
        """Mines by mineral at the end of a year, wider minerals of listed ones left out."""
        found = {
            item.mineral: item.value
            for item in self._plan.status
            if item.subject == "mines"
            and item.mineral
            and not item.county
            and item.date.year == year
            and item.place.startswith("table")
        }
        return dict(found) or _by_mineral(self._content)

    def _state(self, subject: str) -> Decimal:
        year = self._plan.plan.base_year
        return next(
            item.value
            for item in self._plan.status
            if (item.subject, item.mineral, item.county, item.date.year)
            == (subject, None, None, year)
        )

    def _before(self, subject: str, year: int) -> tuple[Decimal, int]:
        """The figure of an earlier year, and that year."""
        return next(
            (item.value, item.date.year)
            for item in self._plan.status
            if (item.subject, item.mineral, item.county) == (subject, None, None)
            and item.date.year < year
        )

    # -- third chapter ----------------------------------------------------------------------------

    def _c3_1(self) -> Iterator[Block]:
        last = self._plan.plan.last_year
        rows = [
            (str(number), item.group, item.name, item.unit, _target(item.target, item.operator))
            for number, item in enumerate(self._targets(), start=1)
        ]
        yield Words(f"到{last}年，规划主要指标见表{self._tables + 1}。")
        head = ("序号", "类别", "指标", "单位", f"{last}年")
        yield self._table("规划指标表", [head, *rows], merged=(1,))

    def _targets(self) -> list[Any]:
        return [item for item in self._plan.indicators if item.county is None]

    def _c3_2(self) -> Iterator[Block]:
        caps = [q for q in self._plan.quotas if q.subject == "output" and not q.county]
        told = [f"{q.mineral}年开采总量{_bound(q)}" for q in caps if q.mineral]
        yield Words(f"到{self._plan.plan.last_year}年，" + "；".join(told) + "。")

    def _c3_3(self) -> Iterator[Block]:
        rows = [
            (str(number), item.mineral or "", figure(item.value), item.unit)
            for number, item in enumerate(self._scales(), start=1)
        ]
        yield Words(f"新建矿山不得低于表{self._tables + 1}规定的最低开采规模。")
        yield self._table("矿区最低开采规模", [("序号", "矿种", "最低开采规模", "单位"), *rows])

    def _scales(self) -> list[Any]:
        return [item for item in self._plan.thresholds if item.subject == "minimum-scale"]

    # -- zones and blocks -------------------------------------------------------------------------

    def _zones(self, item: Clause) -> Iterator[Block]:
        layer = self._content.edition.layer(item.told[0])
        assert layer is not None
        zones = self._plan.zones_of(ZoneKind(layer.zone_kind))
        area = sum((zone.area_km2 or Decimal(0) for zone in zones), Decimal(0))
        extent = f"，面积{figure(area)}平方公里" if all(zone.area_km2 for zone in zones) else ""
        yield Words(f"划定{item.title}{len(zones)}个{extent}，名录见专栏{self._boxes + 1}。{_DONE}")
        yield self._box(f"{item.title}名录", _zone_rows(zones, bool(extent), area))

    def _c5_1(self) -> Iterator[Block]:
        yield from self._blocks(ZoneKind.EXPLORATION_BLOCK, "勘查规划区块")

    def _c5_2(self) -> Iterator[Block]:
        yield from self._blocks(ZoneKind.MINING_BLOCK, "开采规划区块")

    def _blocks(self, kind: ZoneKind, word: str) -> Iterator[Block]:
        counts = [item for item in self._plan.block_counts if item.kind is kind]
        total = sum(item.count for item in counts)
        listed = "、".join(f"{item.mineral}{item.count}个" for item in counts if item.count)
        shared = len({item.level for item in counts}) == 1
        told = f"，其中{listed}" if shared else ""
        yield Words(f"设置{word}{total}个{told}，见表{self._tables + 1}。")
        rows = [(_level(item.level), item.mineral, str(item.count)) for item in counts]
        head = ("发证级别", "矿种", f"{word}数（个）")
        yield self._table(f"{word}数量表", [head, *rows, ("合计", "", str(total))], merged=(0,))
        zones = self._plan.zones_of(kind)
        area = sum((zone.area_km2 or Decimal(0) for zone in zones), Decimal(0))
        yield self._box(f"{word}名录", _zone_rows(zones, True, area))

    def _c6_3(self) -> Iterator[Block]:
        for kind, word in (
            (ZoneKind.ENVIRONMENT_PROTECTION_AREA, "矿山地质环境保护区"),
            (ZoneKind.ENVIRONMENT_PREVENTION_AREA, "矿山地质环境预防区"),
        ):
            zones = self._plan.zones_of(kind)
            area = sum((zone.area_km2 or Decimal(0) for zone in zones), Decimal(0))
            yield Words(
                f"划定{word}{len(zones)}个，面积{figure(area)}平方公里，"
                f"名录见专栏{self._boxes + 1}。"
            )
            yield self._box(f"{word}名录", _zone_rows(zones, True, area))

    def _c6_4(self) -> Iterator[Block]:
        counts, areas = _by_county(self._content)
        count, area = sum(counts.values()), sum(areas.values(), Decimal(0))
        plan = self._plan.plan
        years = plan.last_year - plan.first_year + 1
        yield Words(
            f"规划期内修复历史遗留矿山图斑{count}个，修复面积{figure(area)}公顷，"
            f"平均每年修复{figure(round(area / years, 2))}公顷。分县（区）任务见"
            f"表{self._tables + 1}。"
        )
        rows = [
            (str(number), name, str(counts[name]), figure(areas[name]))
            for number, name in enumerate(counts, start=1)
        ]
        head = ("序号", "县（区）", "图斑数（个）", "修复任务（公顷）")
        total = ("合计", "", str(count), figure(area))
        yield self._table("历史遗留矿山修复任务表", [head, *rows, total])

    # -- last chapter -----------------------------------------------------------------------------

    def _c7_1(self) -> Iterator[Block]:
        items = self._content.features["ZDXM"]
        yield Words(f"规划期内安排重点项目{len(items)}项，见表{self._tables + 1}。")
        rows = [
            (str(number), str(item.attributes["XMMC"]), str(item.attributes["XMLB"]))
            for number, item in enumerate(items, start=1)
        ]
        yield self._table("重点项目表", [("序号", "项目名称", "类别"), *rows])

    def _c7_2(self) -> Iterator[Block]:
        for number, item in enumerate(self._plan.measures, start=1):
            yield Words(f"（{number}）{item.text}。")

    def _c7_3(self) -> Iterator[Block]:
        yield Words("各县（区）按职责落实规划任务，定期评估规划实施情况，按程序动态调整。")


def _extent(counties: Sequence[Zone]) -> str:
    """Where the counties lie and how large they are together."""
    shapes = [zone.geometry.geometry for zone in counties if zone.geometry]
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
    across = _GEOD.line_length([west, east], [(south + north) / 2] * 2) / 1000
    down = _GEOD.line_length([(west + east) / 2] * 2, [south, north]) / 1000
    area = float(ellipsoidal_area(np.array(shapes, dtype=object)).sum()) / 1e6
    return (
        f"规划区地理坐标为东经{_angle(west)}—{_angle(east)}，北纬{_angle(south)}—{_angle(north)}，"
        f"东西最长约{across:.0f}公里，南北最宽约{down:.0f}公里，总面积{area:.0f}平方公里。"
    )


def _angle(degrees: float) -> str:
    seconds = round(degrees * 3600)
    return f"{seconds // 3600}°{seconds // 60 % 60:02d}′{seconds % 60:02d}″"


def _bound(quota: Quota) -> str:
    value = figure(quota.low)
    if quota.operator is Operator.RANGE:
        value = f"{value}—{figure(quota.high)}"
    return _BOUND[quota.operator].format(value, quota.unit.removesuffix("/年"))


def _target(target: str, operator: Operator) -> str:
    sign = {Operator.AT_MOST: "≤", Operator.AT_LEAST: "≥"}.get(operator, "")
    return f"{sign}{target}"


def _zone_rows(zones: Sequence[Zone], areas: bool, total: Decimal) -> list[tuple[str, ...]]:
    head = (
        "序号",
        "编号",
        "名称",
        "主要矿种",
        "所在行政区",
        *(["面积（平方公里）"] if areas else []),
    )
    rows = [
        (
            str(number), zone.code, zone.name, "、".join(zone.mineral_names),
            "、".join(zone.counties),
            *([figure(zone.area_km2)] if areas else []),
        )
        for number, zone in enumerate(zones, start=1)
    ]  # fmt: skip
    return [head, *rows, *([("合计", "", "", "", "", figure(total))] if areas else [])]


def _level(level: Level) -> str:
    return {Level.NATION: "部级", Level.PROVINCE: "省级", Level.CITY: "市级"}.get(level, "县级")


def _by_mineral(content: Content) -> dict[str, Decimal]:
    """Mining rights by mineral."""
    counts: dict[str, Decimal] = {}
    for item in content.features["CKQ"]:
        name = str(item.attributes["ZYKZ"])
        counts[name] = counts.get(name, Decimal(0)) + 1
    return counts


def _by_county(content: Content) -> tuple[dict[str, int], dict[str, Decimal]]:
    """Number and hectares of the patches of every county."""
    counts: dict[str, int] = {}
    areas: dict[str, Decimal] = {}
    for item in content.features["LSYLTB"]:
        name = str(item.attributes["SZXZQ"])
        counts[name] = counts.get(name, 0) + 1
        areas[name] = areas.get(name, Decimal(0)) + Decimal(str(item.attributes["MJ"]))
    return counts, areas
