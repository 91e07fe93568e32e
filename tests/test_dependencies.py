"""What the product imports is what it declares: nothing is there by chance in a fresh install."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "minplan"


#: Modules that are used only where an extra is installed.
OPTIONAL = {"notebook.py", "web/accounts/ldap.py", "web/accounts/oidc.py"}


def imported(*, at_once: bool) -> Iterator[tuple[str, str]]:
    """Top-level packages imported with their module (``at_once``), or anywhere; and by which."""
    for path in sorted(SOURCE.rglob("*.py")):
        module = path.relative_to(SOURCE).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body if at_once else ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name.split(".")[0], module) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node.module.split(".")[0], module


def plain(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", requirement)[0].lower())


def undeclared(found: Iterator[tuple[str, str]], requirements: list[str]) -> dict[str, str]:
    declared, known = set(map(plain, requirements)), packages_distributions()
    missing: dict[str, str] = {}
    for package, module in found:
        if module in OPTIONAL or package in sys.stdlib_module_names or package == "minplan":
            continue
        offered = set(map(plain, known.get(package, [package])))
        if not offered & declared:
            missing.setdefault(package, module)
    return missing


def test_every_import_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [item for extra in project["optional-dependencies"].values() for item in extra]
    assert undeclared(imported(at_once=True), project["dependencies"]) == {}
    assert undeclared(imported(at_once=False), [*project["dependencies"], *extras]) == {}
