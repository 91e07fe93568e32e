"""Numbers in running text behind a count: “三个问题。一是…。二是…。三是…。”, ①…②…, （1）…（2）…."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from minplan.core.document.numerals import number_of
from minplan.core.document.quantities.vocabulary import words
from minplan.core.quality.consistency.list_readings import Count, counts

_HAN: Final = "[一二三四五六七八九十]{1,2}"
#: Ways of numbering, each with the number in a group.
_WAYS: Final = tuple(
    re.compile(way)
    for way in (
        rf"(?<![之唯第统同单不万])(?P<n>{_HAN})(?:是|要)",
        rf"第(?P<n>{_HAN})(?:[，,、：:]|(?:是|方面|个方面)(?=[，,：:\u4e00-\u9fff]))",
        rf"其(?P<n>{_HAN})(?:[，,、：:]|是)",
        r"(?P<n>[①-⑳])",
        r"[（(](?P<n>\d{1,2})[)）]",
        rf"[（(](?P<n>{_HAN})[)）]",
        r"(?<![\d.．第表图（(\-—])(?P<n>\d{1,2})[.．、](?!\d)",
        rf"(?:^|(?<=\n))(?P<n>{_HAN})、",
    )
)
_GAP: Final = 48
_LEAD: Final = re.compile(
    r"(?:主要|具体|分别|即|表现|体现|包括|如下|为|是|有|在|：|:|“|”|\s)*(?:[：:]|$)"
)
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Chain:
    """Numbered items of a text: their first words, where the first begins and the last number."""

    items: tuple[str, ...]
    start: int
    end: int


def chain(text: str, count: Count) -> Chain | None:
    """The numbered items that a count speaks of, None where none follow it.

    >>> chain("存在三个问题。一是远。二是少。三是弱。", count).items
    ('一是远', '二是少', '三是弱')
    """
    body = text[count.end :]
    firsts = [
        (found.start(), way)
        for way in _WAYS
        for found in way.finditer(body, 0, min(len(body), _GAP + 4))
        if number_of(found["n"]) == 1
    ]
    if not firsts:
        return None
    start, way = min(firsts, key=lambda first: first[0])
    if not leads_to(body[:start], count):
        return None
    places: list[int] = []
    for found in way.finditer(body, start):
        number = number_of(found["n"])
        if number == len(places) + 1:
            places.append(found.start())
        elif number == 1:
            break
    if len(places) < 2:
        return None
    shown = tuple(re.split("[，,。；;\n]", body[at : at + _SHOWN])[0] for at in places)
    return Chain(shown, count.end + start, count.end + places[-1])


def begins_with_number(text: str) -> bool:
    """Whether a paragraph begins as an item of a list: 一是, （2）, 3."""
    return any(way.match(text.strip()) for way in _WAYS)


def leads_to(gap: str, count: Count) -> bool:
    """Whether a list behind ``gap`` is what the count before it speaks of.

    Nothing but what is counted may stand between (方面的突出问题：); where a sentence ends there,
    it must be something told one by one.
    """
    told = gap.rstrip().rstrip("“")
    if len(told) > _GAP or any(counts(told)):
        return False
    stop = told[-1:]
    noun, *rest = re.split("[，,]", told.rstrip("：:，,。\n；; "))
    if re.search("[。；;]", told[:-1].rstrip("。；;\n")) or len(rest) > 1:
        return False
    if rest and not _LEAD.fullmatch(rest[0]):
        return False
    if stop in "：:":
        return True
    nouns = words("lists", "nouns")
    ends = noun.rstrip("”").endswith(nouns) or (not noun and count.ordered)
    return ends if stop in "。\n" or not stop else count.ordered
