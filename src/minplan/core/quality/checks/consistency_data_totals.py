"""Counts and totals across tables and layers: numbers of blocks, quotas, shares of counties."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from minplan.core.quality.check import Example, Family, Found, NotApplicable, Scope, check
from minplan.core.quality.checks.consistency_data_tables import tell
from minplan.core.quality.fault import Fault, Level
from minplan.core.quality.sources import quality
from minplan.core.quality.submission import Context
from minplan.core.quality.tables import Row, differ, number_in, rows_of, split
from minplan.core.quality.words import dictionary
from minplan.core.text import Text

_BASIS: Final = quality("图文表库一致")
_TOTALS: Final = quality("指标汇总")
_BLOCK: Final = "KAIGHQK"


def _told(name: str) -> dict[str, Any]:
    held: dict[str, Any] = dictionary()[name]
    return held


@check(
    "Q-CO-04",
    Text("区块数量表与图层中的个数一致", "Numbers of blocks are those of the layers"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=_BASIS,
    explanation=Text(
        "按区块类别和矿种，数量表各发证级别的个数之和应等于图层中以该矿种为主的区块数。",
        "By kind and mineral, the numbers of all levels add up to the blocks of that mineral.",
    ),
    mend=Text("更正数量表，或补齐图层", "mend the table, or complete the layer"),
    examples=(
        Example(
            Text("一致", "they agree"),
            0,
            {
                "layers": {
                    _BLOCK: [{"ZYKZ": "煤炭"}],
                    "QKSL": [{"FQLB": "开采规划区块", "KZ": "煤炭", "GS": 1}],
                }
            },
        ),
        Example(
            Text("表中 3 个，图层 1 个", "3 in the table, 1 in the layer"),
            1,
            {
                "layers": {
                    _BLOCK: [{"ZYKZ": "煤炭"}],
                    "QKSL": [
                        {"FQLB": "开采规划区块", "KZ": "煤炭", "GS": 1, "FZJB": "2"},
                        {"FQLB": "开采规划区块", "KZ": "煤炭", "GS": 2, "FZJB": "3"},
                    ],
                }
            },
        ),
    ),
)
def block_counts(ctx: Context) -> Iterator[Found]:
    """Numbers of blocks by kind and mineral against the layers."""
    told = _told("counts")
    totals: dict[tuple[str, str], float] = defaultdict(float)
    first: dict[tuple[str, str], Row] = {}
    fields = [told["kind"], told["mineral"], told["number"]]
    for row in rows_of(ctx, told["table"], fields):
        pair = row.text(told["kind"]), row.text(told["mineral"])
        totals[pair] += np.nan_to_num(row.figure(told["number"]))
        first.setdefault(pair, row)
    asked = False
    blocks = {kind: _counted(ctx, kind) for kind in dict.fromkeys(kind for kind, _ in totals)}
    for (kind, mineral), number in totals.items():
        of_kind = blocks[kind]
        if of_kind is None:
            continue
        asked = True
        counted = of_kind[mineral]
        if differ(number, counted, 0):
            yield tell(
                ctx,
                first[kind, mineral],
                Text(
                    f"{kind}（{mineral}）表中共 {number:g} 个，图层中 {counted} 个",
                    f"{kind} of {mineral}: {number:g} in the table, {counted} in the layer",
                ),
                key=f"{kind} {mineral}",
                value=f"{number:g}",
                limit=str(counted),
            )
    if not asked:
        raise NotApplicable


def _counted(ctx: Context, kind: str) -> Counter[str] | None:
    """Blocks of a kind by their first mineral; None where the layer is not there."""
    told = _told("counts")
    codes = ctx.edition.code_lists.get("FQLB")
    entry = codes.find(kind) if codes else None
    spec = ctx.edition.layer_of_kind(entry.value) if entry and entry.value else None
    if spec is None or not ctx.of(spec.code):
        return None
    counted: Counter[str] = Counter()
    for row in rows_of(ctx, spec.code, [told["minerals"], told["rows"]]):
        several = row.figure(told["rows"])
        for mineral in split(row.text(told["minerals"]))[:1]:
            counted[mineral] += int(several) if several > 0 else 1
    return counted


@check(
    "Q-CO-05",
    Text("分矿种的矿业权数之和等于分区的数", "Rights by mineral add up to those of the zone"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=_TOTALS,
    explanation=Text(
        "分区矿种表中各矿种的已设、拟设采矿权数，合计应等于分区图层所写的数。",
        "Existing and planned rights by mineral add up to the figures of the zone.",
    ),
    mend=Text("更正其中一处", "mend one of them"),
    examples=(
        Example(
            Text("2 + 1 = 3", "they add up"),
            0,
            {
                "layers": {
                    "JZKCQ": [{"NSCKQS": 3}],
                    "FQKZ": [
                        {"FQBSM": "JZKCQ001", "KZ": "煤炭", "NSCKQS": 2},
                        {"FQBSM": "JZKCQ001", "KZ": "铁矿", "NSCKQS": 1},
                    ],
                }
            },
        ),
        Example(
            Text("2 ≠ 3", "they do not"),
            1,
            {
                "layers": {
                    "JZKCQ": [{"NSCKQS": 3}],
                    "FQKZ": [{"FQBSM": "JZKCQ001", "KZ": "煤炭", "NSCKQS": 2}],
                }
            },
        ),
    ),
)
def quotas(ctx: Context) -> Iterator[Found]:
    """Numbers of rights by mineral against those of the zone."""
    told = _told("quota")
    layers = [code for code in told["layers"] if ctx.of(code)]
    if not layers or not ctx.of(told["table"]):
        raise NotApplicable
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows_of(ctx, told["table"], [told["zone"], *told["figures"]]):
        for code in told["figures"]:
            if not np.isnan(row.figure(code)):
                sums[row.text(told["zone"]), code] += row.figure(code)
    for layer in layers:
        for row in rows_of(ctx, layer, [*told["figures"], "MC"]):
            for code in told["figures"]:
                total, stated = sums.get((row.key, code)), row.figure(code)
                if total is not None and differ(total, stated, 0):
                    yield tell(
                        ctx,
                        row,
                        Text(
                            f"“{row.text('MC')}”{code} 为 {stated:g}，分矿种合计 {total:g}",
                            f"{row.text('MC')!r}: {code} is {stated:g}, by mineral {total:g}",
                        ),
                        field=code,
                        value=f"{stated:g}",
                        limit=f"{total:g}",
                    )


@check(
    "Q-CO-06",
    Text("县区分解之和等于规划指标", "Shares of the counties add up to the indicator"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=_TOTALS,
    explanation=Text(
        "分解到县区的指标，各县区之和应等于目标值；“不低于”的指标和可以更大，"
        "“不超过”的可以更小；区间和百分数不比较。",
        "The shares of an indicator add up to its target; more is fine for “at least”, less for "
        "“at most”; ranges and percentages are not compared.",
    ),
    mend=Text("调整分解值，或更正目标值", "mend the shares or the target"),
    examples=(
        Example(
            Text("60 + 40 = 100", "they add up"),
            0,
            {
                "layers": {
                    "GHZB": [{"MBZ": "100", "YSF": "等于", "DW": "个"}],
                    "XFJB": [{"FJZ": 60.0}, {"FJZ": 40.0, "XQMC": "{county2_name}"}],
                }
            },
        ),
        Example(
            Text("60 + 30 ≠ 100", "they do not"),
            1,
            {
                "layers": {
                    "GHZB": [{"MBZ": "100", "YSF": "等于", "DW": "个"}],
                    "XFJB": [{"FJZ": 60.0}, {"FJZ": 30.0, "XQMC": "{county2_name}"}],
                }
            },
        ),
        Example(
            Text("不超过 100，分解 90", "at most 100, 90 shared out"),
            0,
            {
                "layers": {
                    "GHZB": [{"MBZ": "100", "YSF": "不超过", "DW": "个"}],
                    "XFJB": [{"FJZ": 60.0}, {"FJZ": 30.0, "XQMC": "{county2_name}"}],
                }
            },
        ),
    ),
)
def split_targets(ctx: Context) -> Iterator[Found]:
    """Shares of the counties against the target of the indicator."""
    told = _told("split")
    if not ctx.of(told["table"]) or not ctx.of(told["target_table"]):
        raise NotApplicable
    sums: dict[str, list[float]] = defaultdict(list)
    for row in rows_of(ctx, told["table"], [told["indicator"], told["part"]]):
        sums[row.text(told["indicator"])].append(row.figure(told["part"]))
    fields = [told["target"], told["operator"], told["name"], "DW"]
    for row in rows_of(ctx, told["target_table"], fields):
        parts, target = sums.get(row.key), number_in(row.text(told["target"]))
        if not parts or len(parts) < 2 or target is None or "%" in row.text("DW"):
            continue
        total = float(np.nansum(parts))
        if not _breaks(_operator(ctx, row.text(told["operator"])), total, target):
            continue
        yield tell(
            ctx,
            row,
            Text(
                f"“{row.text(told['name'])}”目标 {target:g}，县区分解合计 {total:g}",
                f"{row.text(told['name'])!r}: target {target:g}, shares of counties {total:g}",
            ),
            field=told["target"],
            value=f"{total:g}",
            limit=f"{target:g}",
        )


def _operator(ctx: Context, word: str) -> str:
    codes = ctx.edition.code_lists.get("YSF")
    entry = codes.find(word) if codes else None
    return entry.value if entry else "="


def _breaks(operator: str, total: float, target: float) -> bool:
    if not differ(total, target, 4):
        return False
    if operator == "<=":
        return total > target
    if operator in (">=", "rising"):
        return total < target
    return operator == "="


@check(
    "Q-CO-07",
    Text("县区控制总量之和不超过全市", "Caps of the counties do not exceed the whole"),
    family=Family.CONSISTENCY,
    scope=Scope.LAYERS,
    level=Level.ERROR,
    basis=_TOTALS,
    explanation=Text(
        "同一事项、矿种、年份，各县区控制上限之和不超过全区上限；比例类不加总。",
        "Of one subject, mineral and year the caps of the counties add up to no more than that of "
        "the whole; shares are not summed.",
    ),
    mend=Text("调整县区总量，或更正全区总量", "mend the caps"),
    examples=(
        Example(
            Text("60 + 40 ≤ 100", "within the cap"),
            0,
            {
                "layers": {
                    "ZLKZ": [
                        {"XQMC": None, "SX": 100.0},
                        {"XQMC": "{county1_name}", "SX": 60.0},
                        {"XQMC": "{county2_name}", "SX": 40.0},
                    ]
                }
            },
        ),
        Example(
            Text("60 + 50 > 100", "above the cap"),
            1,
            {
                "layers": {
                    "ZLKZ": [
                        {"XQMC": None, "SX": 100.0},
                        {"XQMC": "{county1_name}", "SX": 60.0},
                        {"XQMC": "{county2_name}", "SX": 50.0},
                    ]
                }
            },
        ),
    ),
)
def caps(ctx: Context) -> Iterator[Found]:
    """Caps of the counties against that of the whole."""
    told = _told("caps")
    if not ctx.of(told["table"]):
        raise NotApplicable
    names = ("subject", "mineral", "year", "unit")
    whole: dict[tuple[str, ...], Row] = {}
    parts: dict[tuple[str, ...], list[float]] = defaultdict(list)
    fields = [told[name] for name in (*names, "county", "upper")]
    for row in rows_of(ctx, told["table"], fields):
        group = tuple(row.text(told[name]) for name in names)
        if row.text(told["county"]):
            parts[group].append(row.figure(told["upper"]))
        else:
            whole.setdefault(group, row)
    codes = ctx.edition.code_lists.get("KZSX")
    for group, row in whole.items():
        entry = codes.find(group[0]) if codes else None
        if entry is not None and entry.value in told["shares"]:
            continue
        total, cap = float(np.nansum(parts.get(group, ()))), row.figure(told["upper"])
        if total > cap and differ(total, cap, 4):
            yield _cap_fault(ctx, row, " ".join(filter(None, group[:3])), total, cap)


def _cap_fault(ctx: Context, row: Row, name: str, total: float, cap: float) -> Fault:
    return tell(
        ctx,
        row,
        Text(
            f"{name}：县区合计 {total:g}，全区上限 {cap:g}",
            f"{name}: counties {total:g}, the whole {cap:g}",
        ),
        field=_told("caps")["upper"],
        value=f"{total:g}",
        limit=f"{cap:g}",
    )
