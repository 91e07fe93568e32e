"""A private OpenLDAP directory for tests, installed where it may be."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SUFFIX = "dc=bureau,dc=test"
SCHEMAS = ("core", "cosine", "inetorgperson")
_CONFIG = """
{includes}
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix "{suffix}"
rootdn "cn=root,{suffix}"
rootpw nobody-knows
directory {folder}/data
"""


class Unavailable(RuntimeError):
    """OpenLDAP's server cannot be had here; says why."""


def program() -> str:
    """slapd, installed from the system's packages where it is missing and that is allowed."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
    if found := shutil.which("slapd", path=path):
        return found
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise Unavailable("no slapd on the path, and no right to install it")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], capture_output=True, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "slapd"]
    subprocess.run(command, capture_output=True, check=False, env=environment)
    if found := shutil.which("slapd", path=path):
        return found
    raise Unavailable("slapd could not be installed")


@contextmanager
def directory(port: int, people: Mapping[str, str]) -> Iterator[str]:
    """A running directory with these people (name → password); yields its address."""
    with tempfile.TemporaryDirectory(prefix="minplan-ldap-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        includes = "\n".join(f"include /etc/ldap/schema/{item}.schema" for item in SCHEMAS)
        config = folder / "slapd.conf"
        config.write_text(_CONFIG.format(includes=includes, folder=folder, suffix=SUFFIX))
        entries = folder / "people.ldif"
        entries.write_text(_people(people), encoding="utf-8")
        tool = program()
        add = [tool, "-T", "add", "-f", str(config), "-l", str(entries)]
        subprocess.run(add, check=True, capture_output=True)
        address = f"ldap://127.0.0.1:{port}"
        server = subprocess.Popen(
            [tool, "-f", str(config), "-h", address, "-d", "0"], stderr=subprocess.DEVNULL
        )
        try:
            _await(folder / "slapd.pid", server)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _people(people: Mapping[str, str]) -> str:
    top = f"dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: bureau\ndc: bureau\n"
    unit = f"dn: ou=people,{SUFFIX}\nobjectClass: organizationalUnit\nou: people\n"
    rows = [
        f"dn: uid={name},ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\nuid: {name}\n"
        f"cn: {name}\nsn: {name}\nuserPassword: {password}\n"
        for name, password in people.items()
    ]
    return "\n".join([top, unit, *rows])


def _await(pid: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if pid.exists():
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise Unavailable("slapd did not start")
