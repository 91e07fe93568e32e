"""The table of zones on a sheet: number, name, area as printed, main minerals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from minplan.core.plan.model import Zone
from minplan.reports.maps.frame import INK, Box, Sheet
from minplan.reports.maps.labels import text_width, wrapped
from minplan.reports.wording import Voice

#: All in mm and points at A4: type, height of a line, room above and below it, least width.
_SIZE: Final = 5.6
_LINE: Final = 2.5
_ROOM: Final = 1.0
_WIDTH: Final = 56.0
_HEAD: Final = 6.5
_GAP: Final = 2.5
#: Shares of the width: number, name, area, minerals.
_SHARES: Final = (0.15, 0.42, 0.16, 0.27)
#: The table is set as large as it fits, within these bounds.
_SETTINGS: Final = (1.5, 1.35, 1.2, 1.1, 1.0, 0.9, 0.8, 0.72)
_RULE: Final = "#B9C0C9"
_TINT: Final = "#EEF1F5"

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Setting:
    """The table set in columns: rows with their lines, at a size and width in mm."""

    columns: tuple[tuple[tuple[tuple[tuple[str, ...], ...], float], ...], ...]
    grow: float
    width: float


def zone_rows(zones: tuple[Zone, ...], voice: Voice) -> list[Row]:
    """Rows kind by kind; a row of one cell is the heading of a kind."""
    rows: list[Row] = []
    kind = None
    for zone in zones:
        if zone.kind is not kind:
            kind = zone.kind
            rows.append((voice.opening(kind.word),))
        area = "—" if zone.area_km2 is None else f"{zone.area_km2}"
        name = zone.name + ("" if zone.geometry is not None else "※")
        minerals = voice.join(list(dict.fromkeys(zone.mineral_names))) or "—"
        rows.append((zone.code or "—", name, area, minerals))
    return rows


def draw_table(sheet: Sheet, page: Axes, box: Box, rows: list[Row], voice: Voice) -> float | None:
    """Draw the table into a box in mm; its height in mm, or None when it does not fit."""
    setting = _set(sheet, box, rows, voice)
    if setting is None:
        return None
    left, _, _, top = box
    deepest = top
    title = voice("规划分区（区块）表", "Zones and blocks")
    sheet.text(page, left, top - sheet.grow, title, 8.0, bold=True, ha="left", va="top")
    for number, column in enumerate(setting.columns):
        x = left + number * (setting.width + _GAP * sheet.grow)
        y = top - _HEAD * sheet.grow
        for cells, height in column:
            _row(sheet, page, (x, y - height, x + setting.width, y), cells, setting.grow)
            y -= height
        deepest = min(deepest, y)
    return top - deepest


def _set(sheet: Sheet, box: Box, rows: list[Row], voice: Voice) -> _Setting | None:
    left, bottom, right, top = box
    high = top - bottom - _HEAD * sheet.grow
    for share in _SETTINGS:
        grow = sheet.grow * share
        gap = _GAP * sheet.grow
        most = int((right - left + gap) / (_WIDTH * grow + gap))
        for count in range(1, max(most, 0) + 1):
            width = (right - left - gap * (count - 1)) / count
            width = min(width, _WIDTH * 1.8 * grow)
            columns = _flow(rows, width, high, grow, voice)
            if columns is not None and len(columns) <= count:
                return _Setting(tuple(columns), grow, width)
    return None


def _flow(
    rows: list[Row], width: float, high: float, grow: float, voice: Voice
) -> list[tuple[tuple[tuple[tuple[str, ...], ...], float], ...]] | None:
    """Rows in columns at most ``high``; every column starts with the head of the table."""
    head = _lines(_head(voice), width, grow)
    columns = [[head]]
    used = head[1]
    for index, row in enumerate(rows):
        item = _lines(row, width, grow)
        need = item[1]
        if len(row) == 1 and index + 1 < len(rows):
            # a heading never stands alone at the foot of a column
            need += _lines(rows[index + 1], width, grow)[1]
        if used + need > high:
            columns.append([head])
            used = head[1]
        if used + need > high:
            return None
        columns[-1].append(item)
        used += item[1]
    return [tuple(column) for column in columns]


def _head(voice: Voice) -> Row:
    return (
        voice("编号", "No."),
        voice("名称", "Name"),
        voice("面积(km²)", "Area (km²)"),
        voice("主要矿种", "Main minerals"),
    )


def _lines(row: Row, width: float, grow: float) -> tuple[tuple[tuple[str, ...], ...], float]:
    """Cells of a row in lines, and the height of the row in mm."""
    if len(row) == 1:
        return ((row,), (_LINE + 1.4 * _ROOM) * grow)
    cells = tuple(
        tuple(wrapped(cell, _SIZE, width / grow * share - 1.4)) or ("",)
        for cell, share in zip(row, _SHARES, strict=True)
    )
    return cells, (max(len(cell) for cell in cells) * _LINE + _ROOM) * grow


def _row(
    sheet: Sheet, page: Axes, box: Box, cells: tuple[tuple[str, ...], ...], grow: float
) -> None:
    left, bottom, right, top = box
    heading = len(cells) == 1
    tint, line = _TINT if heading else "none", 0.35 * grow
    page.add_patch(
        Rectangle((left, bottom), right - left, top - bottom, fc=tint, ec=_RULE, lw=line)
    )
    size, middle, share = _SIZE * grow / sheet.grow, (top + bottom) / 2, 0.0
    for cell, part in zip(cells, (1.0,) if heading else _SHARES, strict=True):
        x = left + share * (right - left) + 0.7 * grow
        room = part * (right - left) / grow - 1.2
        fit = min(1.0, *(room / max(text_width(line, _SIZE), 0.1) for line in cell))
        sheet.text(
            page,
            x,
            middle,
            "\n".join(cell),
            size * fit,
            bold=heading,
            color=INK,
            ha="left",
            va="center",
            linespacing=1.05,
        )
        share += part
