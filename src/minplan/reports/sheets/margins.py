"""Everything around the frame of a sheet: title, grid figures, legend, table, index, imprint."""

from __future__ import annotations

import math
from typing import Final

import shapely
from matplotlib.patches import Rectangle

from minplan.reports.maps.frame import GREY, INK, Box, draw_frame, draw_north, draw_scale
from minplan.reports.maps.furniture import draw_index, draw_panel, draw_stamp
from minplan.reports.maps.labels import fitting, wrapped
from minplan.reports.maps.legend import HEAD_MM, ROW_MM, LegendItem, draw_legend
from minplan.reports.maps.style import style_of
from minplan.reports.sheets.drawing import STAMP_INSET, Drawing
from minplan.reports.sheets.graticule import draw_graticule
from minplan.reports.sheets.ground import REGION
from minplan.reports.sheets.paper import BAND, MARGIN
from minplan.reports.sheets.table import draw_table, zone_rows

#: In mm and points at A4: insets, heights of the scale bar and the index map, imprint's lines.
_INSET: Final = 2.5
_SCALE: Final = 14.0
_INDEX: Final = 58.0
_LINE: Final = 3.3
_SIZE: Final = 6.2
#: The legend of a panel below the frame takes this share of it, index and imprint that one.
_LEGEND_SHARE: Final = 0.30
_IMPRINT_SHARE: Final = 0.27
#: From this width of a panel (mm at A4) the legend has two columns.
_TWO_COLUMNS: Final = 76.0


def draw_margins(drawing: Drawing) -> None:
    """Title, frame with its grids, north arrow, stamp, panel, and the line at the foot."""
    sheet, page, place = drawing.sheet, drawing.page, drawing.composition
    left, _, right, top = place.frame
    grow = sheet.grow
    _title(drawing)
    draw_frame(sheet, page, place.frame, drawing.view, band=BAND, corners=False)
    draw_graticule(sheet, page, place.frame, drawing.view)
    draw_north(sheet, page, right - 7 * grow, top - 18 * grow, drawing.voice)
    if drawing.content.schematic:
        corner = (left + STAMP_INSET * grow, top - STAMP_INSET * grow)
        draw_stamp(sheet, page, corner, drawing.voice, drawing.stamp)
    draw_panel(sheet, page, place.panel)
    if place.beside:
        _panel_beside(drawing)
    else:
        _panel_below(drawing)
    _foot(drawing)


def title_of(drawing: Drawing) -> str:
    """The name of the sheet (图名): the region or county, then the subject."""
    content, voice = drawing.content, drawing.voice
    if drawing.order.title:
        return drawing.order.title
    county = content.chosen.zone.name if content.chosen else ""
    title = voice.opening(content.subject.title)
    # the plan's English name, in the line below, names the region
    return voice(
        f"{content.plan.plan.region_name}{county}{title}", f"{title}, {county}".rstrip(", ")
    )


def _title(drawing: Drawing) -> None:
    sheet, page, place = drawing.sheet, drawing.page, drawing.composition
    grow, plan, voice = sheet.grow, drawing.content.plan.plan, drawing.voice
    top, middle = place.height - MARGIN * grow, place.width / 2
    room = (place.width - 2 * MARGIN * grow) / grow
    title = title_of(drawing)
    size = fitting(title, 21.0, room)
    sheet.text(page, middle, top, title, size, bold=True, ha="center", va="top")
    under = f"{voice.of(plan.name)}{voice('附图', ', map annex')}　{plan.act}"
    size = fitting(under, 8.5, room)
    sheet.text(page, middle, top - 12.2 * grow, under, size, ha="center", va="top", color=GREY)


