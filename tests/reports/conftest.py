"""A realistic review made by hand: a limestone block in conflict with a red line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import pytest
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from minplan.core.basis import Basis
from minplan.core.geometry.area import (
    areas_by_method,
    ellipsoidal_area,
    match_stated_area,
)
from minplan.core.geometry.crs import CoordinateSystem, Datum, to_lonlat
from minplan.core.geometry.layer import LayerVersion
from minplan.core.geometry.polygonal import ElevationRange, Polygonal
from minplan.core.geometry.remainder import CompliantPart
from minplan.core.plan.model import Level, MineralQuota, Plan, PlanSnapshot, Zone, ZoneKind
from minplan.core.review.engine import Review
from minplan.core.review.finding import (
    Evidence,
    Finding,
    Outcome,
    Quantity,
    Severity,
    Verdict,
)
from minplan.core.review.proposal import (
    Action,
    ExplorationDegree,
    MiningMethod,
    Proposal,
    RightKind,
)
from minplan.core.review.rule import Family, Rule
from minplan.core.text import Text
from minplan.reports import MapContext, MapLayer, Particulars, Reading

ZONE_38 = CoordinateSystem(Datum.CGCS2000, 3, 38)
#: South-west corner of the sample ground: east (with zone prefix) and north in metres.
ORIGIN = (38_401_000.0, 4_045_000.0)

CORNERS = (
    (120, 180), (310, 60), (520, 95), (760, 40), (905, 210), (880, 455),
    (700, 610), (455, 585), (330, 690), (140, 560), (60, 350),
)  # fmt: skip


def shape(points: Iterable[tuple[float, float]]) -> Polygon:
    """A polygon given in metres from ORIGIN, in lon/lat."""
    return Polygon(lonlat(points))


def line(points: Iterable[tuple[float, float]]) -> LineString:
    """A line given in metres from ORIGIN, in lon/lat."""
    return LineString(lonlat(points))


def lonlat(points: Iterable[tuple[float, float]]) -> np.ndarray:
    metres = np.array(list(points), dtype=float) + ORIGIN
    return to_lonlat(ZONE_38, metres[:, 0], metres[:, 1])


BLOCK = shape(CORNERS)
RED_LINE = shape([(700, 300), (1500, 150), (1900, 900), (1000, 1300), (650, 700)])
FARMLAND = (
    shape([(0, 500), (190, 490), (240, 640), (40, 700)]),
    shape([(-400, 200), (-100, 180), (-80, 400), (-380, 430)]),
    shape([(300, -250), (600, -220), (580, -60), (320, -80)]),
)
MINING_RIGHT = shape([(-900, 650), (-350, 600), (-300, 1100), (-850, 1180)])
HIGHWAY = line([(-1500, -700), (-400, -380), (700, -330), (2500, -650)])
CONCENTRATED = shape([(-700, -150), (1400, -300), (1600, 900), (900, 1500), (-600, 900)])
COUNTIES = (
    (
        "黎城县",
        shape([(-16000, -22000), (19000, -20000), (24000, 6000), (9000, 27000), (-15000, 21000)]),
    ),
    (
        "襄垣县",
        shape([(-16000, -22000), (-15000, 21000), (-38000, 16000), (-43000, -9000)]),
    ),
    ("潞城区", shape([(-16000, -22000), (-43000, -9000), (-36000, -33000), (-9000, -38000)])),
)

SAME_DAY = dt.datetime(2026, 1, 15, 9, 30)


def proposal() -> Proposal:
    return Proposal(
        name="黎城县石背底建筑石料用灰岩矿",
        geometry=Polygonal(BLOCK, ZONE_38, "lc.txt", ElevationRange(1215, 1080)),
        right=RightKind.MINING_RIGHT,
        action=Action.GRANT,
        minerals=("建筑石料用灰岩",),
        applicant="黎城县自然资源局",
        county="黎城县",
        block_code="CQ037",
        scale=30,
        service_life=11.4,
        reserves={"indicated": 412.5, "inferred": 96},
        exploration_degree=ExplorationDegree.DETAILED,
        elevation=ElevationRange(1215, 1080),
        method=MiningMethod.OPEN_PIT,
        grant_method="挂牌",
        stated_area_km2="0.3960",
    )


def plan() -> PlanSnapshot:
    zone = Zone(
        code="CS009",
        kind=ZoneKind.CONCENTRATED_MINING_AREA,
        name="黎城县西井集中开采区",
        counties=("黎城县",),
        minerals=(MineralQuota("建筑石料用灰岩", 1, 2),),
        area_km2=Decimal("3.10"),
        level=Level.CITY,
        geometry=Polygonal(CONCENTRATED, ZONE_38, "schematic"),
        schematic=True,
    )
    identity = Plan(
        id="changzhi-2021-2025",
        name=Text(
            "长治市矿产资源总体规划（2021—2025年）",
            "Changzhi Mineral Resources Master Plan (2021–2025)",
        ),
        level=Level.CITY,
        region_code="140400",
        region_name="长治市",
        first_year=2021,
        last_year=2025,
        base_year=2020,
        act="长政办发〔2023〕29号",
        effective_from=dt.date(2023, 6, 1),
        effective_to=None,
        issuer="长治市人民政府办公室",
        version="2026.1",
    )
    return PlanSnapshot(identity, zones=(zone,), sha256="9f" * 32)


_PLAN = "《规划》"
_PROHIBIT, _RESTRICT, _HINT = Severity.PROHIBIT, Severity.RESTRICT, Severity.HINT
# id, title in both languages, family, severity, document, clause
_RULES = (
    ("R-CL-01", "生态保护红线内不得新设矿业权", "No new right in the ecological red line",
     Family.CONTROL_LINES, _PROHIBIT, _PLAN, "第三章一（二）"),
    ("R-CL-02", "永久基本农田（规划口径）", "Permanent basic farmland (plan)",
     Family.CONTROL_LINES, _PROHIBIT, _PLAN, "第三章一（二）"),
    ("R-CL-12", "永久基本农田（现行口径）", "Permanent basic farmland (today)",
     Family.CONTROL_LINES, _PROHIBIT, "《永久基本农田保护红线管理办法》", "第十二条"),
    ("R-CL-03", "城镇开发边界", "Urban development boundary",
     Family.CONTROL_LINES, _PROHIBIT, _PLAN, "第三章一（二）"),
    ("R-PG-01", "文物保护范围与建设控制地带", "Heritage protection and control zones",
     Family.PROTECTED_GROUND, _PROHIBIT, "《文物保护法》", "第二十八条"),
    ("R-PZ-03", "位于集中开采区且矿种一致", "In a concentrated mining area, mineral agrees",
     Family.PLANNING_ZONES, _RESTRICT, _PLAN, "专栏6"),
    ("R-DS-02", "高速公路可视范围", "Range visible from motorways",
     Family.DISTANCES, _RESTRICT, _PLAN, "第四章二（一）5"),
    ("R-ER-01", "不与已设矿业权重叠", "No overlap with existing rights",
     Family.EXISTING_RIGHTS, _PROHIBIT, _PLAN, "第四章一（三）1"),
    ("R-MS-01", "最低开采规模", "Minimum scale",
     Family.MINIMUM_SCALE, _PROHIBIT, _PLAN, "第四章五（二）"),
    ("R-ED-01", "勘查程度达到详查", "Degree of exploration",
     Family.EXPLORATION_DEGREE, _PROHIBIT, _PLAN, "第四章二（一）2"),
    ("R-TT-01", "石灰岩开采总量", "Total output of limestone",
     Family.TOTALS, _RESTRICT, _PLAN, "第四章三"),
    ("R-CO-04", "绿色矿山建设要求", "Green-mine requirement",
     Family.CONDUCT, _HINT, _PLAN, "第六章一"),
    ("R-RL-09", "煤矿服务年限", "Service life of coal mines",
     Family.RESERVES_AND_LIFE, _RESTRICT, _PLAN, "第四章五（二）"),
)  # fmt: skip


def rules() -> dict[str, Rule]:
    return {
        id: Rule(
            id=id,
            title=Text(zh, en),
            family=family,
            severity=severity,
            basis=(Basis(document, clause, certain=id != "R-DS-02"),),
            explanation=Text("", ""),
            evaluate=lambda _: (),
            applies=lambda _: True,
            certain=id != "R-DS-02",
            overrides=("R-CL-02",) if id == "R-CL-12" else (),
        )
        for id, zh, en, family, severity, document, clause in _RULES
    }


def area(geometry: BaseGeometry) -> float:
    return float(ellipsoidal_area(geometry)[0])


def overlap(layer: str, feature: str, name: str, ground: Polygon, schematic: bool) -> Evidence:
    piece = BLOCK.intersection(ground)
    return Evidence(
        layer=layer,
        feature=feature,
        name=name,
        area_m2=area(piece),
        share_of_block=area(piece) / area(BLOCK),
        share_of_feature=area(piece) / area(ground),
        schematic=schematic,
        geometry=piece,
    )


def findings() -> tuple[Finding, ...]:
    red = overlap("ecological-red-line", "HX-0412", "太行山水源涵养红线", RED_LINE, True)
    farm = overlap("permanent-basic-farmland", "140426-0097", "", FARMLAND[0], True)
    zone = overlap("concentrated-mining-area", "CS009", "西井集中开采区", CONCENTRATED, True)
    road = Evidence(
        "highway", "G2516", "东吕高速", distance_m=312.4, schematic=True, geometry=HIGHWAY
    )
    right = Evidence(
        "mining-right",
        "C1404002011",
        "石背底采石场",
        distance_m=366.85,
        vertical_gap_m=-12.0,
        geometry=MINING_RIGHT,
    )
    ha, share = (red.area_m2 or 0) / 1e4, (red.share_of_block or 0) * 100
    return (
        Finding(
            "R-CL-01",
            Outcome.CONFLICT,
            _PROHIBIT,
            Text(
                f"与生态保护红线重叠 {ha:.4f} 公顷，占区块 {share:.2f}%。",
                f"Overlaps the ecological red line by {ha:.4f} ha, {share:.2f}% of the block.",
            ),
            measured=Quantity(round(ha, 4), "公顷"),
            limit=Quantity(0.0, "公顷", "<="),
            evidence=(red,),
            mend=Text(
                "调整范围，避让生态保护红线。", "Change the block so that it avoids the red line."
            ),
        ),
        Finding(
            "R-CL-02",
            Outcome.CONFLICT,
            _PROHIBIT,
            Text("与永久基本农田重叠。", "Overlaps permanent basic farmland."),
            evidence=(farm,),
            decides=False,
            reading_note=Text(
                "本审查日期以 R-CL-12 为准，此为《规划》口径。",
                "On the review date R-CL-12 decides; this is the plan's reading.",
            ),
        ),
        Finding(
            "R-CL-12",
            Outcome.ATTENTION,
            _PROHIBIT,
            Text(
                "与永久基本农田重叠，属非战略性矿产露天开采，应避让或依法补划。",
                "Overlaps permanent basic farmland: avoid it or supplement farmland by law.",
            ),
            evidence=(farm,),
            mend=Text("避让永久基本农田图斑。", "Avoid the farmland parcel."),
        ),
        Finding(
            "R-CL-03",
            Outcome.CLEAR,
            _PROHIBIT,
            Text("不在城镇开发边界内。", "Outside the urban development boundary."),
        ),
        Finding(
            "R-PG-01",
            Outcome.NOT_CHECKED,
            _PROHIBIT,
            Text("未核查：缺文物保护范围图层。", "Not checked: heritage protection layer missing."),
            missing=(
                Text(
                    "文物保护范围图层（heritage-protection-area）", "layer heritage protection area"
                ),
                Text(
                    "文物建设控制地带图层（heritage-control-zone）", "layer heritage control zone"
                ),
            ),
        ),
        Finding(
            "R-PZ-03",
            Outcome.CLEAR,
            _RESTRICT,
            Text(
                "位于集中开采区 CS009，矿种一致；拟设 2 个，已用 1 个。",
                "Inside concentrated mining area CS009, mineral agrees; 1 of 2 rights used.",
            ),
            measured=Quantity(2.0, "个"),
            limit=Quantity(2.0, "个", "<="),
            evidence=(zone,),
        ),
        Finding(
            "R-DS-02",
            Outcome.ATTENTION,
            _RESTRICT,
            Text(
                "距东吕高速 312.40 m，可能位于可视范围。",
                "312.40 m from the motorway, perhaps in its visible range.",
            ),
            measured=Quantity(312.4, "m"),
            limit=Quantity(1000.0, "m", ">="),
            evidence=(road,),
            mend=Text("提交可视性分析。", "Hand in a visibility analysis."),
            certain=False,
        ),
        Finding(
            "R-ER-01",
            Outcome.CLEAR,
            _PROHIBIT,
            Text("与已设矿业权不重叠。", "No overlap with existing rights."),
            evidence=(right,),
        ),
        Finding(
            "R-MS-01",
            Outcome.CONFLICT,
            _PROHIBIT,
            Text(
                "拟建规模 30 万吨/年，低于建筑石料用灰岩最低开采规模 50 万吨/年。",
                "The designed 300,000 t/a are below the minimum scale of 500,000 t/a.",
            ),
            measured=Quantity(30.0, "万吨/年"),
            limit=Quantity(50.0, "万吨/年", ">="),
            mend=Text("提高设计规模至 50 万吨/年以上。", "Raise the scale to 500,000 t/a or more."),
        ),
        Finding(
            "R-ED-01",
            Outcome.CLEAR,
            _PROHIBIT,
            Text("勘查程度为勘探，达到详查。", "Explored in detail, as required."),
            measured=Quantity("勘探"),
            limit=Quantity("详查", "", ">="),
        ),
        Finding(
            "R-TT-01",
            Outcome.NOT_CHECKED,
            _RESTRICT,
            Text("未核查：缺 2025 年产量台账。", "Not checked: output register of 2025 missing."),
            missing=(Text("2025 年石灰岩产量台账", "output register of limestone 2025"),),
        ),
        Finding(
            "R-CO-04",
            Outcome.ATTENTION,
            _HINT,
            Text("新建矿山应按绿色矿山标准建设。", "New mines are to be built as green mines."),
            mend=Text("在开发利用方案中落实绿色矿山要求。", "Plan for the green-mine standard."),
        ),
        Finding(
            "R-RL-09",
            Outcome.NOT_APPLICABLE,
            _RESTRICT,
            Text("本事项不涉及该规则。", "The rule does not concern this proposal."),
        ),
    )


def layers() -> tuple[LayerVersion, ...]:
    return (
        LayerVersion(
            "ecological-red-line",
            "3a" * 32,
            act="示例〔2024〕1号",
            effective_from=dt.date(2024, 11, 1),
            source="红线 2024-11 版",
            feature_count=2993,
            schematic=True,
        ),
        LayerVersion("highway", "b7" * 32, source="示例道路", feature_count=41, schematic=True),
        LayerVersion("mining-right", "c4" * 32, act="采矿权登记", feature_count=291),
        LayerVersion(
            "permanent-basic-farmland",
            "5e" * 32,
            act="示例〔2022〕2号",
            effective_from=dt.date(2022, 10, 1),
            feature_count=10212,
            schematic=True,
        ),
    )


def sample_review() -> Review:
    request = proposal()
    return Review(
        proposal=request,
        plan=plan(),
        date=dt.date(2026, 1, 15),
        findings=findings(),
        verdict=Verdict.NOT_CONFORMING,
        layers=layers(),
        rule_edition="e1" * 32,
        rules=rules(),
        areas=areas_by_method(request.geometry),
        area_match=match_stated_area(request.geometry, request.stated_area_km2),
        suggestion=suggestion(),
        suggestion_verdict=Verdict.INSUFFICIENT,
    )


def suggestion() -> CompliantPart:
    corners = (
        (120, 180), (310, 60), (520, 95), (700, 50), (690, 600), (455, 585), (330, 690), (245, 630),
        (185, 480), (90, 480), (60, 350),
    )  # fmt: skip
    ground = shape(corners)
    return CompliantPart(
        polygonal=Polygonal(ground, ZONE_38),
        system=ZONE_38,
        area_m2=area(ground),
        lost_m2=area(BLOCK) - area(ground),
        lost_share=1 - area(ground) / area(BLOCK),
        projected=(np.array(corners) + ORIGIN,),
        geographic=(lonlat(corners),),
    )


def particulars(language: str = "zh") -> Particulars:
    return Particulars(
        office="长治市规划和自然资源局",
        number="2026-0042",
        generated=SAME_DAY,
        language=language,
        reading=Reading(
            Text(
                "识别为 2000国家大地坐标系 3度带 38带，先 X（北）后 Y（东），共 11 点，1 圈。",
                "Read as CGCS2000, 3° zone 38, X (north) before Y (east), 11 corners, one ring.",
            ),
            "lc.txt",
            (
                Text("横坐标缺带号，按本市范围补为 38 带。", "Zone prefix missing: 38 added."),
                Text("首尾未闭合，已自动闭合。", "The ring was not closed: closed."),
            ),
        ),
    )


def context() -> MapContext:
    return MapContext(
        counties=COUNTIES,
        layers=(
            MapLayer("ecological-red-line", ((RED_LINE, ""),), schematic=True),
            MapLayer("permanent-basic-farmland", tuple((g, "") for g in FARMLAND), schematic=True),
            MapLayer("mining-right", ((MINING_RIGHT, "石背底采石场"),)),
            MapLayer("highway", ((HIGHWAY, "G2516"),), schematic=True),
        ),
    )


@pytest.fixture(scope="session")
def review() -> Review:
    return sample_review()


@pytest.fixture
def zh() -> Particulars:
    return particulars("zh")


@pytest.fixture
def en() -> Particulars:
    return particulars("en")


@pytest.fixture(scope="session")
def surroundings() -> MapContext:
    return context()
