"""Features of a file as plain values, and the border where reading libraries fail."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from minplan.core.errors import InputError, MinplanError, Place
from minplan.core.geometry.layer import GeometryArray
from minplan.core.text import Text


@dataclass(frozen=True, slots=True)
class LayerFeatures:
    """The features of one layer in the coordinates of the file, Z and M dropped.

    ``rows`` are the feature ids of the file, ``crs`` what the file says (an authority code or
    WKT), ``had_z`` whether a third coordinate was dropped, ``warnings`` what GDAL remarked.
    """

    layer: str
    crs: str | None
    geometry: GeometryArray
    rows: tuple[int, ...]
    attributes: tuple[Mapping[str, Any], ...]
    had_z: bool = False
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)


@contextmanager
def translated(name: str, layer: str | None = None) -> Iterator[list[str]]:
    """Collect a library's warnings in a list and turn any of its failures into InputError E206.

    Reading libraries raise errors of every family on damaged files (IndexError, KeyError,
    UnicodeDecodeError …), so everything but our own errors is translated here.
    """
    remarks: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield remarks
        except MinplanError:
            raise
        except Exception as error:
            raise InputError(
                "E206",
                Text(f"{name} 已损坏或不完整，读不出来", f"{name} is damaged or incomplete"),
                place=Place(file=name, layer=layer),
                hint=Text(
                    f"请重新导出或重新传输（读取程序的说明：{_brief(error)}）",
                    f"export or send it again (the reader says: {_brief(error)})",
                ),
            ) from error
        finally:
            remarks.extend(str(item.message) for item in caught)


def _brief(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 160 else text[:157] + "…"
