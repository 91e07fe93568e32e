"""Editions of the data standard are complete, and faults of their data are all named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from minplan.core.errors import Faults, PlanDataError
from minplan.core.plan.model import Level, Modality, Operator, Property, ZoneKind
from minplan.core.standard.load import build_edition, edition, editions, parsed
from minplan.core.standard.model import FieldType, LayerSpec

LAYERS = (
    "XZQ NYZYJD GJGHKQ ZLXKCBHQ ZDKCQ ZDKAIQ JZKCQ KCGHQK KAIGHQK ZYFZQ ZDZLQ YBZLQ BHQ YFQ "
    "LSYLTB TKQ CKQ KCD STBHHX YJJBNT CZKFBJ WWBH JSKZDD"
)


def small(**files: Any) -> dict[str, Any]:
    """The least data of an edition, with whole files put in its place."""
    field = {"code": "BSM", "zh": "标识码", "en": "identifier", "type": "char", "length": 20}
    layer = {"code": "A", "zh": "甲", "en": "a", "geometry": "polygon", "key": "BSM"}
    base: dict[str, Any] = {
        "edition.toml": {"id": "x", "zh": "版本", "en": "edition"},
        "layers.toml": {"layer": [{**layer, "fields": [field]}]},
    }
    return {**base, **{f"{name}.toml": content for name, content in files.items()}}


def faults_of(files: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    with pytest.raises(Faults) as caught:
        build_edition(files)
    return [(item.code, item.place.file, item.place.layer) for item in caught.value.faults]


def test_both_editions_load() -> None:
    assert editions() == ("2021-2025", "third-round")
    assert " ".join(item.code for item in edition("2021-2025").layers) == LAYERS
    trial = {item.code for item in edition("third-round").specs}
    assert trial >= {"KANCHQ", "KANCKC", "KAICAQ", "KAICKC", "KAGH", "KCGH", "KAGHKC", "KCGHKC"}


def test_the_trial_table_that_was_published_is_certain() -> None:
    spec = edition("third-round").spec("KAICAQ")
    area = spec.field("GHQMJ")
    assert area is not None
    assert (area.type, area.length, area.decimals) == (FieldType.FLOAT, 10, 4)
    assert all(item.certain for item in spec.fields)


@pytest.mark.parametrize("name", editions())
def test_every_item_tells_its_source_and_both_names(name: str) -> None:
    found = edition(name)
    listed = [
        *found.specs,
        *(field for spec in found.specs for field in spec.fields),
        *found.code_lists.values(),
        *found.documents,
        *found.metadata,
        *found.topology,
    ]
    assert all(item.source and item.name.zh and item.name.en for item in listed)


def test_every_kind_of_zone_has_a_layer_and_every_word_a_code() -> None:
    found = edition("2021-2025")
    assert all(found.layer_of_kind(kind.value) is not None for kind in ZoneKind)
    words = {"FQLB": ZoneKind, "GHJB": Level, "YSF": Operator, "YSCD": Modality, "ZBSX": Property}
    for name, kinds in words.items():
        codes = found.code_lists[name]
        assert all(codes.of_value(item.value) is not None for item in kinds), name


def test_layers_fit_every_format() -> None:
    for layer in edition("2021-2025").layers:
        assert all(len(item.code) <= 10 and item.code.isascii() for item in layer.fields)
        assert all(item.length <= 254 for item in layer.fields)
        assert not any(item.type is FieldType.TEXT for item in layer.fields)


def test_codes_are_found_by_code_name_and_alias_and_have_a_validity() -> None:
    lists = edition("third-round").code_lists
    gone = lists["XZQ"].find("长治县")
    assert gone is not None
    assert gone.in_force(dt.date(2016, 1, 1))
    assert not gone.in_force(dt.date(2021, 1, 1))
    method = edition("2021-2025").code_lists["KCFS"]
    assert {item.code for word in ("1", "露天开采", "露天") if (item := method.find(word))} == {"1"}
    coal = edition("2021-2025").code_lists["KZ"]
    found = coal.find("原煤")
    assert found is not None
    assert coal.stored(found) == "煤炭"


def test_a_city_adds_a_field_a_code_and_a_layer_by_data() -> None:
    field = {"code": "BDZD", "zh": "本地字段", "en": "local field", "type": "char", "length": 20}
    layer = {"code": "BDTC", "zh": "本地图层", "en": "local layer", "geometry": "line"}
    overlay = {
        "layers.toml": {
            "layer": [
                {"code": "KAIGHQK", "fields": [field]},
                {**layer, "key": "BSM", "groups": ["common"]},
            ]
        },
        "codes.toml": {"list": {"XZQ": {"codes": [{"code": "140500", "zh": "晋城市", "en": "J"}]}}},
    }
    local = edition("2021-2025", overlay)
    assert local.spec("KAIGHQK").field("BDZD") is not None
    assert local.spec("KAIGHQK").field("NSGM") is not None
    assert isinstance(local.spec("BDTC"), LayerSpec)
    assert local.code_lists["XZQ"].find("晋城市") is not None
    assert edition("2021-2025").spec("KAIGHQK").field("BDZD") is None


def test_every_fault_of_the_data_is_named_with_file_and_item() -> None:
    layer = {"code": "B", "zh": "乙", "geometry": "circle", "key": "NO", "colour": "red"}
    long = {"code": "LANG", "zh": "长", "en": "long", "type": "char", "length": 300}
    domain = {"code": "D", "zh": "域", "en": "d", "type": "char", "length": 2, "domain": "NONE"}
    found = faults_of(small(layers={"layer": [{**layer, "fields": [long, domain]}]}, more={}))
    assert ("E702", "more.toml", None) in found
    assert found.count(("E702", "layers.toml", "B")) == 3  # no English name, geometry, colour
    assert ("E704", "layers.toml", "B") in found
    assert ("E704", "layers.toml", "B.D") in found
    assert ("E705", "layers.toml", "B.LANG") in found


def test_an_item_that_is_there_twice_is_named() -> None:
    rule = {"id": "T", "kind": "no-gap", "layer": "A", "zh": "规则", "en": "rule"}
    assert faults_of(small(topology={"rule": [rule, rule]})) == [("E703", "topology.toml", None)]


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "codes.toml"
    file.write_text("[list", encoding="utf-8")
    with pytest.raises(PlanDataError) as caught:
        parsed(file)
    assert (caught.value.code, caught.value.place.file) == ("E702", "codes.toml")


def test_unknown_editions_and_layers_are_refused() -> None:
    with pytest.raises(PlanDataError) as caught:
        edition("1999")
    assert caught.value.code == "E701"
    with pytest.raises(PlanDataError) as caught:
        edition("2021-2025").spec("NONE")
    assert caught.value.code == "E711"
