"""The command ``minplan``: global options, command groups found by module, errors, exit codes."""

from __future__ import annotations

import difflib
import importlib
import keyword
import os
import pkgutil
import sys
from pathlib import Path
from typing import Any, Final

import click

import minplan.cli
from minplan.cli.output import (
    Exit,
    Session,
    default_language,
    report_defect,
    report_failure,
    use_utf8,
)
from minplan.core.errors import MinplanError
from minplan.core.text import Language, Text

#: Modules of this package that are no commands.
_NO_COMMANDS: Final = {"main", "output", "verdict"}

_EPILOG: Final = """\b
示例
  minplan read 拐点.txt --stated-area 0.3223    读坐标，判断面积算法
  minplan review 范围.zip --mineral 煤炭 --scale 120    按规划审查
  minplan layers list    已入库的管控图层
  minplan rules show R-SP-01    规则的依据与示例

\b
退出码
  0 完成 · 1 有冲突 · 2 用法不对 · 3 输入读不了 · 4 有未核查项
  5 图层或工作区不可用 · 70 程序错误 · 130 中断
"""


class Commands(click.Group):
    """The commands are the modules of :mod:`minplan.cli`; each exposes ``command``.

    Modules whose name starts with an underscore are parts of commands. Modules import what they
    run inside their functions, so that help is instant.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the modules, sorted; a word of the language has an underscore behind it."""
        found = {item.name for item in pkgutil.iter_modules(minplan.cli.__path__)}
        commands = (name for name in found - _NO_COMMANDS if not name.startswith("_"))
        return sorted(name.removesuffix("_") for name in commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The ``command`` of the module, or None."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command = importlib.import_module(f"minplan.cli.{module}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error users can meet is explained and gives its exit code."""
        try:
            return super().invoke(ctx)
        except MinplanError as error:
            session = ctx.ensure_object(Session)
            ctx.exit(report_failure(error, session.language))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=_EPILOG,
    help="矿产资源规划管理信息系统：读坐标、管图层、按规划审查矿业权。",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="输出语言，默认随系统（LANG）。")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="MINPLAN_WORKSPACE",
    default=Path("workspace"),
    show_default=True,
    help="工作区文件夹：规划、图层、审查记录。",
)
@click.option(
    "--database",
    envvar="MINPLAN_DATABASE",
    metavar="文件或地址",
    help="规划数据库：SQLite 文件或 postgresql://…，默认用工作区内的数据库。",
)
@click.version_option(package_name="minplan", prog_name="minplan")
@click.pass_context
def cli(ctx: click.Context, lang: Language | None, workspace: Path, database: str | None) -> None:
    """Set the session that every command reads."""
    ctx.obj = Session(language=lang or default_language(), workspace=workspace, database=database)


def main() -> None:
    """Run the command line and exit with one of the codes of :class:`~minplan.cli.output.Exit`."""
    use_utf8()
    language = _spoken(sys.argv[1:])
    try:
        code = cli.main(prog_name="minplan", standalone_mode=False) or Exit.DONE
    except click.UsageError as error:
        _explain_usage(error, language)
        code = Exit.USAGE
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        code = Exit.USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo(Text("已中断", "interrupted").get(language), err=True)
        code = Exit.INTERRUPTED
    except BrokenPipeError:
        # the reader of the pipe went away: nothing is left to say, and nothing must be flushed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.DONE
    except Exception as error:
        code = report_defect(error, language)
    sys.exit(int(code))


def _spoken(arguments: list[str]) -> Language:
    """The language before the options are parsed, for errors in the options themselves."""
    for item, following in zip(arguments, [*arguments[1:], ""], strict=True):
        word = following if item == "--lang" else item.removeprefix("--lang=")
        if item.startswith("--lang") and word in ("zh", "en"):
            return "en" if word == "en" else "zh"
    return default_language()


def _explain_usage(error: click.UsageError, language: Language) -> None:
    if error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
    click.echo(_usage_text(error).get(language), err=True)
    if error.ctx is not None:
        hint = f"{error.ctx.command_path} --help"
        click.echo(Text(f"办法：见 {hint}", f"Mend: see {hint}").get(language), err=True)


def _usage_text(error: click.UsageError) -> Text:
    plain = error.format_message()
    name = ""
    if isinstance(error, click.BadParameter) and error.param is not None:
        name = (
            error.param.opts[-1]
            if error.param.param_type_name == "option"
            else (error.param.human_readable_name)
        )
    if isinstance(error, click.MissingParameter):
        return Text(f"缺少 {name}", plain)
    if isinstance(error, click.BadParameter):
        return Text(f"{name} 的值不可用：{error.message}", plain)
    if isinstance(error, click.NoSuchOption):
        near = difflib.get_close_matches(error.option_name, error.possibilities or [], n=2)
        offer = f"，是否为 {'、'.join(near)}" if near else ""
        return Text(f"没有选项 {error.option_name}{offer}", plain)
    if error.message.startswith("No such command"):
        return Text(f"没有这个命令：{error.message.removeprefix('No such command ')}", plain)
    return Text(f"用法不对：{plain}", plain)
