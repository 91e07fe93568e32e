"""The reader of corner coordinates: text in, block out, with the reason in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from minplan.core.errors import Place
from minplan.core.geometry.area import ellipsoidal_area
from minplan.core.geometry.corners.build import build
from minplan.core.geometry.corners.dialects import dialect_of
from minplan.core.geometry.corners.dialects.table import read_rows
from minplan.core.geometry.corners.draft import Draft
from minplan.core.geometry.corners.interpret import Interpretation, interpret
from minplan.core.geometry.corners.model import (
    CHINA,
    Alternative,
    CornerReading,
    CornersRefused,
    Notation,
    ReadOptions,
)
from minplan.core.geometry.corners.remarks import remark
from minplan.core.geometry.corners.tokens import rows_of_cells
from minplan.core.text import Text

# A stated area speaks for a reading that comes this near to it (official records err by a tenth),
# when every other reading is off by this share and this many times more.
_NEAR: Final = 0.15
_DIFFERS: Final = 0.10
_TIMES: Final = 3.0
_AGREES: Final = 0.01
_DEFAULT: Final = ReadOptions()


def read_corners(text: str, options: ReadOptions = _DEFAULT) -> CornerReading:
    """Read a block from text in any known dialect.

    Raises :class:`CornersRefused` (an InputError, codes E101–E155) with every finding and, where
    there are several readings, the alternatives; InputError E152 for a stated area that is no
    figure.
    """
    return _resolve(dialect_of(text).read(text), options)


def read_table(
    rows: Sequence[Sequence[str]],
    options: ReadOptions = _DEFAULT,
    places: Sequence[Sequence[Place]] | None = None,
) -> CornerReading:
    """Read a block from the cells of a sheet; ``places`` gives each cell's address.

    Same engine and errors as :func:`read_corners`.
    """
    text = "\n".join(",".join(cell for cell in row if cell.strip()) for row in rows)
    dialect = dialect_of(text)
    if dialect.key != "table":
        return _resolve(dialect.read(text), options)
    return _resolve(read_rows(rows_of_cells(rows, places)), options)


def read_draft(draft: Draft, options: ReadOptions = _DEFAULT) -> CornerReading:
    """Read a block whose rings are known already, such as the shape of a GIS file.

    Same engine and errors as :func:`read_corners`.
    """
    return _resolve(draft, options)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An interpretation with what became of it."""

    meant: Interpretation
    options: ReadOptions
    reading: CornerReading | None
    refusal: CornersRefused | None
    inside: bool

    @property
    def plausible(self) -> bool:
        """Whether the reading is whole and where it should be."""
        return self.reading is not None and self.inside

    @property
    def deviation(self) -> float:
        """Least deviation from the stated area as a share; infinite without one."""
        if self.reading is None or self.reading.area_match is None:
            return np.inf
        return min(abs(share) for share in self.reading.area_match.deviations.values())

    @property
    def area_km2(self) -> float:
        """Ellipsoidal area, 0 when there is no reading."""
        if self.reading is None:
            return 0.0
        return float(ellipsoidal_area(self.reading.polygonal.geometry)[0]) / 1e6


def _resolve(draft: Draft, options: ReadOptions) -> CornerReading:
    meanings = interpret(draft, options)
    if len(meanings) == 1:
        return build(draft, meanings[0], options)
    candidates = [_try(draft, meaning, options) for meaning in meanings]
    plausible = [candidate for candidate in candidates if candidate.plausible]
    if len(plausible) == 1:
        return _chosen(plausible[0], candidates, _why_not(candidates))
    pool = plausible or [c for c in candidates if c.reading is not None]
    if not pool:
        refusal = candidates[0].refusal
        assert refusal is not None
        raise refusal
    best, *others = sorted(pool, key=lambda candidate: candidate.deviation)
    limit = max(_DIFFERS, _TIMES * best.deviation)
    if others and best.deviation <= _NEAR and all(c.deviation > limit for c in others):
        return _chosen(best, candidates, _by_area(best, others[0]))
    if len(pool) == 1:
        return _chosen(pool[0], candidates, _why_not(candidates))
    raise _ambiguous(pool)


def _try(draft: Draft, meant: Interpretation, options: ReadOptions) -> _Candidate:
    chosen = _choosing(meant, options)
    region = options.region or CHINA
    inside = bool(region.holds(meant.lonlat).all())
    try:
        return _Candidate(meant, chosen, build(draft, meant, options), None, inside)
    except CornersRefused as refusal:
        return _Candidate(meant, chosen, None, refusal, inside)


def _choosing(meant: Interpretation, options: ReadOptions) -> ReadOptions:
    """Options that choose this interpretation."""
    if meant.notation.is_projected:
        return replace(options, system=meant.systems[0])
    return replace(options, notation=meant.notation)


def _by_area(best: _Candidate, other: _Candidate) -> Text:
    zh, en = ("一致", "agrees with") if best.deviation <= _AGREES else ("最接近", "is nearest to")
    return Text(
        f"按前者面积 {best.area_km2:.4f} km²，与申报{zh}，按后者为 {other.area_km2:.4f} km²",
        f"as the former the area is {best.area_km2:.4f} km², which {en} the stated one, as the "
        f"latter {other.area_km2:.4f} km²",
    )


def _why_not(candidates: Sequence[_Candidate]) -> Text:
    if any(candidate.reading is None for candidate in candidates):
        return Text("另一读法不成面或边界自相交", "the other reading is no simple polygon")
    return Text("另一读法落在所在地区以外", "the other reading lies outside the region")


def _chosen(best: _Candidate, candidates: Sequence[_Candidate], reason: Text) -> CornerReading:
    reading = best.reading
    assert reading is not None
    others = [c for c in candidates if c is not best]
    alternatives = tuple(_alternative(c) for c in others if c.reading is not None)
    remarks = reading.remarks
    if not best.meant.notation.is_projected:
        found = remark(
            "E111",
            applied=True,
            chosen=best.meant.label,
            other=others[0].meant.label,
            reason=reason,
        )
        remarks = (found, *remarks)
    return replace(reading, remarks=remarks, alternatives=alternatives)


def _alternative(candidate: _Candidate) -> Alternative:
    assert candidate.reading is not None
    return Alternative(
        candidate.meant.label,
        candidate.reading.polygonal,
        candidate.area_km2,
        candidate.options,
    )


def _ambiguous(pool: Sequence[_Candidate]) -> CornersRefused:
    alternatives = tuple(_alternative(candidate) for candidate in pool)
    if pool[0].meant.notation.is_projected:
        words = Text(
            "；".join(f"{a.label.zh}" for a in alternatives[:3]),
            "; ".join(f"{a.label.en}" for a in alternatives[:3]),
        )
        return CornersRefused((remark("E103-ambiguous", list=words),), alternatives)
    areas = {candidate.meant.notation: candidate.area_km2 for candidate in pool}
    found = remark(
        "E111-ambiguous",
        packed=f"{areas[Notation.PACKED]:.4f}",
        decimal=f"{areas[Notation.DECIMAL]:.4f}",
    )
    return CornersRefused((found,), alternatives)
