"""MapGIS 6.x files of points (WT), lines (WL) and areas (WP), read only.

The format was never published. What is read was put together from public descriptions of
programs that read such files, and has met no file of MapGIS itself (``certain = False``). So a
file that differs from that description in any figure that is known is refused.
"""

from typing import Final

#: Whether the layout was checked against files of MapGIS itself.
certain: Final = False
