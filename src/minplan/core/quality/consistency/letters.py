"""Words compared letter by letter, where no list of words knows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from minplan.core.document.quantities.vocabulary import words

_NOT_WORDS: Final = re.compile(r"[^\u4e00-\u9fff]+")


@lru_cache(maxsize=8192)
def letter_pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, without words that say nothing.

    >>> sorted(letter_pairs("全市设计年产能为 3350 万吨"))
    ['产能', '设计']
    """
    runs = _NOT_WORDS.sub(" ", _empty().sub(" ", _NOT_WORDS.sub(" ", text))).split()
    return frozenset(run[at : at + 2] for run in runs for at in range(len(run) - 1))


def common_end(texts: Sequence[str]) -> str:
    """What all texts end with: 重点勘查区."""
    least = min(texts, key=len, default="")
    ends = (least[at:] for at in range(len(least)))
    return next((end for end in ends if all(text.endswith(end) for text in texts)), "")


@lru_cache(maxsize=1)
def _empty() -> re.Pattern[str]:
    known = sorted(words("letters", "empty"), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known)))
