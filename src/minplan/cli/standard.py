"""``minplan standard``: the data standard, its editions, what differs, and its pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.text import Text

if TYPE_CHECKING:
    from minplan.core.standard.diff import Change
    from minplan.core.standard.model import CodeList, Edition, FieldSpec, Spec

_CURRENT: Final = "2021-2025"


@click.group(
    "standard",
    help="数据标准：版本、图层、字段、值域，版本之间的差异。",
    epilog="""\b
示例
  minplan standard show KAIGHQK
  minplan standard show KZ --edition third-round
  minplan standard diff third-round 2021-2025
  minplan standard template ZDXM KAIGHQK -o 填报.xlsx
""",
)
def command() -> None:
    """The data standard as data."""


@command.command("list", help="列出数据标准的各个版本。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def list_editions(session: Session, as_json: bool) -> None:
    """Print one row per edition."""
    workspace = session.open_workspace()
    found = [workspace.edition(name) for name in workspace.editions()]
    if as_json:
        print_json([_summary(item) for item in found])
        return
    session.table(
        Text("数据标准", "editions of the data standard"),
        (
            Text("版本", "id"),
            Text("名称", "name"),
            Text("图层", "layers"),
            Text("表", "tables"),
            Text("值域", "code lists"),
        ),
        [
            (
                item.id,
                session.get(item.name) + ("" if item.certain else " *"),
                str(len(item.layers)),
                str(len(item.tables)),
                str(len(item.code_lists)),
            )
            for item in found
        ],
    )
    _say_uncertain(session)


@command.command("show", help="一个版本的图层和表；给出代码时列它的字段或值域。")
@click.argument("layer", required=False)
@click.option("--edition", "edition_id", default=_CURRENT, show_default=True, help="版本。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def show(session: Session, layer: str | None, edition_id: str, as_json: bool) -> None:
    """Print the layers of an edition, or one layer, table or code list."""
    found = session.open_workspace().edition(edition_id)
    if layer is None:
        _show_edition(session, found, as_json)
        return
    code = layer.upper()
    spec = found.find(code)
    if spec is None and code in found.code_lists:
        _show_codes(session, found.code_lists[code], as_json)
    elif spec is None:
        raise _unknown(found, layer)
    else:
        _show_spec(session, spec, as_json)


@command.command("diff", help="两个版本之间图层、字段、值域的差异。")
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@pass_session
def diff_editions(session: Session, before: str, after: str, as_json: bool) -> None:
    """Print one row per difference."""
    from minplan.core.standard.diff import diff

    workspace = session.open_workspace()
    changes = diff(workspace.edition(before), workspace.edition(after))
    if as_json:
        print_json([_change(item) for item in changes])
        return
    session.table(
        Text(
            f"{before} → {after}：{len(changes)} 处", f"{before} → {after}: {len(changes)} changes"
        ),
        (Text("变化", "change"), Text("项", "item"), Text("名称", "name"), Text("内容", "detail")),
        [
            (session.get(item.kind.word), item.item, session.get(item.name), _detail(item))
            for item in changes
        ],
    )


@command.command("docs", help="把数据标准写成文档（docs/reference/standard）。")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@pass_session
def docs(session: Session, folder: Path) -> None:
    """Write the pages; pages of editions that are gone are removed."""
    from minplan.cli._standard_pages import pages

    workspace = session.open_workspace()
    folder.mkdir(parents=True, exist_ok=True)
    written = pages([workspace.edition(name) for name in workspace.editions()])
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    for old in set(folder.glob("*.md")) - {folder / name for name in written}:
        old.unlink()
    session.say(Text(f"已写 {len(written)} 页：{folder}", f"wrote {len(written)} pages: {folder}"))


@command.command("template", help="按数据标准写填报模板（XLSX）；不写图层时为全部属性表。")
@click.argument("layers", nargs=-1)
@click.option("--edition", "edition_id", default=_CURRENT, show_default=True, help="版本。")
@click.option(
    "-o",
    "--out",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="输出文件。",
)
@pass_session
def template(session: Session, layers: tuple[str, ...], edition_id: str, path: Path) -> None:
    """Write the workbook to fill in for some layers and tables, or for all tables."""
    from minplan.handin.templates import write_template

    found = session.open_workspace().edition(edition_id)
    specs: list[Spec] = []
    for word in layers:
        spec = found.find(word.upper())
        if spec is None:
            raise _unknown(found, word)
        specs.append(spec)
    write_template(path, found, specs or found.tables)
    session.say(Text(f"已写 {path}", f"wrote {path}"))


def _show_edition(session: Session, found: Edition, as_json: bool) -> None:
    if as_json:
        print_json({**_summary(found), "items": [_spec_head(item) for item in found.specs]})
        return
    session.table(
        found.name,
        (
            Text("代码", "code"),
            Text("名称", "name"),
            Text("图形", "geometry"),
            Text("分组", "group"),
            Text("字段", "fields"),
        ),
        [
            (
                item.code,
                session.get(item.name) + ("" if item.certain else " *"),
                _geometry(item),
                item.group,
                str(len(item.fields)),
            )
            for item in found.specs
        ],
    )
    _say_uncertain(session)


def _show_spec(session: Session, spec: Spec, as_json: bool) -> None:
    if as_json:
        print_json({**_spec_head(spec), "fields": [_field(item) for item in spec.fields]})
        return
    from minplan.cli._standard_pages import requirement, type_words

    session.table(
        Text(f"{spec.code} {spec.name.zh}", f"{spec.code} {spec.name.en}"),
        (
            Text("字段", "field"),
            Text("名称", "name"),
            Text("类型", "type"),
            Text("单位", "unit"),
            Text("值域", "domain"),
            Text("必填", "required"),
        ),
        [
            (
                item.code + ("" if item.certain else " *"),
                session.get(item.name),
                type_words(item),
                item.unit,
                item.domain,
                session.get(requirement(item)),
            )
            for item in spec.fields
        ],
    )
    _say_uncertain(session)


def _show_codes(session: Session, codes: CodeList, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "id": codes.id,
                "name": codes.name.to_dict(),
                "stores": codes.stores,
                "codes": [
                    {"code": item.code, "name": item.name.to_dict(), "aliases": list(item.aliases)}
                    for item in codes.codes
                ],
            }
        )
        return
    session.table(
        Text(f"{codes.id} {codes.name.zh}", f"{codes.id} {codes.name.en}"),
        (Text("代码", "code"), Text("名称", "name"), Text("别名", "aliases")),
        [(item.code, session.get(item.name), "、".join(item.aliases)) for item in codes.codes],
    )


def _unknown(found: Edition, word: str) -> Exception:
    from minplan.core.errors import InputError
    from minplan.formats.fields import near_matches

    known = [*(item.code for item in found.specs), *found.code_lists]
    return InputError(
        "E711",
        Text(
            f"{found.name.zh}没有图层、表或值域“{word}”",
            f"edition {found.id} has no layer, table or code list {word!r}",
        ),
        hint=near_matches(word.upper(), known)
        or Text("见 minplan standard show", "see minplan standard show"),
    )


def _say_uncertain(session: Session) -> None:
    session.say(Text("* 未与标准原文核对", "* not checked against the text of the standard"))


def _geometry(spec: Spec) -> str:
    geometry = getattr(spec, "geometry", None)
    return "" if geometry is None else str(geometry.value)


def _summary(item: Edition) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name.to_dict(),
        "period": item.period,
        "layers": len(item.layers),
        "tables": len(item.tables),
        "source": item.source,
        "certain": item.certain,
    }


def _spec_head(item: Spec) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name.to_dict(),
        "geometry": _geometry(item) or None,
        "group": item.group,
        "key": item.key,
        "levels": list(item.levels),
        "source": item.source,
        "certain": item.certain,
    }


def _field(item: FieldSpec) -> dict[str, Any]:
    when = item.required_when
    return {
        "code": item.code,
        "name": item.name.to_dict(),
        "type": item.type.value,
        "length": item.length,
        "decimals": item.decimals,
        "unit": item.unit,
        "domain": item.domain,
        "multiple": item.multiple,
        "required": item.required,
        "required_when": {"field": when.field, "values": list(when.values)} if when else None,
        "aliases": list(item.aliases),
        "source": item.source,
        "certain": item.certain,
    }


def _change(item: Change) -> dict[str, Any]:
    return {
        "kind": item.kind.value,
        "what": item.what,
        "item": item.item,
        "name": item.name.to_dict(),
        "before": dict(item.before),
        "after": dict(item.after),
    }


def _detail(item: Change) -> str:
    return "；".join(f"{key}：{item.before[key]} → {item.after[key]}" for key in item.after)
