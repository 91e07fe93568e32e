"""Tags every template may use: both languages side by side, built assets, icons, numbers.

``{% t "中文" "English" %}`` · ``{{ text|said }}`` · ``{% asset "map" %}`` · ``{% icon "map" %}`` ·
``{{ area_m2|km2 }}``
"""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from minplan.core.access import Permission
from minplan.web import words

register = template.Library()
_STATIC: Final = Path(__file__).parent.parent / "static"


@register.simple_tag
def t(zh: str, en: str, **values: Any) -> str:
    """The text in the language of the request; ``{name}`` is filled from the keywords."""
    text = words.t(zh, en)
    return text.format(**values) if values else text


@register.filter
def said(text: Any) -> str:
    """A bilingual value in the language of the request."""
    return "" if text in (None, "") else words.said(text)


@register.filter
def word(term: Any) -> str:
    """A term of a closed list in the language of the request."""
    return words.said(term.word) if hasattr(term, "word") else str(term or "")


@register.simple_tag
def asset(name: str) -> SafeString:
    """The script and styles of a page built from ``frontend/src/pages/<name>.ts``."""
    entry = _manifest().get(f"src/pages/{name}.ts")
    if entry is None:
        raise template.TemplateSyntaxError(f"no built asset {name}: run make assets")
    sheets = list(dict.fromkeys(_styles(entry)))
    links = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((_address(item),) for item in sheets)
    )
    script = format_html('<script type="module" src="{}"></script>', _address(entry["file"]))
    return mark_safe(f"{links}\n{script}")


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """An icon of the sprite; decorative, so it is hidden from screen readers."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true"><use href="{1}#{2}"/></svg>',
        size,
        _address("icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str, area: str | None = None) -> bool:
    """Whether whoever looks at the page holds a permission: ``{% may "sign" as allowed %}``."""
    return bool(context["access"].may(Permission(permission), area))


@register.filter
def km2(area_m2: float | None) -> str:
    """An area in km² with four decimals."""
    return "" if area_m2 is None else f"{area_m2 / 1e6:.4f}"


@register.filter
def hectares(area_m2: float | None) -> str:
    """An area in hectares with four decimals."""
    return "" if area_m2 is None else f"{area_m2 / 1e4:.4f}"


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A date and time of the bureau's clock, to the minute."""
    return "" if not value else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def day(value: dt.date | None) -> str:
    """A date as ``2026-11-23``."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).date()
    return "" if not value else value.isoformat()


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """The value under a key that is itself a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The query string of the page with some parameters replaced (None removes one)."""
    found = context["request"].GET.copy()
    for key, value in changes.items():
        found.pop(key, None)
        if value is not None:
            found[key] = value
    return f"?{found.urlencode()}" if found else "?"


def _address(file: str) -> str:
    return f"{settings.STATIC_URL}dist/{file}"


def _styles(entry: dict[str, Any]) -> list[str]:
    """Style sheets of an entry and of the pieces it imports, in the order they apply."""
    found: list[str] = []
    for name in entry.get("imports", ()):
        found += _styles(_manifest()[name])
    return [*found, *entry.get("css", ())]


@cache
def _manifest() -> dict[str, Any]:
    file = _STATIC / "dist" / ".vite" / "manifest.json"
    if not file.is_file():
        raise template.TemplateSyntaxError("the pages' scripts are not built: run make assets")
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
