"""Asking a workspace: queries over everything it holds, their results as JSON and as files.

One door for pages, REST and the command line.
"""

from minplan.inquiry.desk import Inquiry, Prepared
from minplan.inquiry.export import FORMATS, Exported, ExportOptions, export

__all__ = ["FORMATS", "ExportOptions", "Exported", "Inquiry", "Prepared", "export"]
