"""Words and links of plan values in templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from minplan.core.plan.searching import Segment
from minplan.web import words
from minplan.web.plans.addresses import zone_address
from minplan.web.plans.words import MODALITIES, OPERATORS, PROPERTIES, SUBJECTS, VALUES

register = template.Library()
_FIGURE: Final = re.compile(r"[-+≤≥<>]?[\d.,]+%?")


@register.filter
def operator(value: Any) -> str:
    """How a figure binds, as a sign or a word."""
    return words.said(OPERATORS[value])


@register.filter
def modality(value: Any) -> str:
    """How firmly a figure binds."""
    return words.said(MODALITIES[value])


@register.filter
def property_word(value: Any) -> str:
    """The property of an indicator."""
    return words.said(PROPERTIES[value])


@register.filter
def subject(value: str) -> str:
    """What a quota or threshold is about."""
    return words.said(SUBJECTS.get(value, value))


@register.filter
def threshold_value(value: str) -> str:
    """A threshold: a figure as it is, a key in words."""
    return words.said(VALUES.get(value, value))


@register.filter
def is_figure(cell: str) -> bool:
    """Whether a cell of a table holds a figure alone."""
    return bool(_FIGURE.fullmatch(str(cell).strip()))


@register.filter
def marked(pieces: tuple[Segment, ...]) -> SafeString:
    """A text in pieces, what was found in it marked."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", p.text) if p.hit else p.text,) for p in pieces)
    )


@register.simple_tag
def clause_link(code: str, clause: str, numbers: Mapping[str, str]) -> SafeString | str:
    """A link to a clause of the plan, called by its number."""
    if not clause:
        return ""
    address = f"{reverse('plan-text', args=[code])}#{clause}"
    return format_html('<a href="{}">{}</a>', address, numbers.get(clause, clause))


@register.simple_tag(takes_context=True)
def zone_link(context: template.Context, zone: Any) -> SafeString | str:
    """A zone or block by code and name, as a link to its page for those who may open it."""
    told = f"{zone.code} {zone.name}"
    address = zone_address(zone) if context.get("public") is None else ""
    return format_html('<a href="{}">{}</a>', address, told) if address else told


@register.simple_tag
def as_of_query(when: Any) -> str:
    """The query string that keeps the day a page was asked for."""
    if not when or not when.stated:
        return ""
    values = {"asof": when.date.isoformat()}
    if when.recorded:
        values["recorded"] = when.recorded.isoformat()
    return f"?{urlencode(values)}"
