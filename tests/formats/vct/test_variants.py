"""VCT files of other writers: versions 2.0 and 3.0, references to lines, odd heads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import shapely

from minplan.core.errors import InputError
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.formats.drivers.model import ColumnType, FeatureTable, OpenOptions
from minplan.formats.vct.driver import DRIVER

HEAD = """HeadBegin
Datamark:{mark}
Version:{version}
CoordinateSystemType:P
Dim:2
XAxisDirection:{x}
YAxisDirection:{y}
XYUnit:M
Spheroid:CGCS2000,6378137.0,298.257222101
PrimeMeridian:Greenwich
Projection:高斯-克吕格投影
Parameters:{parameters}
VerticalDatum:1985国家高程基准
ExtentMin:{low}
ExtentMax:38600000,4100000
Separator:{separator}
HeadEnd

"""
TABLES = """FeatureCodeBegin
1000600100,行政区,Polygon,XZQ
1000600200,界线,Line,JX
1000600300,点,Point,KCD
1000600900,注记,Annotation,ZJ
FeatureCodeEnd

TableStructureBegin
XZQ,3
BSM,Int10
MC,Char,20
RQ,Date,8
0
TableStructureEnd

"""
ROWS = """AttributeBegin
XZQ
{row}
TableEnd
AttributeEnd
"""
ROW = "7,7,襄垣县,20210301"

# a square of 100 m in two lines, and a square hole of 20 m in one
LINES = """LineBegin
11
1099000000
unknown
1
1
11
3
38500000,4000000
38500100,4000000
38500100,4000100
0
12
1099000000
unknown
1
1
11
3
38500000,4000000
38500000,4000100
38500100,4000100
0

