"""``minplan deliverables``: documents, maps and tables of a plan, with version and hash."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.errors import StoreError
from minplan.core.text import Term, Text

if TYPE_CHECKING:
    from minplan.database.models import Deliverable, Plan

#: Shortest beginning of a hash that may stand for the whole.
_PREFIX: Final = 8
_HASH: Final = 64


class Kind(Term):
    """Kinds of deliverables (规划成果) as people name them."""

    TEXT = "text", "规划文本", "text of the plan"
    NOTES = "notes", "编制说明", "explanation of the plan"
    TABLE = "table", "附表", "annexed tables"
    MAP = "map", "附图", "annexed maps"
    DATABASE = "database", "数据库", "database"
    METADATA = "metadata", "元数据", "metadata"
    STUDY = "study", "专题研究", "study"
    QUALITY_REPORT = "quality-report", "质检报告", "quality report"


#: Kind of the registry and the document's code in the data standard.
_REGISTERED: Final = {
    Kind.TEXT: ("document", "GHWB"),
    Kind.NOTES: ("document", "BZSM"),
    Kind.TABLE: ("table", "FB"),
    Kind.MAP: ("map", "FT"),
    Kind.DATABASE: ("database", "SJK"),
    Kind.METADATA: ("metadata", "YSJ"),
    Kind.STUDY: ("document", "ZTYJ"),
    Kind.QUALITY_REPORT: ("document", "ZJBG"),
}


@click.group(
    "deliverables",
    help="规划成果：登记、列表、查看、取回；原件按哈希保存。",
    epilog="""\b
类别  text 文本 · notes 说明 · table 附表 · map 附图 · database 数据库 · metadata 元数据 ·
      study 专题 · quality-report 质检报告

\b
示例
  minplan deliverables add 规划文本.pdf --kind text --version 报批稿 --approval 示例〔2023〕1号
  minplan deliverables list
  minplan deliverables get 3f9a01bc -o 规划文本.pdf
