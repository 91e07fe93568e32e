"""Make the project's environment from nothing but Python 3.11 and the standard library.

Run by ``make``. It fetches the installer ``uv`` into ``.bootstrap`` (through a virtual environment,
or through pip alone where the system's Python has no ``venv``), then installs exactly what
``uv.lock`` names into ``.venv``. A second run finds a stamp and does nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV_VERSION = "0.13.9"
TOOLS = ROOT / ".bootstrap"
VENV = ROOT / ".venv"
STAMP = VENV / ".installed"


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  (this is where an older Python is told)
        version = ".".join(map(str, sys.version_info[:2]))
        return fail(
            f"需要 Python 3.11 或更高版本，现为 {version}。可用 make PYTHON=python3.12 指定。",
            f"Python 3.11 or later is needed, this is {version}. Use make PYTHON=python3.12.",
        )
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return 0
    uv = find_uv()
    if uv is None:
        return fail(
            "无法取得安装工具 uv：请安装 python3-venv 或 pip 后再试。",
            "The installer uv cannot be fetched: install python3-venv or pip and try again.",
        )
    say("安装依赖 / installing what uv.lock names …")
    command = [*uv, "sync", "--frozen", "--all-extras", "--compile-bytecode"]
    command += ["--python", sys.executable]
    environment = {
        **os.environ,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(VENV),
    }
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        return fail("依赖安装失败，见上。", "Installing failed, see above.")
    STAMP.write_text(wanted)
    return 0


def fingerprint() -> str:
    """Hash of what decides the content of the environment."""
    files = [ROOT / "uv.lock", ROOT / "pyproject.toml"]
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def find_uv() -> list[str] | None:
    """The command that runs uv: one on the path, one fetched before, or one fetched now."""
    if found := shutil.which("uv"):
        return [found]
    own = TOOLS / "bin" / "uv"
    if own.is_file():
        return [str(own)]
    say("取得安装工具 / fetching the installer …")
    ways = (fetch_with_venv, fetch_with_pip)
    for way in ways:
        if way() and own.is_file():
            return [str(own)]
    if install_venv_package() and fetch_with_venv() and own.is_file():
        return [str(own)]
    return None


def fetch_with_venv() -> bool:
    """Through a throw-away virtual environment; fails where Debian's python3-venv is missing."""
    shutil.rmtree(TOOLS, ignore_errors=True)
    made = quiet([sys.executable, "-m", "venv", str(TOOLS)])
    pip = [str(TOOLS / "bin" / "python"), "-m", "pip"]
    return made and quiet([*pip, "install", "--quiet", f"uv=={UV_VERSION}"])


def fetch_with_pip() -> bool:
    """Through the system's pip into a folder of our own; nothing of the system is changed."""
    shutil.rmtree(TOOLS, ignore_errors=True)
    pip = [sys.executable, "-m", "pip"]
    return quiet([*pip, "install", "--quiet", "--target", str(TOOLS), f"uv=={UV_VERSION}"])


def install_venv_package() -> bool:
    """Debian and Ubuntu split venv off: install it where we may."""
    if shutil.which("apt-get") is None:
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and shutil.which("sudo") is None:
        return False
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    say("安装系统软件包 / installing the system package python3-venv …")
    quiet([*sudo, "apt-get", "update", "-qq"])
    install = [*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends"]
    return quiet([*install, version]) or quiet([*install, "python3-venv"])


def quiet(command: list[str]) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0


def say(text: str) -> None:
    print(f"minplan · {text}", file=sys.stderr, flush=True)


def fail(zh: str, en: str) -> int:
    print(f"minplan · {zh}\n          {en}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