def _panel_beside(drawing: Drawing) -> None:
    """Legend, index map, table, scale and imprint from the top down."""
    grow = drawing.sheet.grow
    left, bottom, right, top = _inner(drawing)
    top = _legend(drawing, (left, bottom, right, top))
    bottom = _imprint(drawing, (left, bottom, right, top))
    draw_scale(
        drawing.sheet,
        drawing.page,
        (left, bottom, right, bottom + _SCALE * grow),
        drawing.view,
        drawing.voice,
    )
    bottom += _SCALE * grow
    if drawing.content.chosen:
        side = min(_INDEX * grow, right - left)
        middle = (left + right) / 2
        _index(drawing, (middle - side / 2, top - side, middle + side / 2, top))
        top -= side + _INSET * grow
    _table(drawing, (left, bottom, right, top))


def _panel_below(drawing: Drawing) -> None:
    """Legend and scale on the left, table in the middle, index map and imprint on the right."""
    grow = drawing.sheet.grow
    left, bottom, right, top = _inner(drawing)
    width, gap = right - left, _INSET * grow
    first, last = left + _LEGEND_SHARE * width, right - _IMPRINT_SHARE * width
    draw_scale(
        drawing.sheet,
        drawing.page,
        (left, bottom, first, bottom + _SCALE * grow),
        drawing.view,
        drawing.voice,
    )
    _legend(drawing, (left, bottom + _SCALE * grow, first, top))
    foot = _imprint(drawing, (last, bottom, right, top))
    if drawing.content.chosen:
        side = min(top - foot - gap, right - last)
        _index(drawing, (right - side, top - side, right, top))
    _table(drawing, (first + gap, bottom, last - gap, top))


def _inner(drawing: Drawing) -> Box:
    inset = _INSET * drawing.sheet.grow
    left, bottom, right, top = drawing.composition.panel
    return left + inset, bottom + inset, right - inset, top - inset


def legend_items(drawing: Drawing) -> list[LegendItem]:
    """Only what the sheet shows, zones with their number."""
    content, voice = drawing.content, drawing.voice
    items = [
        LegendItem(voice(f"{kind.word.zh}（{n}个）", f"{kind.word.en} ({n})"), style_of(kind.value))
        for kind, n in content.counts.items()
    ]
    for layer in content.overlays:
        if not layer.shapes:
            continue
        lines = all(shapely.get_dimensions(shape) == 1 for shape in layer.shapes)
        shape = "line" if lines else "area"
        items.append(LegendItem(voice.of(layer.name), style_of(layer.style), shape))
    if content.counties:
        here = content.chosen is not None
        words = voice("本县（区）界", "border of the county") if here else None
        words = words or voice("规划区界", "border of the plan")
        items.append(LegendItem(words, REGION, "line"))
        items.append(LegendItem(voice("县（区）界", "county boundary"), style_of("county"), "line"))
    return items


def _legend(drawing: Drawing, box: Box) -> float:
    """Draw the legend from the top of a box; returns where it ends."""
    left, bottom, right, top = box
    grow = drawing.sheet.grow
    items = legend_items(drawing)
    columns = 2 if (right - left) / grow >= _TWO_COLUMNS else 1
    rows = math.ceil(len(items) / columns)
    notes = _notes(drawing)
    lines = len(wrapped(notes, _SIZE, (right - left) / grow - 4)) if notes else 0
    end = max(bottom, top - (HEAD_MM + rows * ROW_MM + lines * 2.9 + 1.5) * grow)
    draw_legend(
        drawing.sheet,
        drawing.page,
        items,
        (left, end, right, top),
        title=drawing.voice("图　例", "Legend"),
        columns=columns,
        note=notes,
    )
    return end - 2.0 * grow


def _notes(drawing: Drawing) -> str:
    """What the map does not show, in words."""
    content, voice = drawing.content, drawing.voice
    notes = []
    if content.undrawn:
        number = len(content.undrawn)
        notes.append(
            voice(
                f"※ 另有 {number} 个分区规划未给出图形，图上未表示。",
                f"※ {number} more without geometry in the plan are not drawn. ",
            )
        )
    if not content.zones and content.subject.kinds:
        notes.append(voice("本图范围内没有此类分区。", "None of these zones lie here. "))
    if drawing.unlabelled:
        listed = voice.join(drawing.unlabelled)
        notes.append(voice(f"未注记：{listed}。", f"Not labelled: {listed}. "))
    return "".join(notes).strip()


