"""A proposal is read from a file in Chinese or English words, and stored without loss."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, box
from tests.formats import samples

from minplan.core.errors import Faults, InputError, Place
from minplan.core.geometry.corners import ReadOptions
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.geometry.polygonal import ElevationRange, Polygonal
from minplan.core.review.missing import dictionary
from minplan.core.review.proposal import (
    Action,
    Attachment,
    Exemption,
    ExplorationDegree,
    MiningMethod,
    Proposal,
    RightKind,
)
from minplan.formats.declared import declared
from minplan.formats.proposal_file import is_proposal_file, read_proposal
from minplan.formats.proposal_json import proposal_from_dict, proposal_to_dict
from minplan.formats.reading import InputOptions

CORNERS = "\n".join(f"{number} {y} {x}" for number, (x, y) in enumerate(samples.CORNERS, 1))
KIND = next(iter(dictionary("attachments")))

TOML = f"""
name = "黎城石料矿"
right = "采矿权"
action = "新立"
minerals = ["建筑石料用灰岩"]
scale = "100万吨/年"
service_life = 10
term = 10
reserves = {{ "探明" = 500, "控制" = 800 }}
exploration_degree = "详查"
elevation = [1215, 1080]
method = "露天开采"
stated_area_km2 = "0.7204"
crs = "38"
corners = '''
{CORNERS}
'''

[facts]
whole_hill = "是"

[[attachments]]
kind = "{KIND}"
number = "示例〔2025〕1号"
date = 2025-06-01

