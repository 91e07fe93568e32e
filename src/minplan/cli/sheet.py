"""``minplan sheet``: a map sheet of the plan at a stated scale, as PDF or PNG."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.plan.model import PlanSnapshot
    from minplan.reports.sheets import SheetMade

_SIZES: Final = ("auto", "A0", "A1", "A2", "A3", "A4")


@click.command(
    "sheet",
    help="规划附图：按图示和比例尺出图，PDF 为矢量。",
    epilog="""\b
主题  zones 分区 · blocks 区块 · exploration 勘查 · mining 开采 · remediation 治理 · overview 总图，
      或一种、几种分区（键或中文名，逗号分开），如 key-mining-area,集中开采区

\b
示例
  minplan sheet --subject zones --scale 250000 --office 某局 -o 规划分区图.pdf
  minplan sheet --subject mining --county 黎城县 --scale 1:100000 --office 某局 -o 开采图.pdf
  minplan sheet --subject overview --size A4 --office 某局 -o 总图.png
""",
)
@click.option(
    "--plan", metavar="编号或数据包", help="规划编号，或规划数据包文件夹；默认工作区现行规划。"
)
@click.option("--subject", required=True, metavar="主题", help="见下。")
@click.option(
    "--scale", metavar="分母", help="如 250000 或 1:250000；默认纸张放得下的最大整比例尺。"
)
@click.option(
    "--size", type=click.Choice(_SIZES, case_sensitive=False), default="auto", show_default=True,
    help="纸张；auto 为放得下的最小一种。",
)  # fmt: skip
@click.option("--county", default="", help="只出一个县（区）：名称或代码。")
@click.option("--format", "format_", type=click.Choice(["pdf", "png"]), help="默认随文件名。")
@click.option(
    "-o", "--out", "out", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="输出文件。",
)  # fmt: skip
@click.option("--office", required=True, help="编制单位，印在图上。")
@click.option("--date", "date", metavar="日期", help="编制日期，也是规划的法律日期；默认今天。")
@click.option("--map-number", default="", help="审图号；没有时图上写明未经审核。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写 JSON。")
@pass_session
def command(
    session: Session,
    *,
    plan: str | None,
    subject: str,
    scale: str | None,
    size: str,
    county: str,
    format_: str | None,
    out: Path,
    office: str,
    date: str | None,
    map_number: str,
    as_json: bool,
) -> None:
    """Draw a map sheet of a plan."""
    from minplan.reports.sheets import SheetOrder, draw_sheet, subject_of

    day = _date(date)
    order = SheetOrder(
        subject=subject_of([word for word in subject.replace("，", ",").split(",") if word]),
        office=office,
        date=day,
        scale=_scale(scale),
        size=size,
        county=county,
        map_number=map_number,
        language=session.language,
    )
    made = draw_sheet(_plan(session, plan, day), order, out, format=format_ or _suffix(out))
    if as_json:
        print_json(_told(made, out))
    else:
        _say(session, made, out)


def _plan(session: Session, plan: str | None, date: dt.date) -> PlanSnapshot:
    """A plan package, a plan of the workspace by its code, or the one in effect."""
    if plan is None:
        return session.open_workspace().plan(date)
    if Path(plan).exists() or len(Path(plan).parts) > 1:
        from minplan.formats.plan_package import load_plan

        return load_plan(Path(plan))
    return session.open_workspace().plan_by_code(plan, date)


def _date(word: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(word) if word else dt.date.today()
    except ValueError as error:
        raise click.BadParameter("日期应为 2026-01-15 的形式", param_hint="--date") from error


def _scale(word: str | None) -> float | None:
    """The denominator of ``250000``, ``1:250000``, ``1：25万`` or ``25万``."""
    if word is None:
        return None
    figure = word.replace("：", ":").removeprefix("1:").replace(",", "").strip()
    times = 10_000 if figure.endswith("万") else 1
    try:
        scale = float(figure.removesuffix("万")) * times
    except ValueError:
        scale = 0.0
    if not 500 <= scale <= 50_000_000:
        raise click.BadParameter("比例尺写成 250000 或 1:250000", param_hint="--scale")
    return scale


def _suffix(out: Path) -> str:
    return out.suffix.lstrip(".").lower()


def _say(session: Session, made: SheetMade, out: Path) -> None:
    size = f"{made.size} {made.width_mm:.0f} × {made.height_mm:.0f} mm"
    zh = f"{made.title}　1:{made.scale:.0f}　{size}　分区（区块）{made.zones} 个"
    en = f"{made.title}, 1:{made.scale:.0f}, {size}, {made.zones} zones"
    click.echo(session.get(Text(zh, en)))
    for remark in _remarks(made):
        session.say(remark)
    click.echo(str(out))


def _remarks(made: SheetMade) -> list[Text]:
    """What the sheet does not show, or shows with reserve."""
    remarks = []
    if made.schematic:
        remarks.append(Text("图上有示意图形，不得量算", "parts are schematic: do not measure"))
    if made.undrawn:
        number = made.undrawn
        remarks.append(
            Text(f"{number} 个分区没有图形，未画出", f"{number} zones without geometry not drawn")
        )
    if made.table_left_out:
        remarks.append(
            Text("分区表放不下，未列；换大一号的纸", "no room for the table: take larger paper")
        )
    if made.unlabelled:
        listed = "、".join(made.unlabelled)
        remarks.append(Text(f"注记放不下：{listed}", f"no room for labels: {listed}"))
    return remarks


def _told(made: SheetMade, out: Path) -> dict[str, object]:
    return {
        "file": str(out),
        "title": made.title,
        "size": made.size,
        "width_mm": made.width_mm,
        "height_mm": made.height_mm,
        "scale": made.scale,
        "zones": made.zones,
        "undrawn": made.undrawn,
        "unlabelled": list(made.unlabelled),
        "table_left_out": made.table_left_out,
        "schematic": made.schematic,
    }
