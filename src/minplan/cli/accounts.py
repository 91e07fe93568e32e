"""``minplan accounts``: who may log in, on the machine that holds the workspace."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

import click

from minplan.cli.output import Session, pass_session, print_json
from minplan.core.access import Role
from minplan.core.errors import InputError, Place
from minplan.core.text import Text

_ROLES = [role.value for role in Role if role is not Role.PUBLIC]


@click.group("accounts")
def command() -> None:
    """账号：建立、列出、修改、重设密码。"""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写 JSON。")
@pass_session
def listing(session: Session, as_json: bool) -> None:
    """列出全部账号。"""
    with _database(session):
        from minplan.database import accounts

        rows = accounts.listed()
    if as_json:
        print_json([_plain(row) for row in rows])
        return
    columns = [
        Text("账号", "account"),
        Text("姓名", "name"),
        Text("角色", "roles"),
        Text("范围", "area"),
        Text("状态", "state"),
    ]
    active = {True: Text("启用", "active"), False: Text("停用", "closed")}
    session.table(
        Text("账号", "Accounts"),
        columns,
        [
            [
                row.username,
                row.name,
                "、".join(session.get(word) for word in row.role_words),
                "、".join(row.areas),
                session.get(active[row.is_active]),
            ]
            for row in rows
        ],
    )


@command.command("add")
@click.argument("username")
@click.option("--name", default="", help="姓名或岗位。")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(_ROLES))
@click.option("--area", "areas", multiple=True, help="限于这些县（区），可重复。")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码；否则在终端询问。")
@pass_session
def add(session: Session, /, *, username: str, password_stdin: bool, **given: Any) -> None:
    """建立账号；首次登录后须更改密码。"""
    password = checked_password(_password(session, password_stdin), username)
    with _database(session) as actor:
        from minplan.database import accounts

        accounts.register(
            username,
            password,
            actor=actor,
            recorded=dt.datetime.now(dt.UTC),
            must_change_password=True,
            **given,
        )
    session.say(Text(f"已建立账号 {username}", f"made the account {username}"))


@command.command("password")
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="从标准输入读密码；否则在终端询问。")
@pass_session
def password(session: Session, username: str, password_stdin: bool) -> None:
    """重设密码；下次登录后须更改。"""
    given = checked_password(_password(session, password_stdin), username)
    with _database(session) as actor:
        from minplan.database import accounts

        accounts.set_password(
            accounts.get(username),
            given,
            actor=actor,
            recorded=dt.datetime.now(dt.UTC),
            must_change_password=True,
        )
    session.say(Text("密码已重设", "the password was reset"))


@command.command("close")
@click.argument("username")
@click.option("--open", "reopen", is_flag=True, help="重新启用。")
@pass_session
def close(session: Session, username: str, reopen: bool) -> None:
    """停用账号（不删除，记录保留）。"""
    with _database(session) as actor:
        from minplan.database import accounts

        now = dt.datetime.now(dt.UTC)
        accounts.change(accounts.get(username), actor=actor, recorded=now, is_active=reopen)


def checked_password(password: str, username: str) -> str:
    """The password, once it obeys the policy every face applies (InputError E848)."""
    from minplan.database.passwords import weaknesses

    if found := weaknesses(password, username):
        raise InputError(
            "E848",
            Text("；".join(item.zh for item in found), "; ".join(item.en for item in found)),
            place=Place(field="password"),
        )
    return password


def _database(session: Session) -> Any:
    """The database of the session, for as long as the block runs; yields who acts."""
    from contextlib import contextmanager

    from minplan.database import use

    @contextmanager
    def opened() -> Any:
        workspace = session.open_workspace()
        with use(workspace.database):
            yield workspace.actor

    return opened()


def _password(session: Session, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    word = session.get(Text("密码", "password"))
    return str(click.prompt(word, hide_input=True, confirmation_prompt=True))


def _plain(row: Any) -> dict[str, Any]:
    names = ("username", "name", "roles", "areas", "is_active", "external")
    return {name: getattr(row, name) for name in names}
