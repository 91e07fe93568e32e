"""Full-text search of a plan in Chinese: words inside sentences, ranked, with what was found.

No word list is needed: a word is found wherever its characters stand, whatever its width or whether
it is written in traditional forms. Several words must all be there. Where a query is nowhere as it
was typed, passages that share most of its pairs of characters are offered, and said to be near.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from minplan.core.plan.folding import Folded, folded, words
from minplan.core.plan.model import Clause, PlanSnapshot

#: How much a word counts in the kinds of text around a clause.
_WEIGHTS: Final = {"id": 14.0, "number": 12.0, "title": 8.0, "text": 4.0, "linked": 2.0}
#: A clause called exactly what was asked for.
_EXACT: Final = 20.0
#: Share of the pairs of characters of each word that must be there for a clause to be near.
_NEAR: Final = 0.6
#: Characters shown around a hit.
_AROUND: Final = 34


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a snippet; ``hit`` when it is what was looked for."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that was found: where, how well, and the words in their sentence."""

    clause: Clause
    score: float
    title: tuple[Segment, ...]
    snippet: tuple[Segment, ...]
    near: bool = False


@dataclass(frozen=True, slots=True)
class _Passage:
    kind: str
    folded: Folded


class PlanIndex:
    """A plan made ready for searching; build it once a snapshot."""

    def __init__(self, snapshot: PlanSnapshot) -> None:
        self._clauses = tuple(snapshot.clauses)
        linked = _linked(snapshot)
        self._passages = {
            clause.id: tuple(_passages(clause, linked.get(clause.id, ())))
            for clause in self._clauses
        }

    def search(self, query: str, limit: int = 50) -> tuple[Hit, ...]:
        """Clauses with every word of the query, the best first; else those that are near."""
        asked = words(query)
        if not asked:
            return ()
        found = [hit for clause in self._clauses if (hit := self._exact(clause, asked))]
        found = found or [hit for clause in self._clauses if (hit := self._near(clause, asked))]
        found.sort(key=lambda hit: -hit.score)
        return tuple(found[:limit])

    def _exact(self, clause: Clause, asked: Sequence[str]) -> Hit | None:
        passages = self._passages[clause.id]
        score = 0.0
        for word in asked:
            worth = [_worth(passage, word) for passage in passages]
            if not any(worth):
                return None
            score += sum(worth)
        return self._hit(clause, score, asked, near=False)

    def _near(self, clause: Clause, asked: Sequence[str]) -> Hit | None:
        texts = " ".join(passage.folded.text for passage in self._passages[clause.id])
        there: list[str] = []
        shares: list[float] = []
        for word in asked:
            pairs = tuple(dict.fromkeys(_pairs(word))) or (word,)
            held = [pair for pair in pairs if pair in texts]
            shares.append(len(held) / len(pairs))
            there += held
        if min(shares) < _NEAR:
            return None
        return self._hit(clause, sum(shares), there, near=True)

    def _hit(self, clause: Clause, score: float, asked: Sequence[str], *, near: bool) -> Hit:
        passages = self._passages[clause.id]
        title = next(item.folded for item in passages if item.kind == "title")
        bodies = [item.folded for item in passages if item.kind in ("text", "linked")]
        best = max(bodies, key=lambda item: _present(item, asked), default=None)
        shown = best if best is not None and (best is bodies[0] or _present(best, asked)) else None
        return Hit(
            clause,
            score,
            highlighted(title, asked),
            _cut(shown, asked) if shown is not None else (),
            near,
        )


def highlighted(text: Folded | str, asked: Sequence[str]) -> tuple[Segment, ...]:
    """A whole text in pieces, with the folded words of a query marked."""
    text = folded(text) if isinstance(text, str) else text
    return tuple(_segments(text.source, _spans(text, asked), 0, len(text.source)))


def _linked(snapshot: PlanSnapshot) -> dict[str, list[str]]:
    """What hangs on clauses as text: measures, names of zones, indicators, rows of tables."""
    found: dict[str, list[str]] = {}

    def note(clause: str, text: str) -> None:
        if clause and text:
            found.setdefault(clause, []).append(text)

    for measure in snapshot.measures:
        note(measure.clause, measure.text)
    for part in snapshot.sub_plans:
        note(part.clause, f"{part.county}：{part.paraphrase}")
    for zone in snapshot.zones:
        minerals = "、".join(zone.mineral_names)
        note(zone.clause, " ".join(filter(None, (zone.code, zone.name, minerals, zone.note))))
    for indicator in snapshot.indicators:
        note(indicator.clause, " ".join(filter(None, (indicator.name, indicator.note))))
    for table in snapshot.tables:
        note(table.clause, table.title)
        for row in table.rows:
            note(table.clause, " ".join(cell for cell in row if cell))
    return found


def _passages(clause: Clause, linked: Sequence[str]) -> Iterator[_Passage]:
    yield _Passage("id", folded(clause.id))
    yield _Passage("number", folded(clause.number))
    yield _Passage("title", folded(clause.title))
    if clause.paraphrase:
        yield _Passage("text", folded(clause.paraphrase))
    for text in linked:
        yield _Passage("linked", folded(text))


def _worth(passage: _Passage, word: str) -> float:
    text = passage.folded.text
    if passage.kind == "id":
        return _WEIGHTS["id"] if text == word else 0.0
    count = text.count(word)
    if not count:
        return 0.0
    exact = _EXACT if text == word and passage.kind != "linked" else 0.0
    # a word in a short text says more about it; repetitions say little more
    density = min(1.0, len(word) * count / max(len(text), 1))
    return exact + _WEIGHTS[passage.kind] * (1 + density) + min(count - 1, 3) * 0.5


def _pairs(word: str) -> Iterator[str]:
    for start in range(len(word) - 1):
        yield word[start : start + 2]


def _present(text: Folded, asked: Sequence[str]) -> int:
    return sum(word in text.text for word in asked)


def _spans(text: Folded, asked: Sequence[str]) -> list[tuple[int, int]]:
    """Spans of the source where words stand, joined where they touch."""
    spans = sorted(
        text.span(found.start(), found.end())
        for word in asked
        for found in re.finditer(re.escape(word), text.text)
    )
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _cut(text: Folded, asked: Sequence[str]) -> tuple[Segment, ...]:
    """The part of a text around its first hits, with an ellipsis where it was cut."""
    source, spans = text.source, _spans(text, asked)
    begin = max(0, spans[0][0] - _AROUND) if spans else 0
    end = min(len(source), (spans[0][1] if spans else 0) + 2 * _AROUND)
    if begin < _AROUND // 2:
        begin = 0
    if len(source) - end < _AROUND // 2:
        end = len(source)
    inside = [(max(a, begin), min(b, end)) for a, b in spans if a < end and b > begin]
    pieces = [*_segments(source, inside, begin, end)]
    before = [Segment("…")] if begin else []
    after = [Segment("…")] if end < len(source) else []
    return (*before, *pieces, *after)


def _segments(
    source: str, spans: Sequence[tuple[int, int]], begin: int, end: int
) -> Iterator[Segment]:
    place = begin
    for start, stop in spans:
        if start > place:
            yield Segment(source[place:start])
        yield Segment(source[start:stop], hit=True)
        place = stop
    if place < end:
        yield Segment(source[place:end])