13
1099000000
unknown
1
1
11
5
38500040,4000040
38500060,4000040
38500060,4000060
38500040,4000060
38500040,4000040
0
LineEnd
"""
POLYGON = """PolygonBegin
7
1000600100
unknown
{body}
0
PolygonEnd
"""
LABEL = "38500010,4000010"
SHELL = ["38500000,4000000", "38500000,4000100", "38500100,4000100", "38500100,4000000"]
HOLE = ["38500040,4000040", "38500060,4000040", "38500060,4000060", "38500040,4000060"]


def head(**changes: str) -> str:
    told = {
        "mark": "LANDUSE-VCT",
        "version": "3.0",
        "x": "E",
        "y": "N",
        "parameters": "114,1,38500000,0,3,38",
        "low": "38400000,3900000",
        "separator": ",",
    }
    return HEAD.format(**{**told, **changes})


def stored(tmp_path: Path, text: str, encoding: str = "gb18030") -> Path:
    path = tmp_path / "样.vct"
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return path


def read(path: Path, layer: str = "XZQ") -> FeatureTable:
    with DRIVER.open(path, OpenOptions(path.name)) as source:
        (table,) = source.batches(layer)
    return table


def whole(body: str, lines: str = LINES, rows: str = ROW, **changes: str) -> str:
    return head(**changes) + TABLES + lines + POLYGON.format(body=body) + ROWS.format(row=rows)


def ring(points: list[str]) -> str:
    closed = [*points, points[0]]
    return "\n".join(["11", str(len(closed)), *closed])


BODIES = {
    "3.0, lines": f"100\n{LABEL}\n21\n4\n-11,12,0,13",
    "3.0, lines turned": f"100\n{LABEL}\n21\n4\n11,-12,0,-13",
    "3.0, lines in several rows": f"100\n{LABEL}\n21\n4\n-11,12\n0\n13",
    "3.0, rings not separated": f"100\n{LABEL}\n21\n3\n-11,12,13",
    "3.0, type at the front": f"21\n{LABEL}\n4\n-11,12,0,13",
    "3.0, rings": f"1\n{LABEL}\n2\n{ring(SHELL)}\n{ring(HOLE)}",
    "3.0, hole first": f"1\n{LABEL}\n2\n{ring(HOLE)}\n{ring(SHELL)}",
    "3.0, no label": f"1\n2\n{ring(SHELL)}\n{ring(HOLE)}",
    "2.0, lines": f"{LABEL}\n4\n-11,12,0,13",
    "2.0, coordinates": "\n".join([LABEL, "10", *SHELL, SHELL[0], *HOLE, HOLE[0]]),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_polygons_of_every_encoding_are_the_same(tmp_path: Path, body: str) -> None:
    table = read(stored(tmp_path, whole(body)))
    (shape,) = table.geometry
    assert shape.geom_type == "Polygon"
    assert len(shape.interiors) == 1
    assert shape.area == pytest.approx(100**2 - 20**2)
    assert shape.is_valid
    assert list(table.rows()) == [{"BSM": 7, "MC": "襄垣县", "RQ": dt.date(2021, 3, 1)}]
    assert table.system == CoordinateSystem(Datum.CGCS2000, 3, 38)


def test_polygons_made_of_polygons_are_their_union(tmp_path: Path) -> None:
    body = f"1\n{LABEL}\n1\n{ring(SHELL)}\n0\n8\n1000600100\nu\n1\n{LABEL}\n1\n{ring(HOLE)}\n0\n"
    body += f"9\n1000600100\nu\n100\n{LABEL}\n22\n2\n7,-8"
    table = read(stored(tmp_path, whole(body)))
    assert [shape.area for shape in table.geometry] == pytest.approx([10_000, 400, 9600])
    assert table.values["MC"].tolist() == ["襄垣县", None, None]


def test_north_first_is_turned_at_the_border(tmp_path: Path) -> None:
    turned = [",".join(reversed(point.split(","))) for point in SHELL]
    body = f"1\n{LABEL}\n1\n{ring(turned)}"
    text = whole(body, x="N", y="E", low="3900000,38400000")
    (shape,) = read(stored(tmp_path, text)).geometry
    assert shape.bounds == (38_500_000, 4_000_000, 38_500_100, 4_000_100)


@pytest.mark.parametrize(
    ("parameters", "low", "system"),
    [
        ("114,0,38500000,0,3,38", "38400000,0", CoordinateSystem(Datum.CGCS2000, 3, 38)),
        ("114.0,500000", "400000,0", CoordinateSystem(Datum.CGCS2000, 3, 38, prefixed=False)),
        ("114,500000", "38400000,0", CoordinateSystem(Datum.CGCS2000, 3, 38)),
        ("0,111,1,19500000,0,6,19", "19400000,0", CoordinateSystem(Datum.CGCS2000, 6, 19)),
        ("114", "38400000,0", CoordinateSystem(Datum.CGCS2000, 3, 38)),
        ("114,0.9996,500000", "400000,0", None),
        ("", "38400000,0", None),
    ],
)
def test_the_zone_is_read_from_its_figures(
    tmp_path: Path, parameters: str, low: str, system: CoordinateSystem | None
) -> None:
    text = whole(BODIES["3.0, rings"], parameters=parameters, low=low)
    assert read(stored(tmp_path, text)).system == system


def test_lon_lat_without_axes_is_told_by_the_extent(tmp_path: Path) -> None:
    text = """HeadBegin
Datamark:CNSDTF-VCT
Version:GB/T 17798-2007
CoordinateSystemType:D
Spheroid:CGCS2000,6378137,298.257222101
ExtentMin:{low}
ExtentMax:{high}
HeadEnd
FeatureCodeBegin
1,点,Point,KCD
FeatureCodeEnd
PointBegin
1
1
u
1
{point}
0
PointEnd
"""
    north_first = text.format(low="36,113", high="37,114", point="36.5,113.25")
    east_first = text.format(low="113,36", high="114,37", point="1\n113.25,36.5")
    for one in (north_first, east_first):
        table = read(stored(tmp_path, one), "KCD")
        assert table.geometry[0].wkt == "POINT (113.25 36.5)"
        assert table.system == CoordinateSystem(Datum.CGCS2000)


def test_old_and_new_annotations_are_points_with_their_text(tmp_path: Path) -> None:
    text = """AnnotationBegin
