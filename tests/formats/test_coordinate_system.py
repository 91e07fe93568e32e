"""The same zone is recognised under every name and dialect."""

from __future__ import annotations

import pytest
from pyproj import CRS

from minplan.core.errors import InputError
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.formats.coordinate_system import parse_system, recognise

CODES = [4490, 4326, 4610, 4214, *range(4513, 4555), *range(4491, 4502), 2349, 2370, 2401, 21413]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("dialect", ["code", "WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
def test_codes_and_definitions_agree(code: int, dialect: str) -> None:
    text = f"EPSG:{code}" if dialect == "code" else CRS.from_epsg(code).to_wkt(dialect)
    system = recognise(text)
    assert isinstance(system, CoordinateSystem)
    assert system.epsg == code


def test_an_esri_definition_without_code() -> None:
    wkt = (
        'PROJCS["CGCS2000_3_Degree_GK_Zone_38",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
        'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
        'PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],'
        'PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    assert recognise(wkt) == CoordinateSystem(Datum.CGCS2000, 3, 38)


def test_other_systems_stay_themselves() -> None:
    assert isinstance(recognise("EPSG:32649"), CRS)
    assert recognise('LOCAL_CS["drawing",UNIT["Meter",1.0]]') is None
    assert recognise("nonsense") is None


@pytest.mark.parametrize(
    ("word", "system"),
    [
        ("38", CoordinateSystem(Datum.CGCS2000, 3, 38)),
        ("19", CoordinateSystem(Datum.CGCS2000, 6, 19)),
        ("6-19", CoordinateSystem(Datum.CGCS2000, 6, 19)),
        ("xian80-37", CoordinateSystem(Datum.XIAN80, 3, 37)),
        ("Beijing54-6-19", CoordinateSystem(Datum.BEIJING54, 6, 19)),
        ("EPSG:4547", CoordinateSystem(Datum.CGCS2000, 3, 38, prefixed=False)),
        ("lonlat", CoordinateSystem()),
        ("wgs84", CoordinateSystem(Datum.WGS84)),
    ],
)
def test_words_for_systems(word: str, system: CoordinateSystem) -> None:
    assert parse_system(word) == system


@pytest.mark.parametrize("word", ["", "99", "foo", "EPSG:3857", "xian80-99"])
def test_other_words_are_refused_with_examples(word: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_system(word)
    assert caught.value.hint is not None
