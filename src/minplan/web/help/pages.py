"""The tutorial and how-to pages, as HTML, from the Markdown of the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.urls import reverse
from markdown_it import MarkdownIt

import minplan
from minplan.core.errors import StoreError
from minplan.core.text import Text

#: Folders of the documentation that are for users of the pages, in the order shown.
SECTIONS: Final = {
    "tutorial": Text("教程", "Tutorial"),
    "how-to": Text("操作指南", "How to"),
    "explanation": Text("说明", "Explanation"),
}
_TITLE: Final = re.compile(r"^# (.+)$", re.MULTILINE)
_LINK: Final = re.compile(
    r'href="(?:\.\./)?(?:(tutorial|how-to|explanation)/)?([\w-]+)\.md(#[^"]*)?"'
)
_OTHER: Final = re.compile(r'<a href="(?!https?:|/|#)[^"]*">(.*?)</a>')


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the documentation."""

    section: str
    name: str
    title: str
    file: Path


@cache
def pages() -> tuple[Page, ...]:
    """All pages, by section and title."""
    return tuple(_found())


def page(section: str, name: str) -> Page:
    """A page by its section and name (StoreError E811 when there is none)."""
    for item in pages():
        if (item.section, item.name) == (section, name):
            return item
    raise StoreError("E811", Text(f"没有帮助页 {name}", f"there is no help page {name}"))


@cache
def rendered(item: Page) -> str:
    """The page as HTML; links to other pages lead to them, links elsewhere are plain text."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    html: str = markdown.render(item.file.read_text("utf-8"))
    html = html.replace("<table>", '<div class="table-responsive"><table class="table table-sm">')
    html = html.replace("</table>", "</table></div>")
    known = {(other.section, other.name) for other in pages()}

    def moved(match: re.Match[str]) -> str:
        section, name = match[1] or item.section, match[2]
        if (section, name) not in known:
            return match[0]
        return f'href="{reverse("help-page", args=[section, name])}{match[3] or ""}"'

    return _OTHER.sub(r"\1", _LINK.sub(moved, html))


def _found() -> Iterator[Page]:
    folder = _folder()
    for section in SECTIONS:
        for file in sorted((folder / section).glob("*.md")):
            title = _TITLE.search(file.read_text("utf-8"))
            yield Page(section, file.stem, title[1].strip() if title else file.stem, file)


def _folder() -> Path:
    """The documentation: beside the web package when installed, else that of the checkout."""
    package = Path(minplan.__file__).parent
    shipped = package / "web" / "help" / "docs"
    return shipped if shipped.is_dir() else package.parents[1] / "docs"
