"""From one edition to another, and from the columns of a file to the fields of a layer."""

from __future__ import annotations

import pytest
from shapely import box

from minplan.core.errors import PlanDataError
from minplan.core.standard.diff import ChangeKind, diff
from minplan.core.standard.feature import FeatureValue
from minplan.core.standard.load import edition
from minplan.core.standard.mapping import lost_words, map_features
from minplan.core.standard.proposals import pinyin_initials, propose_mapping

NEW = edition("2021-2025")
OLD = edition("third-round")
GROUND = box(113, 36, 113.1, 36.1)


def old_area(number: str, kind: str) -> FeatureValue:
    told = {"GHQBH": number, "GHQMC": "示例规划区", "QHQLB": kind, "GHQMJ": 12.5, "GDZB": "1,2"}
    return FeatureValue("KAICAQ", number, told, GROUND)


def test_old_areas_become_new_zones_with_their_minerals() -> None:
    mineral = FeatureValue("KAICKC", "K1|煤炭", {"BSM": "K1|煤炭", "GHQBH": "K1", "KCMC": "煤"})
    mapped = map_features([old_area("K1", "330101"), mineral], OLD, NEW)
    zone, row = mapped.features
    assert (zone.layer, zone.key, zone.geometry) == ("ZDKAIQ", "K1", GROUND)
    assert zone.attributes == {"BSM": "K1", "GHBH": "K1", "MC": "示例规划区", "MJ": 12.5}
    assert (row.layer, row.attributes["FQBSM"], row.attributes["KZ"]) == ("FQKZ", "K1", "煤炭")


def test_what_does_not_fit_is_reported_with_counts() -> None:
    lost = [old_area("K1", "330101"), old_area("K2", "330103")]
    report = map_features(lost, OLD, NEW).report
    assert report.mapped == 1
    assert report.layers == {"KAICAQ": 1}  # prohibited areas have no layer any more
    assert report.fields == {("KAICAQ", "GDZB"): 1}
    assert not report.complete
    assert len(lost_words(report, OLD)) == 2


def test_codes_without_counterpart_are_reported() -> None:
    zone = {"BSM": "Z1", "MC": "区", "XZQDM": "999999"}
    report = map_features([FeatureValue("ZDKCQ", "Z1", zone)], NEW, OLD).report
    assert report.codes == {("ZDKCQ", "XZQDM", "999999"): 1}


def test_there_and_back_keeps_what_both_editions_hold() -> None:
    zone = {"BSM": "Z1", "GHBH": "Z1", "MC": "区", "MJ": 3.5, "XZQDM": "140426"}
    first = FeatureValue("ZDKCQ", "Z1", zone, GROUND)
    back = map_features(map_features([first], NEW, OLD).features, OLD, NEW)
    assert back.features == (first,)
    assert back.report.complete


def test_values_that_the_target_does_not_allow_are_faults() -> None:
    long = {"BSM": "Z123456789012", "MC": "区"}
    report = map_features([FeatureValue("ZDKCQ", "Z123456789012", long)], NEW, OLD).report
    assert {item.code for item in report.faults} == {"E715"}


def test_editions_without_correspondences() -> None:
    with pytest.raises(PlanDataError) as caught:
        map_features([], NEW, NEW)
    assert caught.value.code == "E731"


def test_diff_names_what_came_went_and_changed() -> None:
    changes = {item.item: item for item in diff(OLD, NEW)}
    assert changes["JZKCQ"].kind is ChangeKind.ADDED
    assert changes["KAICAQ"].kind is ChangeKind.REMOVED
    assert changes["XZQ.140421"].kind is ChangeKind.REMOVED
    assert "ZDKCGM" in changes
    assert diff(NEW, NEW) == ()


@pytest.mark.parametrize(
    ("words", "initials"),
    [("规划区面积", "GHQMJ"), ("勘查规划区块", "KCGHQK"), ("战略性矿产", "ZLXKC"), ("㸌a1", "?A1")],
)
def test_pinyin_initials(words: str, initials: str) -> None:
    assert pinyin_initials(words) == initials


def test_columns_are_proposed_by_name_alias_initials_and_values() -> None:
    columns = [
        ("BSM", ["K1"]),
        ("区块名称", ["示例"]),
        ("面积（km2）", ["1.70"]),
        ("NSGM", [30]),
        ("开采方法", ["露天开采"]),
        ("column7", ["水泥用灰岩", "煤炭"]),
        ("column8", ["x"]),
    ]
    found = {item.column: item for item in propose_mapping(NEW, "KAIGHQK", columns)}
    fields = {name: item.field for name, item in found.items()}
    assert fields["BSM"] == "BSM"
    assert fields["区块名称"] == "MC"
    assert fields["面积（km2）"] == "MJ"
    assert fields["NSGM"] == "NSGM"
    assert fields["开采方法"] == "KCFS"
    assert fields["column7"] in ("ZYKZ", "GBSKZ")
    assert "column8" not in found
    assert found["BSM"].score == 1.0
    assert all(item.reason.zh and item.reason.en for item in found.values())


def test_values_that_do_not_fit_lower_the_score() -> None:
    fits = propose_mapping(NEW, "KAIGHQK", [("面积", ["1.7", "2"])])
    assert fits[0].field == "MJ"
    assert propose_mapping(NEW, "KAIGHQK", [("面积", ["大", "小", "不详"])]) == ()


def test_no_field_is_proposed_twice() -> None:
    found = propose_mapping(NEW, "JZKCQ", [("名称", []), ("区块名称", []), ("NAME", [])])
    assert [item.field for item in found] == ["MC"]
