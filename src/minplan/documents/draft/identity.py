"""Who and what a plan is: its region, period, number and date, and its counties."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from minplan.core.document.model import Paragraph, PlanDocument, Spot
from minplan.core.document.quantities import regions
from minplan.core.document.quantities.regions import split_names
from minplan.core.text import Text
from minplan.documents.draft.model import DraftRow
from minplan.documents.draft.vocabulary import division_codes, is_one_of, vocabulary
from minplan.documents.wording import folded

_LEVELS: Final = (
    ("省", "province"),
    ("自治区", "province"),
    ("市", "city"),
    ("盟", "city"),
    ("州", "city"),
    ("县", "county"),
    ("区", "county"),
    ("旗", "county"),
)


def read_identity(document: PlanDocument) -> DraftRow:
    """The row of plan.toml, as far as the text tells."""
    words = vocabulary()["identity"]
    front = [block for block in document.front if isinstance(block, Paragraph)]
    found: dict[str, str] = {}
    title = folded(document.title)
    if named := re.search(words["title"], title):
        region = named["region"]
        found |= {"region_name": region, "level": level_of(region)}
        if region in division_codes():
            code, english = division_codes()[region]
            found |= {"region_code": code, "english": english}
    if period := re.search(words["period"], title) or _first(front, words["period"]):
        found |= {"first_year": period["first"], "last_year": period["last"]}
    if base := _first(front, words["base"]):
        found["base_year"] = base["year"] or base["year2"]
    if act := _first(front, words["act"]):
        found["act"] = act[0]
    for before, block in zip([None, *front], front, strict=False):
        if date := re.match(words["date"], block.text.strip()):
            found["effective_from"] = _date(date)
            if before is not None and re.match(words["issuer"], folded(before.text)):
                found["issuer"] = folded(before.text)
            break
    return DraftRow(_named(found, document), Spot(line=1, file=document.name), 0.8)


def _named(found: dict[str, str], document: PlanDocument) -> dict[str, str]:
    """The columns in the order of the file, with id and names made from the others."""
    first, last = found.get("first_year", ""), found.get("last_year", "")
    english = found.pop("english", "")
    code = found.get("region_code", "")
    period = f"（{first}—{last}年）" if first else ""
    region = found.get("region_name", "")
    named = {
        "id": "-".join(part for part in (english.lower() or code or "plan", first, last) if part),
        "name_zh": f"{region}矿产资源总体规划{period}" if region else document.title,
        "name_en": f"{english} mineral-resources master plan ({first}–{last})".strip(),
    }
    order = (
        *("level", "region_code", "region_name", "first_year", "last_year", "base_year"),
        *("act", "effective_from", "issuer"),
    )
    named |= {name: found[name] for name in order if name in found}
    if "effective_from" in found:
        named["version"] = found["effective_from"]
    named["source"] = document.name
    return named


def _first(front: list[Paragraph], pattern: str) -> re.Match[str] | None:
    return next((found for block in front if (found := re.search(pattern, block.text))), None)


def _date(found: re.Match[str]) -> str:
    try:
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat()
    except ValueError:
        return ""


def level_of(region: str) -> str:
    """The level of a plan by the last word of the name of its region."""
    return next((level for end, level in _LEVELS if region.endswith(end)), "")


def read_counties(document: PlanDocument, identity: DraftRow) -> list[DraftRow]:
    """The counties the text names, those of the region by code first, each with its spot."""
    code = identity.fields.get("region_code", "")
    start = {"province": code[:2], "city": code[:4], "county": code[:6]}.get(
        identity.fields.get("level", ""), ""
    )
    codes = division_codes()
    rows = []
    for name in sorted(county_names(document), key=lambda item: codes.get(item, (item,))):
        spot = _spot_of(document, name)
        known, english = codes.get(name, ("", ""))
        if spot is None or (known and start and not known.startswith(start)):
            continue
        note = (
            None
            if known
            else Text("代码表没有这个名称，补六位代码", "not in the code list: add its six digits")
        )
        fields = {"code": known, "name": name, "english": english}
        rows.append(DraftRow(fields, spot, 1.0 if known else 0.5, note))
    return rows


def county_names(document: PlanDocument) -> set[str]:
    """The counties named by the standard, by headings and in columns of places."""
    names = set(regions(document).values())
    words = vocabulary()["counties"]
    for _, table in document.tables():
        for column, heading in enumerate(table.headings):
            if not is_one_of(vocabulary()["zone_columns"]["region"], heading):
                continue
            told = {part for row in table.body for part in split_names(row[column].text)}
            names |= {name for name in told if re.fullmatch(words["name"], name)}
    return {name for name in names if not re.fullmatch(words["not"], name)}


def known_names(counties: Sequence[str]) -> dict[str, str]:
    """Every way a county may be written, with its full name: 武乡 is 武乡县."""
    return {word: name for name in counties for word in (name, name[:-1]) if len(word) > 1}


def _spot_of(document: PlanDocument, name: str) -> Spot | None:
    for section, block in document.blocks():
        if isinstance(block, Paragraph):
            if name in block.text:
                return block.spot
        else:
            for row in block.cells:
                for cell in row:
                    if name in cell.text:
                        return cell.spot
        if section is not None and name in section.title:
            return section.spot
    return None
