"""What is said of features that a format, or a file, does not hold as they are."""

from __future__ import annotations

from minplan.core.errors import Place
from minplan.core.geometry.corners import Level, Remark
from minplan.core.text import Text


def densified(place: Place) -> Remark:
    """Arcs became chords."""
    return Remark(
        "E154",
        Level.CONFIRM,
        Text(
            "图形含圆弧或曲线，已按不大于 4° 的弦加密为折线。",
            "Arcs or curves were replaced by chords of at most 4°.",
        ),
        fix=Text("请确认折线与原曲线一致。", "Confirm that the chords follow the curve."),
        place=place,
        applied=True,
    )


def dropped_z(place: Place) -> Remark:
    """Heights or measures are not used."""
    message = Text(
        "图形带高程或量测值（Z/M），未采用。", "Z or M values of the shapes are not used."
    )
    return Remark("E147", Level.INFO, message, place=place, applied=True)


def unreadable(row: int, place: Place) -> Remark:
    """A shape is damaged."""
    return Remark(
        "E230",
        Level.CONFIRM,
        Text("有图形读不出，按没有图形处理。", "A shape cannot be read; taken as no shape."),
        fix=Text("请在原软件中检查该图形后重新导出。", "Check the shape and export it again."),
        place=Place(file=place.file, layer=place.layer, row=row),
        applied=True,
    )


def renamed(name: str, unique: str, place: Place) -> Remark:
    """A column, or a layer, is called otherwise."""
    return Remark(
        "E231",
        Level.INFO,
        Text(f"“{name}”称为“{unique}”。", f"{name!r} is called {unique!r}."),
        place=Place(file=place.file, layer=place.layer, field=name),
        applied=True,
    )


def fewer(announced: int, read: int, place: Place) -> Remark:
    """The file announces more features than it has."""
    return Remark(
        "E232",
        Level.CONFIRM,
        Text(
            f"文件写明 {announced} 个要素，只读出 {read} 个。",
            f"{announced} features announced, {read} read.",
        ),
        fix=Text("请核对原文件是否完整。", "Check that the file is complete."),
        place=place,
    )


def not_read(name: str, place: Place) -> Remark:
    """A column of bytes is left out."""
    return Remark(
        "E233",
        Level.INFO,
        Text(f"二进制字段“{name}”未读取。", f"The binary column {name!r} is not read."),
        place=Place(file=place.file, layer=place.layer, field=name),
        applied=True,
    )


def lost(what: Text, place: Place) -> Remark:
    """The format that is written cannot hold something; ``what`` says what became of it."""
    return Remark("E234", Level.CONFIRM, what, place=place, applied=True)
