"""A sound plan document made by code: tables with totals, figures that recur, counts, parts.

No figure of it is of a real plan. Every figure that a careful reader could check is marked.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

from tests.core.quality.planting import Site, bare, blocks_of, marks

from minplan.core.document.building import document, table
from minplan.core.document.model import PlanDocument, Table

COUNTIES = ("东川县", "临河县", "青山县", "沙河区", "云台区", "平泉县", "石门县", "玉溪区")
MINERALS = ("煤炭", "铁矿", "铝土矿", "石膏", "石英岩", "砖瓦用粘土", "萤石", "重晶石", "花岗岩")
SHEETS = ("马集", "柳沟", "大营", "北坪", "南关", "红旗", "五里", "双塔", "三岔", "白石")


def plan(seed: int) -> tuple[PlanDocument, list[Site]]:
    """A document and the places of its figures."""
    return made(_parts(random.Random(seed)), f"规划{seed}", "东泽市矿产资源总体规划")


def made(parts: Sequence[str | Table], name: str, title: str) -> tuple[PlanDocument, list[Site]]:
    """The document of marked parts, and where its marks are."""
    built = document(*[_bare(part) for part in parts], name=name, title=title)
    return built, _sites(built, parts)


def _bare(part: str | Table) -> str | Table:
    return bare(part) if isinstance(part, str) else _bare_table(part)


def _bare_table(marked: Table) -> Table:
    rows = [[bare(cell.text) for cell in row] for row in marked.cells]
    return table(marked.label, marked.title, rows, head=marked.head, unit=marked.unit)


def _sites(built: PlanDocument, parts: Sequence[str | Table]) -> list[Site]:
    sites: list[Site] = []
    blocks = blocks_of(built)
    number = 0
    for part in parts:
        if isinstance(part, Table):
            for r, row in enumerate(part.cells):
                for c, cell in enumerate(row):
                    for kind, start, end, figure in marks(cell.text):
                        sites.append(Site(kind, number, (r, c), start, end, figure))
            number += 1
        elif number < len(blocks) and getattr(blocks[number], "text", None) == bare(part):
            for kind, start, end, figure in marks(part):
                sites.append(Site(kind, number, None, start, end, figure))
            number += 1
    assert number == len(blocks)
    return sites


def _parts(rng: random.Random) -> list[str | Table]:
    counties = rng.sample(COUNTIES, rng.randint(5, 8))
    minerals = rng.sample(MINERALS, rng.randint(4, 6))
    return [
        "本规划以 2020 年为基期，2021 至 2025 年为规划期，展望到 2035 年。",
        "第一章 现状与形势",
        "一、开发利用现状",
        *_mines(rng, minerals),
        "二、矿山环境现状",
        *_money(rng),
        "第二章 规划目标",
        *_targets(rng, minerals),
        "第三章 规划布局",
        *_zones(rng, minerals, counties),
        "第四章 生态修复",
        *_patches(rng, counties),
        "第五章 工作部署",
        *_lists(rng),
    ]


def _mines(rng: random.Random, minerals: list[str]) -> list[str | Table]:
    counts = {name: rng.randint(2, 90) for name in minerals}
    total = sum(counts.values())
    old = total + rng.randint(5, 60)
    large = rng.randint(1, total - 1)
    listed = "、".join(f"{name} «sum:{count}» 个" for name, count in counts.items())
    shares = [round(Decimal(part) * 100 / total, 1) for part in (large, total - large)]
    coal = rng.randint(1000, 9999) + Decimal(rng.randint(1, 99)) / 100
    main = minerals[0]
    rows = [["矿产名称", "矿山数量（个）"]]
    rows += [[name, f"«sum:{count}»"] for name, count in counts.items()]
    rows.append(["合计", f"«sum:{total}»"])
    return [
        f"截至 2020 年底，全市共有持证矿山企业 «repeat:{total}» 个，其中{listed}。",
        table("表1", "2020 年全市持证矿山企业", rows),
        f"按矿山规模计，大中型矿山 «sum:{large}» 个，占矿山总数 {shares[0]}%；"
        f"小型矿山 «sum:{total - large}» 个，占矿山总数 {shares[1]}%。",
        f"矿山企业总数由 2015 年的 {old} 个压减到 2020 年的 «repeat:{total}» 个，"
        f"减少 «sum:{old - total}» 个。",
        f"2020 年，{main}产量 «repeat:{coal}» 万吨。",
        "（一）主要矿种",
        f"截至 2020 年，{main}矿山企业 «repeat:{counts[main]}» 个，2020 年度统计{main}开采量 "
        f"«repeat:{coal}» 万吨。",
    ]


def _money(rng: random.Random) -> list[str | Table]:
    parts = [Decimal(rng.randint(100_000, 9_999_999)) / 100 for _ in range(4)]
    area = Decimal(rng.randint(100_000, 999_999)) / 100
    names = ("中央财政投入", "地方财政投入", "矿山企业自筹", "其他资金")
    listed = "，".join(f"{name} «sum:{part}» 万元" for name, part in zip(names, parts, strict=True))
    return [
        f"近年来，全市共投入矿山地质环境治理资金 «repeat:{sum(parts)}» 万元，其中{listed}，"
        f"完成矿山治理面积 «repeat:{area}» 公顷。",
        "（一）主要成效",
        f"“十三五”期间，全市矿山地质环境治理资金总投入 «repeat:{sum(parts)}» 万元，"
        f"完成矿山治理面积 «repeat:{area}» 公顷。",
    ]


def _targets(rng: random.Random, minerals: list[str]) -> list[str | Table]:
    goals = {name: rng.randint(20, 3000) for name in minerals}
    rows = [["年开采总量", "2025 年", "属性"]]
    again = {*minerals[:3], minerals[-1]}
    for name, goal in goals.items():
        figure = f"«repeat:{goal}»" if name in again else str(goal)
        rows.append([f"{name}（万吨）", figure, "预期性"])
    said = "，".join(
        f"{name}开采总量 «repeat:{goal}» 万吨/年" for name, goal in list(goals.items())[:3]
    )
    last = minerals[-1]
    return [
        table("表2", "规划主要指标", rows),
        f"到 2025 年，{said}。",
        "一、开发强度",
        f"到 2025 年，{last}年开采总量控制在 «repeat:{goals[last]}» 万吨左右。",
    ]


def _zones(rng: random.Random, minerals: list[str], counties: list[str]) -> list[str | Table]:
    rows = [["序号", "编号", "名称", "主要矿种", "所在行政区", "面积（平方公里）"]]
    held = [rng.choice(minerals[:3]) for _ in range(rng.randint(5, 12))]
    held[:3] = minerals[:3]
    areas = [Decimal(rng.randint(100, 9000)) / 100 for _ in held]
    for at, (name, area) in enumerate(zip(held, areas, strict=True), 1):
        place = counties[at % len(counties)]
        code, label = f"CS{at:03d}", f"集中开采区 {at:03d}"
        rows.append([str(at), code, label, name, place, f"«sum:{area}»"])
    counts = "，".join(f"{name} «count:{held.count(name)}» 个" for name in minerals[:3])
    return [
        f"全市设置集中开采区 «count:{len(held)}» 个，其中{counts}。",
        f"集中开采区总面积 «sum:{sum(areas)}» 平方公里。",
        table("专栏1", "集中开采区表", rows),
    ]


def _patches(rng: random.Random, counties: list[str]) -> list[str | Table]:
    rows = [
        ["县（区）", "图斑数（个）", "治理面积（公顷）", "治理面积（公顷）", "治理面积（公顷）"],
        ["县（区）", "图斑数（个）", "生产矿山", "历史遗留", "合计"],
    ]
    counts, first, second = [], [], []
    for county in counties:
        counts.append(rng.randint(2, 90))
        first.append(Decimal(rng.randint(100, 9999)) / 100)
        second.append(Decimal(rng.randint(100, 9999)) / 100)
        rows.append(
            [
                county,
                f"«sum:{counts[-1]}»",
                f"«sum:{first[-1]}»",
                f"«sum:{second[-1]}»",
                f"«sum:{first[-1] + second[-1]}»",
            ]
        )
    totals = [sum(first), sum(second), sum(first) + sum(second)]
    rows.append(["合计", f"«sum:{sum(counts)}»", *[f"«sum:{total}»" for total in totals]])
    return [
        f"“十四五”期间，全市修复图斑 «count:{sum(counts)}» 处，"
        f"治理面积 «repeat:{totals[2]}» 公顷。",
        table("表3", "“十四五”期间矿山治理任务", rows, head=2),
    ]


def _lists(rng: random.Random) -> list[str | Table]:
    sheets = rng.sample(SHEETS, rng.randint(4, 9))
    mines = rng.sample(SHEETS, rng.randint(3, 5))
    kinds = rng.sample(MINERALS, rng.randint(3, 5))
    return [
        f"区域地质调查部署 1:5 万图幅 «count:{len(sheets)}» 个（{'、'.join(sheets)}）。",
        f"完成了{'、'.join(name + '铁矿' for name in mines)}等 «count:{len(mines)}» 个区块的勘查。",
        f"已开发利用的矿产资源有{'、'.join(kinds)} «count:{len(kinds)}» 种。",
        "规划工程包括调查工程、监测工程、治理工程、科技工程等«count:四»大部分。",
    ]
