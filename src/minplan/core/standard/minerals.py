"""Minerals (矿种) as dated data: names, synonyms, class, strategic status, who licenses them."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Mineral:
    """A mineral of the registry.

    ``name`` is the key used throughout; ``group`` the family that decides which rights may share
    ground (``coal``, ``coal-bed-methane``, ``oil-gas``, ``metal``, ``non-metal``, ``sand-stone``,
    ``geothermal``, ``water``); ``category`` 1 to 3 of the catalogue of exploration and mining
    (矿产勘查开采分类目录); ``strategic_from`` the date from which it counts as strategic
    (战略性矿产), or None; ``licensed_by`` the level that grants and registers it; ``unit`` the unit
    of its yearly output.
    """

    name: str
    english: str
    code: str
    group: str
    category: int
    strategic_from: dt.date | None
    licensed_by: str
    unit: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    certain: bool = True

    def is_strategic(self, date: dt.date) -> bool:
        """Whether the mineral counts as strategic on ``date``."""
        return self.strategic_from is not None and self.strategic_from <= date

    @property
    def is_fluid_exempt(self) -> bool:
        """Whether it is geothermal or mineral water, which the control lines exempt."""
        return self.group in ("geothermal", "water")


@lru_cache(maxsize=1)
def minerals() -> tuple[Mineral, ...]:
    """All minerals of the code list, in its order."""
    text = (resources.files(__package__) / "codes" / "minerals.csv").read_text("utf-8")
    return tuple(
        Mineral(
            name=row["name"],
            english=row["english"],
            code=row["code"],
            group=row["group"],
            category=int(row["category"]),
            strategic_from=_date(row["strategic_from"]),
            licensed_by=row["licensed_by"],
            unit=row["unit"],
            aliases=tuple(a for a in row["aliases"].split("|") if a),
            parent=row["parent"],
            certain=row["certain"] == "true",
        )
        for row in csv.DictReader(text.splitlines())
    )


@lru_cache(maxsize=1)
def _index() -> dict[str, Mineral]:
    return {key: item for item in minerals() for key in (item.name, *item.aliases)}


def find_mineral(name: str) -> Mineral | None:
    """The mineral with this name or alias (``水泥用石灰岩`` is ``水泥用灰岩``), or None."""
    return _index().get(name.strip())


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def lineage(mineral: Mineral) -> tuple[str, ...]:
    """Names of a mineral and of the wider minerals it belongs to, narrowest first.

    ``冶金用石英岩`` gives itself and ``石英岩``: figures of a plan for the wider mineral hold too.
    """
    names = [mineral.name]
    while (parent := _index().get(names[-1])) is not None and parent.parent:
        names.append(parent.parent)
    return tuple(names)
