"""Fixes as choices: what a person may answer to a remark, as options to read again with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from minplan.core.geometry.corners.model import Level, Notation, ReadOptions, Remark
from minplan.core.geometry.crs import CoordinateSystem, Datum
from minplan.core.text import Text


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to a remark: its words, and the options that say so when the text is read again.

    ``undoes`` tells that it takes back what the reader has done by itself (保持原样).
    """

    label: Text
    options: ReadOptions
    undoes: bool = False


Offer = Callable[[Remark, ReadOptions], Iterator[Choice]]

_ADOPT: Final = Text("采用", "Use it")
_KEEP: Final = Text("保持原样", "Keep as it is")
_UNDO: Final = Text("撤销", "Undo")


def choices(remark: Remark, options: ReadOptions) -> tuple[Choice, ...]:
    """What can be answered to a remark of a reading made with ``options``; often nothing.

    A remark that merely asks for a look (请核对) has no choice: the corners themselves are wrong.
    """
    offer = _OFFERS.get(remark.code)
    return tuple(offer(remark, options)) if offer else ()


def _adoptable(remark: Remark, options: ReadOptions) -> Iterator[Choice]:
    """Fixes the reader applies only when they are accepted."""
    if remark.code in options.accepted:
        yield Choice(
            _UNDO, replace(options, accepted=options.accepted - {remark.code}), undoes=True
        )
    elif not remark.applied and (remark.after is not None or remark.code != "E124"):
        label = remark.fix if remark.fix and len(remark.fix.zh) < 16 else _ADOPT
        yield Choice(label, replace(options, accepted=options.accepted | {remark.code}))


def _refusable(remark: Remark, options: ReadOptions) -> Iterator[Choice]:
    """Fixes the reader applies unless they are declined."""
    if remark.code in options.declined:
        yield Choice(_ADOPT, replace(options, declined=options.declined - {remark.code}))
    elif remark.applied:
        declined = options.declined | {remark.code}
        yield Choice(_KEEP, replace(options, declined=declined), undoes=True)


def _zones(remark: Remark, options: ReadOptions) -> Iterator[Choice]:
    """The 3° zones of the region, by number."""
    for zone in _zone_numbers(options):
        stated = options.system
        if stated is None or stated.zone != zone:
            system = CoordinateSystem(options.datum or Datum.CGCS2000, 3, zone)
            yield Choice(
                Text(f"按 {zone} 带", f"Zone {zone}"),
                replace(options, system=system),
                undoes=remark.level is not Level.BLOCKING,
            )


def _zone_numbers(options: ReadOptions) -> range:
    if options.region is None:
        return range(37, 39)
    west, _, east, _ = options.region.bounds
    return range(round(west / 3), round(east / 3) + 1)


def _notations(remark: Remark, options: ReadOptions) -> Iterator[Choice]:
    for notation in (Notation.PACKED, Notation.DECIMAL):
        if options.notation is not notation:
            words = notation.label
            yield Choice(
                Text(f"按{words.zh}", f"As {words.en}"), replace(options, notation=notation)
            )


def _columns(remark: Remark, options: ReadOptions) -> Iterator[Choice]:
    """By rows or by columns, where the shape alone has decided or nothing could."""
    if remark.level is Level.BLOCKING:
        yield Choice(Text("按行读", "By rows"), replace(options, reading="rows"))
        yield Choice(Text("按栏读", "By columns"), replace(options, reading="columns"))
    elif remark.after is not None:
        yield Choice(_KEEP, replace(options, reading="rows"), undoes=True)


def _datums(remark: Remark, options: ReadOptions) -> Iterator[Choice]:
    """Which datum it is; old ones can be kept for areas where there are no parameters."""
    if remark.level is Level.BLOCKING:
        yield Choice(
            Text("只算面积，保留原坐标系", "Keep the datum, areas only"),
            replace(options, keep_datum=True),
        )
        yield Choice(
            Text("其实是 2000 坐标系", "It is CGCS2000 after all"),
            replace(options, datum=Datum.CGCS2000),
        )
        return
    for datum in (Datum.CGCS2000, Datum.XIAN80, Datum.BEIJING54):
        if datum is not (options.datum or Datum.CGCS2000):
            name = datum.name_zh.removesuffix("坐标系")
            yield Choice(
                Text(f"其实是{name}坐标系", f"It is {datum.value}"),
                replace(options, datum=datum, keep_datum=False),
                undoes=True,
            )


_OFFERS: Final[Mapping[str, Offer]] = {
    "E103": _zones,
    "E104": _adoptable,
    "E111": _notations,
    "E122": _refusable,
    "E123": _adoptable,
    "E124": _adoptable,
    "E125": _columns,
    "E127": _refusable,
    "E141": _datums,
}
