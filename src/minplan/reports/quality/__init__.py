"""Reports of quality checks: DOCX, HTML, PDF, workbook and GeoPackage of faults."""

from minplan.reports.quality.told import Told
from minplan.reports.quality.write import FORMATS, write_quality

__all__ = ["FORMATS", "Told", "write_quality"]
