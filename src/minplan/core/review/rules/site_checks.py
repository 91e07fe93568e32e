"""Site checks by departments (六部门核查) and the check against the territorial spatial plan."""

from __future__ import annotations

from collections.abc import Iterator

from minplan.core.review.context import Context
from minplan.core.review.finding import Finding, Outcome, Quantity, Severity
from minplan.core.review.ground import needs, no_new_ground
from minplan.core.review.proposal import Attachment
from minplan.core.review.rule import Example, Family, rule
from minplan.core.review.sources import of_plan
from minplan.core.text import Text

OPINION = "six-department-opinion"
SPATIAL = "spatial-compliance-opinion"
#: The plan speaks of six departments and names none: six different issuers are counted.
DEPARTMENTS = 6

_SIX = tuple({"kind": OPINION, "issuer": f"示例部门{n}", "conclusion": "同意"} for n in range(6))
_BAD = ("不同意", "不符合", "不予", "反对")


@rule(
    "R-SP-26",
    Text("六部门核查与国土空间合规性审查", "Six-department check and spatial compliance"),
    family=Family.PROCEDURE,
    severity=Severity.RESTRICT,
    basis=of_plan("第四章二（二）2", "按照“六部门核查”的标准", "c4-2-2-2"),
    explanation=Text(
        "六个不同部门的核查意见和国土空间合规性审查意见齐全、有效，且所附坐标与申请范围一致。"
        "规划未列部门名单，按不同出具单位计数。",
        "Opinions of six departments and on spatial compliance, valid, and about the same "
        "corners as the proposal. The plan names no departments: different issuers are counted.",
    ),
    examples=(
        Example(
            Outcome.CLEAR,
            Text("六份意见和合规性意见齐全", "all opinions handed in"),
            attachments=(*_SIX, SPATIAL),
        ),
        Example(
            Outcome.ATTENTION,
            Text("只有五个部门", "five departments"),
            attachments=(*_SIX[:5], SPATIAL),
        ),
        Example(
            Outcome.ATTENTION,
            Text("一份意见的坐标不是本范围", "one opinion speaks of other ground"),
            attachments=(*_SIX[:5], {**_SIX[5], "geometry_hash": "其他"}, SPATIAL),
        ),
        Example(
            Outcome.CONFLICT,
            Text("一个部门不同意", "one department objects"),
            attachments=(*_SIX[:5], {**_SIX[5], "conclusion": "不同意"}, SPATIAL),
        ),
    ),
)
def six_departments(ctx: Context) -> Iterator[Finding]:
    """Opinions of the six departments (六部门核查) about exactly this ground."""
    if not ctx.proposal.right.is_mining:
        yield ctx.not_applicable(
            Text("该条对开采规划区块和采矿权。", "The clause speaks of mining ground.")
        )
        return
    if answer := no_new_ground(ctx):
        yield answer
        return
    given = [item for item in ctx.proposal.attachments if item.kind == OPINION]
    valid = [item for item in given if item.valid_to is None or item.valid_to >= ctx.date]
    against = [item for item in valid if any(word in item.conclusion for word in _BAD)]
    if against:
        names = "、".join(item.issuer for item in against)
        yield ctx.conflict(
            Text(f"部门核查不同意：{names}。", f"Objections by: {names}."),
            mend=Text("请按部门意见调整后重新核查。", "Adjust as they say and check again."),
        )
    else:
        yield _count(ctx, valid)
    yield needs(ctx, SPATIAL, Text("国土空间合规性审查", "Conformity with the spatial plan"))


def _count(ctx: Context, valid: list[Attachment]) -> Finding:
    fingerprint = ctx.proposal.geometry.fingerprint
    here = {item.issuer for item in valid if item.geometry_hash in ("", fingerprint)}
    elsewhere = {item.issuer for item in valid} - here
    unlocated = sum(not item.geometry_hash for item in valid)
    bare = f"，其中 {unlocated} 份未附坐标，请核对" if unlocated else ""
    bare_en = f"; {unlocated} without corners, to be checked" if unlocated else ""
    measured = Quantity(len(here), "个")
    limit = Quantity(DEPARTMENTS, "个", "≥")
    if len(here) >= DEPARTMENTS:
        return ctx.clear(
            Text(
                f"{len(here)} 个部门核查意见齐全{bare}。",
                f"{len(here)} departments gave opinions{bare_en}.",
            ),
            measured=measured,
            limit=limit,
        )
    other = "、".join(sorted(elsewhere))
    zh = f"；{other}的意见所附坐标与本范围不一致" if other else ""
    en = f"; the opinions of {other} speak of other corners" if other else ""
    return ctx.attention(
        Text(
            f"有效部门核查意见 {len(here)} 个，应为 {DEPARTMENTS} 个{zh}。",
            f"{len(here)} of {DEPARTMENTS} opinions{en}.",
        ),
        measured=measured,
        limit=limit,
        mend=Text("请补齐部门核查意见。", "Add the missing opinions."),
    )
