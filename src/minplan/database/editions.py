"""Editions of the data standard as a database uses them: with what a city has added by data.

A workspace may have a folder ``standard`` with a folder per edition, in it the TOML files of an
overlay (:mod:`minplan.core.standard.load`), or a whole edition under an id of its own. It is named
once, when the database is configured; everything that checks, reads or writes plan features asks
here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from minplan.core.errors import Faults, MinplanError
from minplan.core.standard.load import Files, build_edition, parsed
from minplan.core.standard.load import edition as bundled
from minplan.core.standard.load import editions as bundled_ids
from minplan.core.standard.model import Edition
from minplan.database.connection import current

#: Name, size and time of change of a file of an overlay.
Stamp = tuple[str, int, int]

_HEAD = "edition.toml"
#: Files that say how data go from one edition to another; they are no part of an edition.
_MAPPINGS = "mapping-"


def edition(edition_id: str) -> Edition:
    """The edition with this id, with the additions of the current database laid over it.

    Raises PlanDataError E701 for an unknown id, and Faults (E702–E705) with every fault of the
    data, naming the file.
    """
    return edition_in(current().standard, edition_id)


def edition_in(folder: Path | None, edition_id: str) -> Edition:
    """As :func:`edition`, with the additions in a folder (None: without any)."""
    if folder is None or edition_id not in own_ids(folder):
        return bundled(edition_id)
    return _laid_over(folder / edition_id, edition_id, _stamps(folder / edition_id))


def editions_in(folder: Path | None) -> tuple[str, ...]:
    """Ids of all editions: those that come with the program and whole ones of the folder."""
    own = [] if folder is None else [i for i in own_ids(folder) if (folder / i / _HEAD).is_file()]
    return tuple(sorted({*bundled_ids(), *own}))


def own_ids(folder: Path) -> tuple[str, ...]:
    """Editions for which a folder holds files."""
    if not folder.is_dir():
        return ()
    found = (item for item in folder.iterdir() if item.is_dir())
    return tuple(sorted(item.name for item in found if _stamps(item)))


@lru_cache(maxsize=16)
def _laid_over(folder: Path, edition_id: str, stamps: tuple[Stamp, ...]) -> Edition:
    """The edition; what was read stays until a file changes."""
    try:
        overlay: Files = {name: parsed(folder / name) for name, _, _ in stamps}
        if edition_id in bundled_ids() or _HEAD not in overlay:
            return bundled(edition_id, overlay)
        return build_edition(overlay)
    except Faults as error:
        raise Faults([_placed(item, folder) for item in error.faults]) from error
    except MinplanError as error:
        raise _placed(error, folder) from error


def _stamps(folder: Path) -> tuple[Stamp, ...]:
    files = sorted(file for file in folder.glob("*.toml") if not file.name.startswith(_MAPPINGS))
    told = ((file.name, file.stat()) for file in files)
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in told)


def _placed(error: MinplanError, folder: Path) -> MinplanError:
    """The fault with the whole path of its file."""
    if error.place.file:
        error.place = replace(error.place, file=str(folder / error.place.file))
    return error
