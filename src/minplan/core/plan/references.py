"""What the rows of a plan package refer to: clauses, counties, minerals."""

from __future__ import annotations

from minplan.core.plan.rows import Cells
from minplan.core.standard.minerals import find_mineral
from minplan.core.text import Text


class References:
    """The clause ids and county names read so far; a name that is not there is a fault (E410).

    Minerals are looked up in the code list by name or alias and given their name there.
    """

    def __init__(self) -> None:
        self.counties: set[str] = set()
        self.clauses: set[str] = set()

    def clause(self, cells: Cells, field: str = "clause") -> str:
        """The id of a listed clause, empty when the cell is."""
        clause = cells.text(field)
        if clause and clause not in self.clauses:
            unknown(cells, field, clause, "clauses.csv")
        return clause

    def county(self, cells: Cells) -> str | None:
        """The name of a listed county, None when the cell is empty."""
        return next(iter(self._counties(cells, "county")), None)

    def counties_of(self, cells: Cells) -> tuple[str, ...]:
        """The names of listed counties."""
        return self._counties(cells, "counties")

    def mineral(self, cells: Cells) -> str | None:
        """The mineral's name in the code list, None when the cell is empty."""
        return next(iter(self.minerals(cells, "mineral")), None)

    def minerals(self, cells: Cells, field: str) -> tuple[str, ...]:
        """The names in the code list of several minerals."""
        found = []
        for name in cells.names(field):
            mineral = find_mineral(name)
            if mineral is None:
                unknown(cells, field, name, "minerals.csv")
            else:
                found.append(mineral.name)
        return tuple(found)

    def _counties(self, cells: Cells, field: str) -> tuple[str, ...]:
        names = cells.names(field)
        for name in names:
            if name not in self.counties:
                unknown(cells, field, name, "counties.csv")
        return names


def unknown(cells: Cells, field: str, value: str, where: str) -> None:
    """Note that a name is not in the file or list it refers to (E410)."""
    if where == "minerals.csv":
        message = Text(f"矿种代码表里没有“{value}”", f"the code list has no mineral “{value}”")
        hint = Text("改用代码表的名称或别名", "use a name or alias of the code list")
    else:
        message = Text(f"{where} 里没有“{value}”", f"“{value}” is not in {where}")
        hint = Text(f"改正写法，或先在 {where} 增加", f"mend it, or add it to {where} first")
    cells.add("E410", message, field, hint)
