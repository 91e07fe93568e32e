"""What commands share: language and workspace, streams, JSON, progress, errors and exit codes.

Results go to stdout, everything said about the work to stderr.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from minplan.core.errors import Faults, InputError, MinplanError
from minplan.core.text import Language, Text

if TYPE_CHECKING:
    from rich.console import Console

    from minplan.workspace import Workspace

#: Width of tables where the output is no terminal.
_PLAIN_WIDTH: Final = 120

Advance = Callable[[int, int], None]


class Exit(IntEnum):
    """Exit codes; precedence in one run is INPUT, FINDINGS, INCOMPLETE, DONE."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    INPUT = 3
    INCOMPLETE = 4
    STORE = 5
    INTERNAL = 70
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Session:
    """What the global options say: language, workspace folder, and database if not its own."""

    language: Language = "zh"
    workspace: Path = Path("workspace")
    database: str | None = None

    def get(self, text: Text) -> str:
        """A text in the language of the session."""
        return text.get(self.language)

    def open_workspace(self) -> Workspace:
        """The workspace of the session; changes are recorded under the user's login name."""
        from minplan.workspace import Workspace

        return Workspace(self.workspace, self.database, actor=getpass.getuser())

    @contextmanager
    def workspace_for(self, *, storing: bool) -> Iterator[Workspace]:
        """The workspace; for work that stores nothing an empty one for now where there is none.

        A check run inside a hand-in would otherwise leave a workspace there, and find it.
        """
        if storing or self.database is not None or self.workspace.is_dir():
            yield self.open_workspace()
            return
        with tempfile.TemporaryDirectory(prefix="minplan-", ignore_cleanup_errors=True) as folder:
            yield replace(self, workspace=Path(folder)).open_workspace()

    @property
    def out(self) -> Console:
        """The console of results: stdout."""
        return _console(stderr=False)

    @property
    def err(self) -> Console:
        """The console of messages: stderr."""
        return _console(stderr=True)

    def say(self, text: Text) -> None:
        """Say something about the work, on stderr."""
        click.echo(self.get(text), err=True)

    def table(self, title: Text, columns: Sequence[Text], rows: Sequence[Sequence[str]]) -> None:
        """Print a table of results on stdout."""
        from rich import box
        from rich.table import Table
        from rich.text import Text as Plain

        table = Table(
            title=self.get(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
        )
        for column in columns:
            table.add_column(self.get(column), overflow="fold")
        for row in rows:
            table.add_row(*(Plain(cell) for cell in row))
        self.out.print(table)

    @contextmanager
    def progress(self, title: Text) -> Iterator[Advance]:
        """Show progress on stderr: a bar on a terminal, else a line for every 10 %.

        Yields a function of (done, total); a total of 0 means it is not known.
        """
        if not sys.stderr.isatty():
            yield _lines(self.get(title))
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task(self.get(title), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total or None)


pass_session = click.make_pass_decorator(Session, ensure=True)


def default_language() -> Language:
    """The language of the environment: English where LANG says so, else Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def print_json(value: Any) -> None:
    """Write one JSON object to stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def exit_code(error: MinplanError) -> Exit:
    """The exit code of an error: 3 for what was handed in, 5 for what is stored."""
    first = error.faults[0] if isinstance(error, Faults) else error
    return Exit.INPUT if isinstance(first, InputError) else Exit.STORE


def report_failure(error: MinplanError, language: Language) -> Exit:
    """Print an error on stderr and return its exit code."""
    click.echo(error.describe(language), err=True)
    return exit_code(error)


def report_defect(error: Exception, language: Language) -> Exit:
    """Write the traceback of a defect of the program to a log file and name the file."""
    handle, path = tempfile.mkstemp(prefix="minplan-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(f"{' '.join(sys.argv)}\n")
        traceback.print_exception(error, file=log)
    message = Text(
        f"[E000] 程序内部错误（{type(error).__name__}）\n办法：请把日志交给维护人员：{path}",
        f"[E000] defect of the program ({type(error).__name__})\nMend: report it with {path}",
    )
    click.echo(message.get(language), err=True)
    return Exit.INTERNAL


def use_utf8() -> None:
    """Write UTF-8 whatever the code page of the terminal."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(
        file=stream,
        width=None if stream.isatty() else _PLAIN_WIDTH,
        highlight=False,
        soft_wrap=False,
    )


def _lines(title: str) -> Advance:
    shown = -1

    def advance(done: int, total: int) -> None:
        nonlocal shown
        tenth = done * 10 // total if total else -1
        if tenth > shown:
            shown = tenth
            click.echo(f"{title} {tenth * 10} %", err=True)

    return advance