""",
)
def command() -> None:
    """Deliverables of plans."""


@command.command("add")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--plan", "plan_code", metavar="编号", help="规划编号；只有一个规划时可省。")
@click.option(
    "--kind", required=True, type=click.Choice([kind.value for kind in Kind]), help="成果类别。"
)
@click.option("--version", required=True, help="版本，如 报批稿、2023-06-01。")
@click.option("--approval", default="", help="批准文号。")
@click.option("--name", help="名称，默认文件名。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def add(
    session: Session,
    *,
    file: Path,
    plan_code: str | None,
    kind: str,
    version: str,
    approval: str,
    name: str | None,
    as_json: bool,
) -> None:
    """登记一件成果；同一文件只存一份。"""
    from minplan.database import use

    workspace = session.open_workspace()
    now = dt.datetime.now(dt.UTC)
    with use(workspace.database):
        from minplan.database import deliverables, originals

        plan = _plan(plan_code)
        registered, code = _REGISTERED[Kind(kind)]
        original = originals.keep(file, actor=workspace.actor, recorded=now)
        row = deliverables.register(
            plan,
            original,
            kind=registered,
            code=code,
            name=name or file.name,
            version=version,
            actor=workspace.actor,
            recorded=now,
            approval_number=approval,
        )
        told = _told(row)
    if as_json:
        print_json(told)
        return
    click.echo(told["sha256"])
    session.say(
        Text(
            f"已登记 {told['name']}（{version}），规划 {told['plan']}",
            f"registered {told['name']} ({version}) of plan {told['plan']}",
        )
    )


@command.command("list")
@click.option("--plan", "plan_code", metavar="编号", help="只列一个规划的成果。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def list_(session: Session, plan_code: str | None, as_json: bool) -> None:
    """列出成果。"""
    from minplan.database import use

    with use(session.open_workspace().database):
        from minplan.database import deliverables, plans

        wanted = (plans.get(plan_code),) if plan_code else plans.listed()
        rows = [_told(row) for plan in wanted for row in deliverables.listed(plan)]
    if as_json:
        print_json(rows)
        return
    session.table(
        Text(f"规划成果 {len(rows)} 件", f"{len(rows)} deliverables"),
        (
            Text("规划", "plan"),
            Text("类别", "kind"),
            Text("名称", "name"),
            Text("版本", "version"),
            Text("批准文号", "approval"),
            Text("字节", "bytes"),
            Text("登记时间", "recorded"),
            Text("哈希", "hash"),
        ),
        [
            (
                row["plan"],
                session.get(_word(row["kind"])),
                row["name"],
                row["version"],
                row["approval"],
                f"{row['size']:,}",
                row["recorded"][:16].replace("T", " "),
                row["sha256"][:12],
            )
            for row in rows
        ],
    )


@command.command("show")
@click.argument("sha256", metavar="哈希")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def show(session: Session, sha256: str, as_json: bool) -> None:
    """一份原件登记为哪些成果；哈希可只写前 8 位以上。"""
    from minplan.database import use

    with use(session.open_workspace().database):
        from minplan.database import deliverables, plans

        full = _full_hash(sha256)
        rows = [
            _told(row)
            for plan in plans.listed()
            for row in deliverables.listed(plan)
            if row.original_id == full
        ]
    if as_json:
        print_json(rows)
        return
    words = {
        "plan": Text("规划", "plan"),
        "kind": Text("类别", "kind"),
        "name": Text("名称", "name"),
        "version": Text("版本", "version"),
        "approval": Text("批准文号", "approval"),
        "size": Text("字节", "bytes"),
        "recorded": Text("登记时间", "recorded"),
    }
    click.echo(full)
    for row in rows:
        row["kind"] = session.get(_word(row["kind"]))
        session.table(
            Text("成果", "Deliverable"),
            (Text("项目", "item"), Text("内容", "value")),
            [(session.get(word), str(row[key])) for key, word in words.items()],
        )


@command.command("get")
@click.argument("sha256", metavar="哈希")
@click.option(
    "-o", "--out", "out", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="写到这个文件。",
)  # fmt: skip
@pass_session
def get(session: Session, sha256: str, out: Path) -> None:
    """取回原件，写出前核对哈希；哈希可只写前 8 位以上。"""
    from minplan.database import use

    with use(session.open_workspace().database):
        from minplan.database import originals

        full = _full_hash(sha256)
        originals.write(full, out)
    click.echo(str(out))
    session.say(Text(f"哈希相符：{full}", f"the hash fits: {full}"))


def _plan(code: str | None) -> Plan:
    """The plan with a code, or the only one."""
    from minplan.database import plans

    if code is not None:
        return plans.get(code)
    held = plans.listed()
    if len(held) == 1:
        return held[0]
    listed = "、".join(plan.code for plan in held)
    raise StoreError(
        "E811",
        Text(
            f"数据库中有 {len(held)} 个规划，请写明是哪一个",
            f"the database holds {len(held)} plans: say which one",
        ),
        hint=Text(f"--plan 编号：{listed}", f"--plan code: {listed}")
        if held
        else Text("先用 minplan plan add 加入规划", "add a plan first with minplan plan add"),
    )


def _full_hash(given: str) -> str:
    """The hash of the one original that a hash or its beginning names."""
    from minplan.database import originals
    from minplan.database.models import Original

    wanted = given.lower()
    if _PREFIX <= len(wanted) < _HASH:
        found = list(Original.objects.filter(pk__startswith=wanted).values_list("pk", flat=True))
        if len(found) == 1:
            return str(found[0])
    return str(originals.get(wanted).pk)


def _word(kind: str) -> Text:
    """The word for a kind; documents that came with a hand-in may be of none of the kinds."""
    return Kind(kind).word if kind in set(Kind) else Text("其他文档", "other document")


def _told(row: Deliverable) -> dict[str, Any]:
    kinds = {code: kind.value for kind, (_, code) in _REGISTERED.items()}
    return {
        "plan": row.plan.code,
        "kind": kinds.get(row.code, row.kind),
        "name": row.name,
        "version": row.version,
        "approval": row.approval_number,
        "sha256": row.original_id,
        "size": row.original.size,
        "recorded": row.recorded.isoformat(),
    }
