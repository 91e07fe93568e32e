"""Pages of help."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from minplan.core.errors import StoreError
from minplan.core.plan.folding import fold, words
from minplan.core.text import Text
from minplan.web.help.codes import FAMILIES, codes
from minplan.web.help.pages import SECTIONS, page, pages, rendered
from minplan.web.navigation import ENTRIES

#: Keys of the pages; those that jump come from the navigation.
KEYS: Final = (
    ("/", Text("跳到搜索框", "to the search box")),
    ("?", Text("打开这份清单", "this list")),
    ("Ctrl+V", Text("在工作台粘贴坐标，新建审查", "paste corners on the desk: a new review")),
    ("Enter", Text("核查、提交、打开选中的结果", "check, submit, open what is chosen")),
    ("Esc", Text("取消选择、关闭窗口", "clear the selection, close")),
    ("↑ ↓", Text("在搜索结果中移动", "move among results")),
)


def index(request: HttpRequest) -> HttpResponse:
    """Tutorials, how-to pages, keys, and the way to error codes."""
    groups = [
        (word, [item for item in pages() if item.section == section])
        for section, word in SECTIONS.items()
    ]
    context = {
        "groups": groups,
        "keys": KEYS,
        "jumps": [item for item in ENTRIES if item.key],
        "count": len(codes()),
    }
    return render(request, "help/index.html", context)


def show(request: HttpRequest, section: str, name: str) -> HttpResponse:
    """One page of the documentation."""
    found = page(section, name)
    # our own documentation, rendered without raw HTML
    context = {"page": found, "html": mark_safe(rendered(found))}
    return render(request, "help/page.html", context)


def errors(request: HttpRequest) -> HttpResponse:
    """All error codes by what they are about; narrowed by words."""
    query = request.GET.get("q", "").strip()
    asked = words(query)
    found = [item for item in codes().values() if all(word in _text_of(item) for word in asked)]
    groups = [
        (word, [item for item in found if item.code[1] == key]) for key, word in FAMILIES.items()
    ]
    context = {"groups": [item for item in groups if item[1]], "query": query, "count": len(found)}
    return render(request, "help/errors.html", context)


def error(request: HttpRequest, code: str) -> HttpResponse:
    """What one code says, and how to mend it."""
    found = codes().get(code.upper())
    if found is None:
        raise StoreError(
            "E811",
            Text(f"没有错误编号 {code}", f"there is no error code {code}"),
            hint=Text("见 /help/errors 的清单", "see the list at /help/errors"),
        )
    return render(request, "help/error.html", {"item": found})


def _text_of(item: object) -> str:
    meanings = getattr(item, "meanings", ())
    told = (f"{m.message.zh} {m.message.en}" for m in meanings)
    return fold(" ".join((getattr(item, "code", ""), *told)))
