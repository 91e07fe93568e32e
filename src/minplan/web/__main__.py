"""``python -m minplan.web``: prepare the tables, serve the pages, do the background work.

``serve`` starts the web server and the worker together and ends both together; it is what
``minplan serve`` runs.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from types import FrameType

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minplan.web.settings")

#: Seconds a request may go on after the server was told to stop.
_GRACE = 30
#: How far background work, with the processes it begins, stands back behind the pages.
_BEHIND = 5


def main() -> int:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(prog="minplan.web")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("prepare")
    commands.add_parser("worker")
    serve = commands.add_parser("serve")
    serve.add_argument("--bind", default="127.0.0.1:8000")
    serve.add_argument("--workers", type=int, default=2)
    serve.add_argument("--threads", type=int, default=4)
    options = parser.parse_args()
    if options.command == "prepare":
        return prepare()
    if options.command == "worker":
        return work()
    return serve_all(options.bind, options.workers, options.threads)


def prepare() -> int:
    """Bring all tables up to date and end what an earlier run left unfinished."""
    import django  # noqa: PLC0415

    django.setup()
    from minplan.database import migrate  # noqa: PLC0415
    from minplan.web.desk import workspace  # noqa: PLC0415

    workspace().database  # noqa: B018 (opens it and creates the planning tables)
    migrate(everything=True)
    return 0


def work() -> int:
    """Do background work until told to stop."""
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from minplan.database.acting import deny_by_default  # noqa: PLC0415

    deny_by_default()
    if hasattr(os, "nice"):
        os.nice(_BEHIND)
    call_command("db_worker", "--interval", "0.5", "--no-startup-delay", "--no-reload")
    return 0


def serve_all(bind: str, workers: int, threads: int) -> int:
    """The web server and the worker as two children; when one ends or we are told to, both end."""
    prepare()
    server = [
        sys.executable, "-m", "gunicorn", "minplan.web.wsgi:application",
        "--bind", bind, "--workers", str(workers), "--threads", str(threads),
        "--worker-class", "gthread", "--timeout", "120", "--graceful-timeout", str(_GRACE),
        "--access-logfile", "/dev/null", "--log-level", "warning", "--preload",
        "--forwarded-allow-ips", "127.0.0.1", "--config", "python:minplan.web.workers",
    ]  # fmt: skip
    children = [
        subprocess.Popen(server),
        subprocess.Popen([sys.executable, "-m", "minplan.web", "worker"]),
    ]

    def stop(number: int, frame: FrameType | None) -> None:
        for child in children:
            if child.poll() is None:
                child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    code = children[0].wait()
    stop(0, None)
    try:
        children[1].wait(_GRACE)
    except subprocess.TimeoutExpired:
        children[1].kill()
    return max(0, code)


if __name__ == "__main__":
    sys.exit(main())
