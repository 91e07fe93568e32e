"""A private PostgreSQL with PostGIS for tests and benchmarks.

``python tools/postgres.py`` installs the server where it may and tells whether it works. As a
module, :func:`start` makes a cluster in a temporary folder on a free loopback port and
:func:`stop` ends it and removes the folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("postgresql-15", "postgresql-15-postgis-3")
# other releases of Debian and Ubuntu carry other versions: their names without one follow them
OTHER_PACKAGES = ("postgresql", "postgis", "postgresql-postgis")
ROOTS = (Path("/usr/lib/postgresql"), Path("/usr/local/lib/postgresql"))


class Unavailable(RuntimeError):
    """PostgreSQL with PostGIS cannot be had here; says why."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server: ``address`` is ``postgresql://user@host:port`` without a database."""

    folder: Path
    binaries: Path
    address: str


def main() -> int:
    try:
        cluster = start()
    except Unavailable as error:
        print(f"PostgreSQL/PostGIS 不可用 / unavailable: {error}", file=sys.stderr)
        return 1
    stop(cluster)
    print(f"PostgreSQL: {cluster.binaries}")
    return 0


def binaries() -> Path | None:
    """The newest server with PostGIS that is installed."""
    found = [
        folder / "bin"
        for root in ROOTS
        for folder in sorted(root.glob("*"), key=lambda f: float(f.name), reverse=True)
        if (folder / "bin" / "initdb").exists() and _has_postgis(folder.name)
    ]
    return found[0] if found else None


def install() -> None:
    """Install the Debian packages; Unavailable when that is not possible."""
    if os.geteuid() != 0:
        raise Unavailable(f"not installed, and only root may install {' '.join(PACKAGES)}")
    if shutil.which("apt-get") is None:
        raise Unavailable("not installed, and there is no apt-get")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    last = ""
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *PACKAGES],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *OTHER_PACKAGES],
    ):
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=600
        )
        last = (done.stderr.strip() or done.stdout.strip() or "apt-get failed").splitlines()[-1]
        if binaries() is not None:
            return
    raise Unavailable(last)


def start(*, durable: bool = False) -> Cluster:
    """Start a cluster, installing the server first where it is absent.

    Unless ``durable``, the server does not wait for its disk: what it holds survives the death of
    its clients, not that of the machine. Raises Unavailable, with the reason.
    """
    found = binaries()
    if found is None:
        install()
        found = binaries()
        assert found is not None
    folder = Path(tempfile.mkdtemp(prefix="minplan-postgres-"))
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        _run(
            found / "initdb",
            "-D",
            folder / "data",
            "-A",
            "trust",
            "-U",
            user,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            folder=folder,
        )
        port = _start_on_free_port(found, folder, durable=durable)
    except (subprocess.SubprocessError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Unavailable(_reason(error)) from error
    return Cluster(folder, found, f"postgresql://{user}@127.0.0.1:{port}")


def stop(cluster: Cluster) -> None:
    """Stop the server and remove everything it wrote."""
    data = cluster.folder / "data"
    try:
        _run(
            cluster.binaries / "pg_ctl",
            "-D",
            data,
            "-w",
            "-m",
            "immediate",
            "stop",
            folder=cluster.folder,
        )
    finally:
        shutil.rmtree(cluster.folder, ignore_errors=True)


def _start_on_free_port(found: Path, folder: Path, *, durable: bool) -> int:
    # between finding a free port and taking it another process may take it: try again
    for attempt in range(5):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        options = (
            f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c shared_buffers=256MB"
            " -c max_connections=60 -c jit=off -c max_wal_size=2GB"
            f" -c fsync={'on' if durable else 'off'}"
        )
        try:
            _run(
                found / "pg_ctl",
                "-D",
                folder / "data",
                "-w",
                "-l",
                folder / "log",
                "-o",
                options,
                "start",
                folder=folder,
            )
        except subprocess.CalledProcessError:
            if attempt == 4:
                raise
        else:
            return port
    raise AssertionError


def _run(program: Path, *arguments: object, folder: Path) -> None:
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*become, str(program), *map(str, arguments)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        timeout=120,
    )


def _has_postgis(version: str) -> bool:
    return any(
        (root / version / "extension" / "postgis.control").exists()
        for root in (Path("/usr/share/postgresql"), Path("/usr/local/share/postgresql"))
    )


def _reason(error: Exception) -> str:
    told = getattr(error, "stderr", b"") or b""
    lines = told.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else str(error)


if __name__ == "__main__":
    sys.exit(main())