def _index(drawing: Drawing, box: Box) -> None:
    """The counties with the chosen one tinted, and the frame of the sheet."""
    content = drawing.content
    assert content.chosen is not None
    counties = tuple(
        (item.zone.name, item.zone.geometry.geometry)
        for item in content.counties
        if item.zone.geometry is not None
    )
    axes, _ = draw_index(
        drawing.sheet,
        drawing.page,
        box,
        counties,
        system=content.system,
        here=content.chosen.shape.representative_point(),
        voice=drawing.voice,
    )
    west, south, east, north = drawing.view.bounds
    width = 1.1 * drawing.sheet.grow
    axes.add_patch(
        Rectangle(
            (west, south), east - west, north - south, fill=False, ec="#B4231A", lw=width, zorder=60
        )
    )


def _table(drawing: Drawing, box: Box) -> None:
    """The table where it fits, else a word where to find it."""
    left, bottom, _, top = box
    sheet, voice = drawing.sheet, drawing.voice
    rows = zone_rows(drawing.content.listed, voice)
    if not rows or draw_table(sheet, drawing.page, box, rows, voice) is not None:
        return
    drawing.table_left_out = True
    words = voice("分区（区块）表见规划附表。", "The table of zones is in the plan's tables.")
    if top - bottom > 4 * sheet.grow:
        y = top - sheet.grow
        sheet.text(drawing.page, left, y, words, _SIZE, ha="left", va="top", color=GREY)


def _imprint(drawing: Drawing, box: Box) -> float:
    """What the map is based on and who made it, above the bottom of a box; its upper edge."""
    left, bottom, right, _ = box
    voice, sheet = drawing.voice, drawing.sheet
    grow, order, plan = sheet.grow, drawing.order, drawing.content.plan
    system = voice.of(drawing.view.system.name)
    no_number = voice("（未经审核，仅供内部使用）", "(not reviewed: internal use only)")
    items = [
        (voice("依据", "Source"), f"{voice.of(plan.plan.name)}，{plan.plan.act}"),
        (voice("坐标系", "System"), system),
        (voice("投影", "Projection"), voice("高斯—克吕格", "Gauss-Krüger")),
        (voice("高程基准", "Heights"), voice("1985国家高程基准", "1985 national height datum")),
        (voice("编制单位", "Prepared by"), order.office),
        (voice("编制日期", "Date"), voice.date(order.date)),
        (voice("审图号", "Map approval"), order.map_number or no_number),
        (voice("数据版本", "Data"), plan.sha256[:16]),
    ]
    colon, room = voice("：", ": "), (right - left) / grow
    lines = [line for k, v in items for line in wrapped(f"{k}{colon}{v}", _SIZE, room)]
    edge = bottom + len(lines) * _LINE * grow
    for number, line in enumerate(lines):
        y = edge - number * _LINE * grow
        sheet.text(drawing.page, left, y, line, _SIZE, ha="left", va="top", color=INK)
    return edge + 1.5 * grow


def _foot(drawing: Drawing) -> None:
    sheet, page, place, voice = (
        drawing.sheet,
        drawing.page,
        drawing.composition,
        drawing.voice,
    )
    edge = MARGIN * sheet.grow
    number = drawing.order.map_number
    left = voice("审图号：", "Map approval: ") + (number or "____________")
    right = f"{drawing.order.office}　{voice.date(drawing.order.date)}".strip()
    sheet.text(page, edge, edge, left, 7.0, ha="left", va="bottom")
    sheet.text(page, place.width - edge, edge, right, 7.0, ha="right", va="bottom")