1
1000600900
unknown
1
注记, 一
38500000,4000000,45
0
2
1000600900
ZJ
宋体
255,0,0
400,0,N
3,3
0
旧注记
1
38500001,4000001
0
AnnotationEnd
"""
    table = read(stored(tmp_path, head() + TABLES + text), "ZJ")
    assert table.values["ZJNR"].tolist() == ["注记, 一", "旧注记"]
    assert [shape.x for shape in table.geometry] == [38_500_000, 38_500_001]


def test_lines_old_and_new_and_in_segments(tmp_path: Path) -> None:
    text = """LineBegin
1
1000600200
unknown
1
2
11
2
0,0
1,0
11
2
1,0
1,1
0
2
1000600200
JX
1
2
5,5
6,6
0
3
1000600200
u
100
2
1,-2
0
LineEnd
"""
    table = read(stored(tmp_path, head() + TABLES + text), "JX")
    assert [shape.wkt for shape in table.geometry] == [
        "LINESTRING (0 0, 1 0, 1 1)",
        "LINESTRING (5 5, 6 6)",
        "MULTILINESTRING ((0 0, 1 0, 1 1), (6 6, 5 5))",
    ]


def test_points_with_direction_and_groups(tmp_path: Path) -> None:
    text = "PointBegin\n1\n1000600300\nu\n3\n2\n1,2\n3,4\n0\n"
    text += "2\n1000600300\nu\n4\n2\n1,2\n3,4\n0\nPointEnd\n"
    table = read(stored(tmp_path, head() + TABLES + text), "KCD")
    assert [shape.wkt for shape in table.geometry] == [
        "POINT (1 2)",
        "MULTIPOINT ((1 2), (3 4))",
    ]


def test_rows_without_an_object_number_and_with_a_last_separator(tmp_path: Path) -> None:
    for row in ("7,襄垣县,20210301", "7,7,襄垣县,2021-03-01,"):
        table = read(stored(tmp_path, whole(BODIES["3.0, rings"], rows=row)))
        assert list(table.rows()) == [{"BSM": 7, "MC": "襄垣县", "RQ": dt.date(2021, 3, 1)}]


def test_features_without_a_partner_are_kept_and_told(tmp_path: Path) -> None:
    text = whole(BODIES["3.0, rings"], rows="8,8,黎城县,")
    path = stored(tmp_path, text)
    with DRIVER.open(path, OpenOptions("样")) as source:
        (table,) = source.batches("XZQ")
        remarks = [remark.message.en for remark in source.remarks]
    assert table.values["MC"].tolist() == ["黎城县", None]
    assert [shape is None for shape in table.geometry] == [True, False]
    assert "XZQ: 1 geometries have no attributes" in remarks
    assert "XZQ: 1 rows of attributes have no geometry" in remarks


def test_utf8_with_a_mark_comments_and_unknown_sections(tmp_path: Path) -> None:
    text = whole(BODIES["3.0, rings"]).replace("FeatureCodeBegin", "featurecodebegin")
    text = "\ufeff" + text.replace("LineBegin", "CommentBegin\n说明\nCommentEnd\nLineBegin")
    text += "StyleBegin\nabc\nStyleEnd\nSolidBegin\n1\nSolidEnd\n"
    path = stored(tmp_path, text, "utf-8")
    with DRIVER.open(path, OpenOptions("样")) as source:
        described = source.describe("XZQ")
        assert described.encoding == "UTF-8"
        assert described.count == 1
        assert [column.type for column in described.columns] == [
            ColumnType.INTEGER,
            ColumnType.TEXT,
            ColumnType.DATE,
        ]
        assert any("Solid" in remark.message.en for remark in source.remarks)
    assert read(path).values["MC"].tolist() == ["襄垣县"]


def test_boundary_lines_are_no_layer_but_undeclared_ones_are(tmp_path: Path) -> None:
    bounding = stored(tmp_path, whole(BODIES["3.0, lines"]))
    with DRIVER.open(bounding, OpenOptions("样")) as source:
        assert source.layers == ("XZQ", "JX", "KCD", "ZJ")
        assert any("3 lines of code 1099000000" in r.message.en for r in source.remarks)
    alone = stored(tmp_path, whole(BODIES["3.0, rings"]))
    with DRIVER.open(alone, OpenOptions("样")) as source:
        assert "1099000000" in source.layers
        (table,) = source.batches("1099000000")
    assert shapely.length(table.geometry).tolist() == [200.0, 200.0, 80.0]


FAULTS = {
    "no head": (lambda text: text.replace("HeadBegin", "Head", 1), "E230", 1),
    "another mark": (lambda text: text.replace("LANDUSE-VCT", "CSV"), "E230", 2),
    "an offset": (lambda text: text.replace("Dim:2", "Dim:2\nOffset:100,0"), "E230", 6),
    "unknown axes": (lambda text: text.replace("Direction:N", "Direction:W"), "E230", 6),
    "unknown unit": (lambda text: text.replace("Unit:M", "Unit:F"), "E230", 8),
    "no end of the head": (lambda text: text.replace("HeadEnd", ""), "E230", None),
    "unknown type": (lambda text: text.replace("MC,Char,20", "MC,Blob"), "E231", 29),
    "too many points": (lambda text: text.replace("11\n5\n", "11\n6\n", 1), "E231", None),
    "too few points": (lambda text: text.replace("11\n5\n", "11\n4\n", 1), "E231", None),
    "far too many points": (lambda text: text.replace("11\n5\n", "11\n999999999\n"), "E231", None),
    "an arc": (lambda text: text.replace("11\n5\n", "12\n5\n", 1), "E232", None),
    "a word among coordinates": (lambda text: text.replace(SHELL[2], "a,b"), "E233", None),
    "three numbers": (lambda text: text.replace(SHELL[2], SHELL[2] + ",1"), "E233", None),
    "numbers in the wrong line": (
        lambda text: text.replace(f"{SHELL[1]}\n{SHELL[2]}", "1\n2,3,4"),
        "E233",
        None,
    ),
    "no number": (lambda text: text.replace(SHELL[2], "nan,1"), "E233", None),
    "underscores": (lambda text: text.replace(SHELL[2], "1_0,1"), "E233", None),
    "a value too many": (lambda text: text.replace(ROW, ROW + ",x,y"), "E233", None),
    "no date": (lambda text: text.replace(ROW, ROW[:-1] + "X"), "E233", None),
    "an object twice": (lambda text: text.replace(ROW, ROW + "\n" + ROW), "E234", None),
    "cut off": (lambda text: text[: text.index("AttributeEnd")], "E231", None),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_name_the_line_and_the_way_out(tmp_path: Path, name: str) -> None:
    break_it, code, line = FAULTS[name]
    with pytest.raises(InputError) as caught:
        read(stored(tmp_path, break_it(whole(BODIES["3.0, rings"], lines=""))))
    assert caught.value.code == code
    assert caught.value.place.row
    assert line is None or caught.value.place.row == line
    assert caught.value.hint


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (f"100\n{LABEL}\n21\n2\n-11,99", "99"),
        (f"100\n{LABEL}\n21\n1\n11", "首尾不相接"),
        (f"100\n{LABEL}\n22\n1\n7", "循环"),
        (f"1\n{LABEL}\n1\n11\n2\n{SHELL[0]}\n{SHELL[1]}", "2 个点"),
    ],
)
def test_references_that_lead_nowhere(tmp_path: Path, body: str, word: str) -> None:
    with pytest.raises(InputError, match=word) as caught:
        read(stored(tmp_path, whole(body)))
    assert caught.value.code in ("E234", "E235")


def test_text_in_no_encoding_is_refused(tmp_path: Path) -> None:
    path = stored(tmp_path, whole(BODIES["3.0, rings"]))
    path.write_bytes(path.read_bytes().replace("襄垣县".encode("gbk"), b"\xff\xff\xff"))
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "E236"
