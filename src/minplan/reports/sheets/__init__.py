"""Map sheets of the plan (附图): zones and blocks at a stated scale, true on paper."""

from minplan.reports.sheets.content import Overlay
from minplan.reports.sheets.drawing import SheetOrder
from minplan.reports.sheets.paper import PAPER
from minplan.reports.sheets.sheet import FORMATS, SheetMade, draw_sheet
from minplan.reports.sheets.subjects import Subject, subject_of, subjects

__all__ = [
    "FORMATS",
    "PAPER",
    "Overlay",
    "SheetMade",
    "SheetOrder",
    "Subject",
    "draw_sheet",
    "subject_of",
    "subjects",
]