[[exemptions]]
rule = "R-SP-02"
basis = "示例文号"
approver = "示例机关"
attachment = "{KIND}"
"""


def write(folder: Path, text: str, name: str = "申请.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> list[tuple[str, str | None]]:
    with pytest.raises((Faults, InputError)) as caught:
        read_proposal(path)
    found = caught.value.faults if isinstance(caught.value, Faults) else [caught.value]
    return [(item.code, item.place.field) for item in found]


def test_a_whole_proposal(tmp_path: Path) -> None:
    read = read_proposal(write(tmp_path, TOML))
    (proposal,) = read.proposals
    assert proposal.right is RightKind.MINING_RIGHT
    assert proposal.action is Action.NEW
    assert proposal.minerals == ("建筑石料用灰岩",)
    assert (proposal.scale, proposal.scale_unit) == (100.0, "万吨/年")
    assert proposal.reserves == {"measured": 500.0, "indicated": 800.0}
    assert proposal.exploration_degree is ExplorationDegree.GENERAL
    assert proposal.elevation == ElevationRange(1215, 1080)
    assert proposal.geometry.elevation == proposal.elevation
    assert proposal.method is MiningMethod.OPEN_PIT
    assert proposal.facts == {"whole_hill": True}
    assert proposal.attachments[0].date == dt.date(2025, 6, 1)
    assert proposal.exemptions[0].rule == "R-SP-02"
    assert read.reading.block.area_match is not None


def test_the_same_in_json_with_chinese_keys_and_a_file_beside_it(tmp_path: Path) -> None:
    samples.geopackage(tmp_path)
    said = {
        "项目名称": "甲",
        "矿业权类型": "探矿权",
        "业务类型": "renewal",
        "矿种": "铁矿",
        "坐标文件": "a.gpkg",
    }
    path = write(tmp_path, json.dumps(said, ensure_ascii=False), "a.json")
    (proposal,) = read_proposal(path).proposals
    assert (proposal.right, proposal.action) == (RightKind.EXPLORATION_RIGHT, Action.RENEWAL)
    assert proposal.minerals == ("铁矿",)
    assert proposal.scale == 100.0  # the file says nothing, the feature does
    assert proposal.name == "甲"


def test_the_command_line_beats_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, TOML)
    options = InputOptions(corners=ReadOptions(stated_area_km2="0.5"))
    read = read_proposal(path, options, {"scale": "30", "action": "变更"})
    assert read.proposals[0].scale == 30.0
    assert read.proposals[0].action is Action.CHANGE
    assert read.reading.block.stated_area == ("0.5", "km²")


def test_all_faults_are_named_at_once_with_near_words(tmp_path: Path) -> None:
    text = 'rihgt = "采矿权"\naction = "新设立"\nscale = "很多"\n[facts]\nwhole_hil = true\n'
    path = write(tmp_path, text)
    assert faults(path) == [
        ("E511", "rihgt"),
        ("E512", "action"),
        ("E512", "scale"),
        ("E513", "facts.whole_hil"),
    ]
    with pytest.raises(Faults) as caught:
        read_proposal(path)
    hints = [str(item.hint) for item in caught.value.faults]
    assert "right" in hints[0]
    assert "新立" in hints[1]
    assert "whole_hill" in hints[3]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name = ", "E515"),
        ('name = "甲"', "E514"),
        (f"corners = '''{CORNERS}'''", "E514"),
        ('right = "采矿权"\naction = "新立"\ncorners_file = "没有.txt"', "E201"),
        ('elevation = "1200"', "E512"),
        ("reserves = { '远景' = 3 }", "E512"),
        ('scale_unit = "斤"', "E512"),
        ('attachments = ["没有的附件"]', "E513"),
        ('exemptions = [{ rule = "R-SP-02" }]', "E514"),
        ('attachments = [{ kind = "a", numbr = "1" }]', "E511"),
        ("facts = 3", "E512"),
        ('term = "三年"', "E512"),
        ("service_life = inf", "E512"),
    ],
)
def test_every_slip_has_its_own_message(tmp_path: Path, text: str, code: str) -> None:
    assert faults(write(tmp_path, text))[0][0] == code


def test_which_files_are_proposals(tmp_path: Path) -> None:
    assert is_proposal_file(write(tmp_path, "", "a.toml"))
    assert is_proposal_file(write(tmp_path, '{"name": "甲"}', "a.json"))
    assert not is_proposal_file(write(tmp_path, '{"type": "Polygon"}', "b.json"))
    assert not is_proposal_file(write(tmp_path, "[1]", "c.json"))
    assert not is_proposal_file(write(tmp_path, "1 2 3", "a.txt"))


def test_several_blocks_are_several_proposals(tmp_path: Path) -> None:
    path = samples.write(
        tmp_path / "a.gpkg", [samples.BLOCK, samples.NEXT], "GPKG", "EPSG:4526", attributes={}
    )
    read = read_proposal(path, stated={"right": "开采规划区块", "action": "出让", "name": "黎城"})
    assert [item.name for item in read.proposals] == ["黎城（a 1）", "黎城（a 2）"]


def test_attributes_nobody_understands_become_remarks(tmp_path: Path) -> None:
    attributes = {"名称": "甲", "开采方式": "随便挖", "备注": "无关"}
    path = samples.write(
        tmp_path / "a.gpkg", [samples.BLOCK], "GPKG", "EPSG:4526", attributes=attributes
    )
    read = read_proposal(path, stated={"right": "采矿权", "action": "新立"})
    assert read.proposals[0].method is None
    assert [r.code for r in read.reading.block.remarks if r.code.startswith("E5")] == ["E512"]


@pytest.mark.parametrize(
    ("text", "upper", "lower"),
    [
        ("1215-1080", 1215, 1080),
        ("1215m至1080m", 1215, 1080),
        ("+900~-300", 900, -300),
        ("从 -100 到 -400 米", -100, -400),
    ],
)
def test_elevations_in_words(text: str, upper: float, lower: float) -> None:
    values, found = declared({"开采标高": text}, Place())
    assert not found
    assert values["elevation"] == ElevationRange(upper, lower)


@pytest.mark.parametrize(
    ("text", "figure", "unit"),
    [
        ("3万立方米/年", 3.0, "万立方米/年"),
        ("1.2亿m3/a", 1.2, "亿立方米/年"),
        ("120 万吨", 120.0, "万吨/年"),
        ("30万t/a", 30.0, "万吨/年"),
    ],
)
def test_scales_carry_their_unit(text: str, figure: float, unit: str) -> None:
    values, found = declared({"scale": text}, Place())
    assert not found
    assert (values["scale"], values["scale_unit"]) == (figure, unit)


# -- without loss -----------------------------------------------------------------------------

lon = st.floats(111.9, 113.7)
lat = st.floats(35.8, 37.1)
size = st.floats(0.001, 0.01)
dates = st.one_of(st.none(), st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
words = st.text(max_size=8)


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    parts = [box(x := draw(lon), y := draw(lat), x + draw(size), y + draw(size)), box(1, 1, 2, 2)]
    ground = draw(st.sampled_from([parts[0], MultiPolygon(parts)]))
    system = draw(
        st.sampled_from([CoordinateSystem(), CoordinateSystem(Datum.CGCS2000, 3, 38, False)])
    )
    height = ElevationRange(draw(st.floats(0, 2000)), draw(st.floats(-500, 2000)))
    return Proposal(
        name=draw(words),
        geometry=Polygonal(ground, system, draw(words), height, (None, height)),
        right=draw(st.sampled_from(RightKind)),
        action=draw(st.sampled_from(Action)),
        minerals=tuple(draw(st.lists(words, max_size=3))),
        scale=draw(st.one_of(st.none(), st.floats(0, 1e6))),
        reserves=draw(st.dictionaries(st.sampled_from(["measured", "total"]), st.floats(0, 1e9))),
        exploration_degree=draw(st.one_of(st.none(), st.sampled_from(ExplorationDegree))),
        elevation=draw(st.sampled_from([None, height])),
        method=draw(st.one_of(st.none(), st.sampled_from(MiningMethod))),
        stated_area_km2=draw(words),
        attachments=(Attachment(KIND, date=draw(dates), valid_to=draw(dates)),),
        exemptions=(Exemption("R-SP-02", "a", "b", "c", valid_from=draw(dates)),),
        facts={"whole_hill": draw(st.booleans()), "day": draw(st.dates())},
    )


@given(proposals())
def test_a_stored_proposal_is_the_same_to_the_last_digit(proposal: Proposal) -> None:
    stored = json.loads(json.dumps(proposal_to_dict(proposal), ensure_ascii=False))
    again = proposal_from_dict(stored)
    assert again == proposal
    assert proposal_to_dict(again) == stored


@pytest.mark.parametrize("key", ["geometry", "right", "action", "elevation"])
def test_a_changed_record_is_refused(key: str) -> None:
    ground = Polygonal(box(113, 36, 113.01, 36.01))
    made = Proposal(
        name="甲", geometry=ground, right=RightKind.MINING_RIGHT, action=Action.NEW, minerals=()
    )
    stored = proposal_to_dict(made)
    for value in ("?", 3, {"type": "Point", "coordinates": [1, 2]}):
        with pytest.raises(InputError, match="E516"):
            proposal_from_dict({**stored, key: value})
    with pytest.raises(InputError, match="E516"):
        proposal_from_dict({name: stored[name] for name in stored if name != key})
