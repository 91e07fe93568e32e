"""What generated pages of the documentation have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from minplan.core.basis import Basis
from minplan.core.text import Language, Text

UNVERIFIED: Final = Text("（未核对原文）", " (not verified against the original)")


def both(page: Callable[[Language], str], note: Text) -> str:
    """A page in Chinese, then in English, with the note that it is generated."""
    english = page("en").replace("\n## ", "\n### ").replace("# ", "## ", 1)
    return f"{page('zh')}\n---\n\n{english}\n{note.zh} {note.en}\n"


def facts(rows: list[tuple[Text, str]], language: Language) -> list[str]:
    """A list of names and values; what has no value is left out."""
    colon = Text("：", ": ").get(language)
    return [f"- {name.get(language)}{colon}{value}" for name, value in rows if value]


def basis(item: Basis, language: Language) -> str:
    """What something rests on, as a line of a list."""
    name = f"[{item}]({item.url})" if item.url else str(item)
    quote = f"：“{item.quote}”" if item.quote else ""
    return f"- {name}{quote}{'' if item.certain else UNVERIFIED.get(language)}"


def cell(text: str) -> str:
    """Text that may stand in a table."""
    return text.replace("|", "\\|")
