"""Reader of corner coordinates (拐点坐标): paste anything, get the polygon and the reason.

Text goes through a dialect (rows, rings, what the words declare), is interpreted (notation, order,
zone, datum), assembled and checked. Nothing is changed silently: every change is a
:class:`Remark`, and what cannot be decided is refused with the alternatives.
"""

from minplan.core.geometry.corners.choices import Choice, choices
from minplan.core.geometry.corners.decode import decode
from minplan.core.geometry.corners.drawn import drawn
from minplan.core.geometry.corners.gcj02 import Gcj02Suspicion, gcj02_suspicion
from minplan.core.geometry.corners.model import (
    Alternative,
    Corner,
    CornerReading,
    CornersRefused,
    Level,
    Notation,
    Order,
    Parcel,
    ReadOptions,
    Region,
    Remark,
    Understanding,
)
from minplan.core.geometry.corners.reader import read_corners, read_draft, read_table

__all__ = [
    "Alternative",
    "Choice",
    "Corner",
    "CornerReading",
    "CornersRefused",
    "Gcj02Suspicion",
    "Level",
    "Notation",
    "Order",
    "Parcel",
    "ReadOptions",
    "Region",
    "Remark",
    "Understanding",
    "choices",
    "decode",
    "drawn",
    "gcj02_suspicion",
    "read_corners",
    "read_draft",
    "read_table",
]
