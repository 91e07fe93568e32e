"""``minplan serve``: the pages in the browser, with the worker of background jobs beside them."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

import click

from minplan.cli.output import Session, pass_session
from minplan.core.errors import StoreError
from minplan.core.text import Text

_PID: Final = "serve.pid"
_LOG: Final = "serve.log"
#: Seconds a server may take to answer for the first time.
_PATIENCE: Final = 60


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址，0.0.0.0 供内网。")
@click.option("--port", default=8000, show_default=True, help="端口。")
@click.option("--workers", default=2, show_default=True, help="网页进程数。")
@click.option("--threads", default=4, show_default=True, help="每个进程的线程数。")
@click.option("--background", is_flag=True, help="在后台运行，日志写入工作区的 serve.log。")
@click.option("--stop", "stopping", is_flag=True, help="停止后台运行的服务。")
@pass_session
def command(
    session: Session,
    /,
    *,
    host: str,
    port: int,
    workers: int,
    threads: int,
    background: bool,
    stopping: bool,
) -> None:
    """启动网页：一张图、审查、分区区块、成果、查询；后台任务随同启动。

    首次启动且没有账号时，在终端询问管理员账号和密码，或取环境变量 MINPLAN_ADMIN_USER、
    MINPLAN_ADMIN_PASSWORD。
    """
    folder = session.workspace.absolute()
    if stopping:
        stop(session, folder)
        return
    _require_administrator(session)
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
    if background and _answers(address) and _running(folder):
        click.echo(address)
        return
    _require_free(host, port)
    environment = {**os.environ, "MINPLAN_WORKSPACE": str(folder)}
    if session.database:
        environment["MINPLAN_DATABASE"] = session.database
    program = [sys.executable, "-m", "minplan.web", "serve", "--bind", f"{host}:{port}"]
    program += ["--workers", str(workers), "--threads", str(threads)]
    if not background:
        session.say(Text(f"网页地址：{address}（Ctrl-C 停止）", f"Pages: {address} (Ctrl-C ends)"))
        os.execve(sys.executable, program, environment)
    with (folder / _LOG).open("ab") as log:
        process = subprocess.Popen(
            program, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    (folder / _PID).write_text(str(process.pid), encoding="ascii")
    _await(address, process, folder / _LOG)
    click.echo(address)


def stop(session: Session, folder: Path) -> None:
    """End the server that runs in the background; nothing happens when there is none."""
    pid = _running(folder)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        for _ in range(_PATIENCE * 10):
            if _running(folder) is None:
                break
            time.sleep(0.1)
    (folder / _PID).unlink(missing_ok=True)
    session.say(Text("服务已停止", "the server has stopped"))


def _running(folder: Path) -> int | None:
    """The process number of the server in the background, if it is there."""
    try:
        pid = int((folder / _PID).read_text("ascii"))
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"minplan.web" in command else None


def _require_administrator(session: Session) -> None:
    """Make the first administrator: from the environment, or by asking on a terminal."""
    from minplan.database import use

    workspace = session.open_workspace()
    with use(workspace.database):
        from minplan.cli.accounts import checked_password
        from minplan.database import accounts

        if accounts.listed():
            return
        name = os.environ.get("MINPLAN_ADMIN_USER")
        password = os.environ.get("MINPLAN_ADMIN_PASSWORD")
        if not (name and password):
            if not sys.stdin.isatty():
                raise StoreError(
                    "E845",
                    Text("还没有账号", "there are no accounts yet"),
                    hint=Text(
                        "用 minplan accounts add 建立管理员，或设环境变量 MINPLAN_ADMIN_USER 和"
                        " MINPLAN_ADMIN_PASSWORD",
                        "make an administrator with minplan accounts add, or set"
                        " MINPLAN_ADMIN_USER and MINPLAN_ADMIN_PASSWORD",
                    ),
                )
            name = click.prompt(session.get(Text("管理员账号", "administrator")), default="admin")
            password = click.prompt(
                session.get(Text("密码", "password")), hide_input=True, confirmation_prompt=True
            )
        accounts.register(
            name,
            checked_password(password, name),
            roles=["administrator"],
            actor=workspace.actor,
            recorded=dt.datetime.now(dt.UTC),
        )


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StoreError(
                "E846",
                Text(f"端口 {port} 不可用：{error.strerror}", f"port {port}: {error.strerror}"),
                hint=Text("用 --port 换一个端口", "choose another with --port"),
            ) from error


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(_PATIENCE * 5):
        if _answers(address):
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise StoreError(
        "E847",
        Text("服务没有启动", "the server did not start"),
        hint=Text(f"见日志 {log}", f"see the log {log}"),
    )
