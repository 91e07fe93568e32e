"""Quantities in running text: each figure with the words before it, after it and above it.

A figure takes its attribute, mineral, county and year from its own clause; what is missing there it
takes from the sentence, then from the heading above. A list (煤炭 4 亿吨、铁矿 3000 万吨) hands the
attribute on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from minplan.core.document.model import Bound, Quantity, Spot
from minplan.core.document.quantities import phrases
from minplan.core.document.quantities.dating import Dates, Named
from minplan.core.document.quantities.figures import Figure, find_figures
from minplan.core.document.quantities.making import (
    CHANGE,
    COUNTED,
    GROUND,
    NARROWED,
    Topic,
    attribute_for,
    make,
    place,
    qualifiers,
    rest_of,
)
from minplan.core.document.quantities.respectively import one_by_one
from minplan.core.document.quantities.told import Told
from minplan.core.document.quantities.vocabulary import (
    Scanner,
    Token,
    akin,
    attributes,
    plain,
    words,
)


@dataclass
class State:
    """What the sentence has said so far, per paragraph; topics by dimension.

    ``counted`` is what was counted last without words that narrow it: 按…分 parts it again.
    """

    region: str = ""
    mineral: str = ""
    topics: dict[str, Topic] = field(default_factory=dict)
    counted: Topic | None = None


class Reader:
    """Reads quantities from paragraphs and cells; holds the words of one document."""

    def __init__(self, scanner: Scanner, named: Named | None = None) -> None:
        """``scanner`` knows the counties of the document, ``named`` its base and last year."""
        self.scanner = scanner
        self.named = named or Named()

    def read(self, text: str, spot: Spot, context: Topic) -> tuple[list[Quantity], int | None]:
        """The quantities of a paragraph and the year it spoke of last.

        ``context`` is what the headings above say.
        """
        told = plain(text)
        figures = find_figures(told)
        dates = Dates(told, figures, self.named, context.year)
        if not figures:
            return [], dates.years[-1].last if dates.years else None
        return _Paragraph(self.scanner, text, figures, dates).quantities(spot, context)


class _Paragraph:
    def __init__(
        self,
        scanner: Scanner,
        text: str,
        figures: Sequence[Figure],
        dates: Dates,
    ) -> None:
        self.text, self.plain, self.told = text, dates.text, _mask(dates.text, figures)
        self.figures, self.dates = figures, dates
        self.tokens = scanner.scan(self.told)
        self.words = Told(self.plain, self.told, self.tokens)
        self.one_by_one = one_by_one(self.told, figures, self.tokens)
        self.heading = ""

    def quantities(self, spot: Spot, context: Topic) -> tuple[list[Quantity], int | None]:
        self.heading = context.attribute
        context = self._led(context)
        state = State(region=context.region)
        found: list[Quantity] = []
        before = 0
        for index, figure in enumerate(self.figures):
            gap = self.told[before : figure.start]
            if phrases.SENTENCE.search(gap):
                self._next_sentence(state, keep=phrases.GOES_ON.match(gap) is not None)
            if phrases.DIVIDES.search(gap) and state.counted is not None:
                state.mineral, state.topics["count"] = "", state.counted
            begin = self._lead_start(before, figure)
            year = self.dates.of(index, before, aside=self._aside(figure))
            name = self.one_by_one.get(index)
            for topic in self._topics(figure, begin, before, state, context):
                where = place(spot, self.text, figure.start, figure.end)
                told = topic if name is None else name.narrowed(topic)
                # a least scale is of no year, nor is the ground of a county
                timeless = told.attribute in (phrases.LEAST_SCALE, GROUND)
                told = replace(told, year=None if timeless else year)
                found.append(make(figure, told, where))
            before = figure.end
        return found, self.dates.year

    def _led(self, context: Topic) -> Topic:
        """The context with the mineral that stands before the first sentence: 4.金矿。保有…"""
        led = phrases.LED.match(self.told)
        named = [] if led is None else self.words.within(*led.span("of"))
        minerals = {token.value for token in named if token.kind == "mineral"}
        return replace(context, subject=minerals.pop()) if len(minerals) == 1 else context

    def _next_sentence(self, state: State, *, keep: bool) -> None:
        if not keep:
            state.mineral = ""
            state.topics.clear()

    def _lead_start(self, before: int, figure: Figure) -> int:
        start, earlier = before, before
        for match in phrases.BOUNDARY.finditer(self.told, before, figure.start):
            start, earlier = match.end(), start
        # 集中开采区数量最多，为 5 个: the clause before tells what is counted
        return earlier if phrases.COPULA.fullmatch(self.told[start : figure.start]) else start

    def _topics(
        self, figure: Figure, begin: int, before: int, state: State, context: Topic
    ) -> list[Topic]:
        lead = self.told[begin : figure.start]
        tokens = self.words.within(begin, figure.start)
        topic = self._attribute(figure, lead, begin, tokens, state)
        regions = list(dict.fromkeys(t.value for t in tokens if t.kind == "region"))
        region = "、".join(regions) if regions else context.region or self._place(begin, tokens)
        if any(token.kind == "outside" for token in tokens):
            region = "全省"
        minerals = self._minerals(figure, tokens, begin, state, context)
        if self.words.of_some(figure, begin, before, topic.attribute):
            topic = replace(topic, qualifiers=(*topic.qualifiers, NARROWED))
        if self.dates.of_part(begin, figure.start):
            topic = replace(topic, qualifiers=(*topic.qualifiers, NARROWED))
        changed = phrases.CHANGES.search(lead) is not None
        if changed:
            topic = replace(topic, qualifiers=(*topic.qualifiers, CHANGE))
        counted = figure.unit.dimension in COUNTED
        # …的 62 个减少 25 个，其中大型 3 个: the parts are not of what went
        compared = changed and phrases.COMPARED.search(lead) is not None
        if not self._aside(figure) and not (changed and counted) and not compared:
            state.topics[figure.unit.dimension] = topic
            if figure.unit.dimension == "count" and _is_bare(topic, minerals, region):
                state.counted = topic
            if len(minerals) == 1:
                state.mineral = minerals[0]
        each = "各" in lead[-4:]
        subjects = minerals if each or len(minerals) < 2 else ["、".join(minerals)]
        if subjects and topic.rest in phrases.OF_ALL_KINDS:
            topic = replace(topic, rest="")
        return [replace(topic, subject=name, region=region) for name in subjects or [""]]

    def _aside(self, figure: Figure) -> bool:
        """Whether the figure stands in brackets that are no list of parts (关闭矿山 2 处)."""
        opened = max(self.told.rfind(mark, 0, figure.start) for mark in "（(")
        closed = max(self.told.rfind(mark, 0, figure.start) for mark in "）)")
        return opened > closed and not self.told[opened + 1 :].lstrip().startswith("其中")

    def _place(self, begin: int, tokens: Sequence[Token]) -> str:
        """The one county that the sentence begins with and goes on to tell of."""
        start = self.words.sentence_start(begin)
        earlier = self.words.within(start, begin)
        named = list(dict.fromkeys(token.value for token in earlier if token.kind == "region"))
        first = next((token for token in earlier if token.kind == "region"), None)
        if len(named) != 1 or first is None or any(t.kind in phrases.OF_ALL for t in tokens):
            return ""
        ahead = self.told[start : first.start].strip()
        is_topic = phrases.TOPIC.match(self.told, first.end) is not None
        return named[0] if is_topic and ahead in ("", "其中") else ""

    def _zone(self, at: int) -> str:
        """The zone the sentence begins with, or that was counted in it last."""
        start = self.words.sentence_start(at)
        zones = [
            token
            for token in self.words.within(start, at)
            if token.kind == "noun" and token.value in words("zones", "words")
        ]
        if zones and zones[0].start - start <= phrases.AT_START:
            return zones[0].value
        return zones[-1].value if zones else ""

    def _only_mineral(self, begin: int, figure: Figure) -> str:
        """The one mineral that the sentence has named where an amount says none itself."""
        if figure.unit.dimension not in phrases.AMOUNTS:
            return ""
        earlier = self.words.within(self.words.sentence_start(begin), begin)
        named = {
            token.value
            for token in earlier
            if token.kind == "mineral" and phrases.MINED.match(self.told, token.end)
        }
        return named.pop() if len(named) == 1 else ""

    def _minerals(
        self, figure: Figure, tokens: list[Token], begin: int, state: State, context: Topic
    ) -> list[str]:
        named = [token for token in tokens if token.kind == "mineral"]
        if not named:
            if any(token.kind == "whole" for token in tokens):
                return []
            told = state.mineral or context.subject or self._only_mineral(begin, figure)
            return [told] if told else []
        run = [named[-1]]
        for token in reversed(named[:-1]):
            if self.told[token.end : run[0].start].strip() not in ("、", "和", "与", "及"):
                break
            run.insert(0, token)
        return list(dict.fromkeys(token.value for token in run))

    def _attribute(
        self, figure: Figure, lead: str, begin: int, tokens: list[Token], state: State
    ) -> Topic:
        dimension = figure.unit.dimension
        if dimension in COUNTED:
            return self._counted(figure, lead, begin, tokens, state)
        if dimension in phrases.AMOUNTS and not tokens:
            tokens.extend(self._behind(figure))
        attribute = attribute_for(tokens, dimension)
        ahead = self.told[max(0, figure.start - phrases.AHEAD) : figure.start]
        if attribute == "面积" and (phrases.LAND.search(lead) or phrases.DISTRICT.search(ahead)):
            attribute = GROUND
        kept = dimension in phrases.AMOUNTS and phrases.KEPT in lead
        if kept and attribute in ("", phrases.RESOURCES):
            attribute = phrases.KEPT_RESOURCES  # 保有钨资源量, 保有铁矿石 7.19 亿吨
        own = qualifiers(tokens, attribute)
        if attribute == GROUND:
            return Topic(attribute=attribute, sure=0.9).first()
        if figure.rate and figure.bound is Bound.AT_LEAST and attribute in phrases.SCALES:
            # 石灰岩矿山不得低于 50 万吨/年
            least = phrases.OF_MINES.search(lead) is not None
            attribute = phrases.LEAST_SCALE if least else attribute
        if attribute == phrases.LEAST_SCALE:
            # such limits are for new mines anyway
            own = tuple(word for word in own if word != phrases.OF_NEW)
        if dimension == "area" and (zone := self._zone(figure.start)):
            own = (*own, zone)
        if dimension == "area" and "count" in state.topics:
            # 省级规划的重点勘查区 3 个，面积 559.47 平方千米
            levels = words("counting", "levels")
            own = (*own, *(word for word in state.topics["count"].qualifiers if word in levels))
        if dimension == "share" and lead.startswith(phrases.SHARE_OF) and "count" in state.topics:
            # 大中型矿山 81 个，占矿山总数的比例提高到 45%
            own = (*own, *state.topics["count"].qualifiers)
        rest = "" if attribute == phrases.LEAST_SCALE else rest_of(lead, tokens, begin)
        above = state.topics.get(dimension)
        listed = self._listed(begin, lead)
        if not attribute and above is not None and (listed or not phrases.MEASURE.search(rest)):
            whole = listed and len(own) > 1 and len(lead) >= phrases.PHRASE
            above = replace(above, stem=()) if whole else above
            return above.sibling(own, rest, named=_named(tokens))
        if listed and above is not None and not own and akin(above.attribute, attribute):
            # 新增煤炭资源量 1.5 亿吨、铝土矿资源量 1500 万吨; 保有…、铁矿石资源量…
            return above.sibling(own, rest, named=_named(tokens))
        if not attribute and not phrases.MEASURE.search(rest):
            attribute = "面积" if dimension == "area" else ""
            earlier = self.words.within(self.words.sentence_start(begin), begin)
            if dimension == "share" and lead.startswith(phrases.PART_OF):
                earlier = []  # 品位 30%以上的富矿…，占 15%: no grade
            attribute = attribute_for(earlier, dimension) or self._above(dimension) or attribute
            own = (*own, *qualifiers(self._clause_of(attribute, earlier), attribute))
        return Topic(attribute=attribute, qualifiers=own, rest=rest, sure=0.9).first()

    def _listed(self, begin: int, lead: str) -> bool:
        """Whether a figure goes on in a list: …1.5 亿吨、铝土矿资源量 1500 万吨."""
        return lead.startswith("、") or self.told[:begin].endswith("、")

    def _behind(self, figure: Figure) -> list[Token]:
        """What stands behind an amount that nothing is said of before, where it names a mineral
        and what is known of it."""
        match = phrases.NAMED_BEHIND.match(self.told, figure.end)
        found = [] if match is None else self.words.within(*match.span("what"))
        kinds = {token.kind for token in found}
        return found if {"mineral", "attribute"} <= kinds else []

    def _above(self, dimension: str) -> str:
        """The attribute of the heading (最低开采规模) where it may have this dimension."""
        known = attributes().get(self.heading)
        return self.heading if known is not None and dimension in known.dimensions else ""

    def _clause_of(self, attribute: str, tokens: list[Token]) -> list[Token]:
        """The tokens of the clause in which the attribute was named last."""
        for token in reversed(tokens):
            if token.kind == "attribute" and token.value == attribute:
                start = max(self.told.rfind(mark, 0, token.start) for mark in "，,；。：") + 1
                return [
                    other for other in tokens if start <= other.start and other.end <= token.end
                ]
        return []

    def _counted(
        self, figure: Figure, lead: str, begin: int, tokens: list[Token], state: State
    ) -> Topic:
        own = qualifiers(tokens, "")
        county = phrases.COUNTY_KINDS.match(self.plain, figure.end)
        if county is not None:
            return Topic(attribute="县区数", qualifiers=own).first()
        after = phrases.AFTER.match(self.told, figure.end)
        if after is not None:
            behind = self.words.within(figure.end, after.end(1))
            nouns = [token for token in behind if token.kind == "noun"]
            if nouns and _is_head(self.told, nouns[-1], after.start(1), after.end(1)):
                tokens.extend(token for token in behind if token.kind == "mineral")
                more = qualifiers(behind, f"{nouns[-1].value}数")
                return Topic(attribute=f"{nouns[-1].value}数", qualifiers=(*own, *more)).first()
        head = phrases.TAIL.sub("", lead)
        for token in reversed(tokens):
            if token.kind == "mineral" and token.end - begin == len(head.rstrip()):
                head = head.rstrip()[: token.start - begin]
        ends = [t for t in tokens if t.kind == "noun" and t.end - begin >= len(head.rstrip())]
        above = state.topics.get("count") or state.topics.get("kinds")
        divided = above is not None and above is state.counted
        divided = divided and phrases.DIVIDES.search(self.told[:begin][-16:]) is not None
        if divided and above is not None and not ends:
            return above.sibling(own, rest_of(lead, tokens, begin), named=_named(tokens))
        if ends and above is not None and self._is_class(figure, ends[-1], above):
            return above.sibling(own, rest_of(lead, tokens, begin), named=_named(tokens))
        if ends:
            attribute = f"{ends[-1].value}数"
            narrowing, rest = qualifiers(tokens, attribute), rest_of(lead, tokens, begin)
            goes_on = self._listed(begin, lead) or phrases.ITEMISED.match(lead)
            before = state.topics.get("count") if goes_on else None
            if before is not None and before.attribute == attribute and not narrowing:
                return before.sibling((), rest)
            return Topic(attribute=attribute, qualifiers=narrowing, rest=rest).first()
        rest = rest_of(head, tokens, begin)
        if above is not None and (not rest or self._listed(begin, lead)):
            return above.sibling(own, rest)
        if not rest and figure.printed_unit == phrases.OF_A_MINE and self._is_mine(tokens):
            return Topic(attribute=phrases.MINES, qualifiers=own)
        return Topic(attribute=f"{rest[-8:]}数", qualifiers=own, rest=rest, sure=0.7)

    def _is_class(self, figure: Figure, noun: Token, above: Topic) -> bool:
        """矿业权 64 个，按矿种分，能源矿产 7 个: minerals that part what was counted before."""
        counts = figure.unit.dimension == "count"
        return (
            counts
            and noun.value == phrases.MINERALS
            and above.attribute not in ("", f"{phrases.MINERALS}数")
        )

    def _is_mine(self, tokens: Sequence[Token]) -> bool:
        """Whether the words name a mineral as a mine of it: 煤矿 36 座."""
        named = [token for token in tokens if token.kind == "mineral"]
        return bool(named) and self.told[: named[-1].end].endswith(phrases.MINE)


def _named(tokens: Sequence[Token]) -> bool:
    """Whether the words of a figure tell a mineral."""
    return any(token.kind == "mineral" for token in tokens)


def _is_bare(topic: Topic, minerals: Sequence[str], region: str) -> bool:
    """Whether a count is of all there is: 采矿权 186 个, not of a kind or a county."""
    own = topic.rest and topic.attribute != f"{topic.rest[-8:]}数"
    return not (topic.qualifiers or own or minerals or region) and len(topic.attribute) > 1


def _is_head(text: str, noun: Token, start: int, end: int) -> bool:
    """Whether what follows a count ends with the noun; 县 and 区 must be all of it."""
    if len(noun.value) == 1:
        return noun.start == start and noun.end == end
    return noun.end >= end - 2 or phrases.TURNED.fullmatch(text, noun.end, end) is not None


def _mask(text: str, figures: Sequence[Figure]) -> str:
    """Brackets without figures say nothing of the words around them: they are blanked."""
    places = [figure.number_start for figure in figures]

    def blank(match: re.Match[str]) -> str:
        if any(match.start() <= at < match.end() for at in places):
            return match.group()
        return " " * len(match.group())

    bare = phrases.SCALE.sub(lambda match: " " * len(match.group()), text)
    return phrases.BRACKETS.sub(blank, bare)
