"""VCT, the exchange format of GB/T 17798 (地理空间数据交换格式): a text file of sections.

The text of the standard is not public. What is read here was put together from files and from
descriptions of programs that write them (``certain = False``): variants are accepted where their
shape tells them apart, everything else is refused with its line. One strict form is written.
"""

from typing import Final

#: Whether the structure was checked against the text of the standard.
certain: Final = False
