"""The system's Chromium for tests of pages, installed where it may be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


class Unavailable(RuntimeError):
    """Chromium cannot be had here; says why."""


def main() -> int:
    try:
        print(f"Chromium: {find()}")
    except Unavailable as error:
        print(f"Chromium 不可用 / unavailable: {error}", file=sys.stderr)
        return 1
    return 0


def find() -> str:
    """The program, installed from the system's packages where it is missing and that is allowed."""
    if found := _on_path():
        return found
    if shutil.which("apt-get") is None:
        raise Unavailable("no Chromium on the path, and no apt-get to install it")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and shutil.which("sudo") is None:
        raise Unavailable("no Chromium on the path, and no right to install it")
    subprocess.run([*sudo, "apt-get", "update", "-qq"], capture_output=True, check=False)
    install = [*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", NAMES[0]]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if found := _on_path():
        return found
    raise Unavailable((done.stderr or done.stdout).strip()[-300:])


def _on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


if __name__ == "__main__":
    sys.exit(main())
