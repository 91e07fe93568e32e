"""Writers of reports: DOCX, PDF, maps, GeoJSON."""

from minplan.core.review.record import Reading
from minplan.reports.content import document_of
from minplan.reports.maps import MapContext, MapLayer, draw_finding, draw_map
from minplan.reports.particulars import Particulars
from minplan.reports.typeface import ReportError, check_glyphs
from minplan.reports.write import FORMATS, write_reports

__all__ = [
    "FORMATS",
    "MapContext",
    "MapLayer",
    "Particulars",
    "Reading",
    "ReportError",
    "check_glyphs",
    "document_of",
    "draw_finding",
    "draw_map",
    "write_reports",
]
