"""What a rule or a check rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule or a check rests on: document, clause, quotation, address, and how sure it is.

    ``clause_id`` links to a clause of the plan package where the basis is the plan. ``certain``
    False means the source was not verified against an original.
    """

    document: str
    clause: str = ""
    quote: str = ""
    url: str = ""
    clause_id: str = ""
    certain: bool = True

    def __str__(self) -> str:
        return f"{self.document}{self.clause}"
