"""How an installation is set up: ``web.toml`` in the workspace, and the environment over it.

Every key has a default that suits one machine on an intranet; docs/how-to/serve.md lists them.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from minplan.core.errors import InputError, Place
from minplan.core.text import Text

FILE_NAME: Final = "web.toml"
_SECRET_NAME: Final = ".secret-key"
_KEYS: Final = frozenset(
    {
        "hosts",
        "office",
        "secure",
        "public-view",
        "trusted-proxies",
        "session",
        "password",
        "lockout",
        "upload",
        "case-days",
        "base-map",
        "map",
        "oidc",
        "ldap",
    }
)


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A background map of the one-map platform or of 天地图: WMTS or WMS of the bureau's network.

    ``projection`` is ``EPSG:4490`` or ``EPSG:3857``; ``matrix`` the name of the WMTS matrix set.
    """

    name: str
    kind: str
    url: str
    layer: str = ""
    matrix: str = ""
    style: str = "default"
    format: str = "image/png"
    projection: str = "EPSG:4490"
    attribution: str = ""
    min_zoom: int = 0
    max_zoom: int = 18
    on: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and port of the service, for the content security policy."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything an installation may set; ``workspace`` and ``database`` come from outside."""

    workspace: Path
    database: str | None = None
    hosts: tuple[str, ...] = ("*",)
    office: Text = field(default_factory=lambda: Text("", ""))
    secure: bool = False
    trusted_proxies: int = 0
    public_view: bool = False
    session_idle_minutes: int = 120
    session_hours: int = 12
    password_length: int = 10
    password_days: int = 0
    lockout_failures: int = 5
    lockout_minutes: int = 30
    upload_mb: int = 200
    case_days: int = 5
    map_projection: str = "EPSG:4490"
    base_maps: tuple[BaseMap, ...] = ()
    oidc: Mapping[str, Any] = field(default_factory=dict)
    ldap: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, workspace: Path, database: str | None = None) -> Self:
        """Read ``web.toml`` of a workspace; everything has a default.

        Raises InputError E961 (not TOML) or E962 (an unknown key or a wrong value).
        """
        file = workspace / FILE_NAME
        try:
            data = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(
                "E961",
                Text(f"不是有效的 TOML：{error}", f"not TOML: {error}"),
                place=Place(file=str(file)),
            ) from error
        if unknown := sorted(data.keys() - _KEYS):
            raise _wrong(file, unknown[0], f"可用：{'、'.join(sorted(_KEYS))}")
        try:
            return cls(workspace=workspace, database=database, **_values(data))
        except (TypeError, ValueError, AttributeError) as error:
            raise _wrong(file, "", str(error)) from error

    @property
    def secret_key(self) -> str:
        """The key that signs sessions: from the environment, or made once for the workspace."""
        if given := os.environ.get("MINPLAN_SECRET_KEY"):
            return given
        file = self.workspace / _SECRET_NAME
        try:
            return file.read_text("ascii").strip()
        except OSError:
            self.workspace.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600, exist_ok=True)
            file.write_text(secrets.token_urlsafe(50), encoding="ascii")
            return file.read_text("ascii").strip()


@cache
def configuration() -> Configuration:
    """The configuration of this process, from MINPLAN_WORKSPACE and MINPLAN_DATABASE."""
    workspace = Path(os.environ.get("MINPLAN_WORKSPACE", "workspace")).absolute()
    return Configuration.load(workspace, os.environ.get("MINPLAN_DATABASE") or None)


def _values(data: Mapping[str, Any]) -> dict[str, Any]:
    session, password = data.get("session", {}), data.get("password", {})
    lockout, office = data.get("lockout", {}), data.get("office", "")
    named = office if isinstance(office, Mapping) else {"zh": office, "en": office}
    found: dict[str, Any] = {
        "hosts": tuple(data["hosts"]) if "hosts" in data else None,
        "office": Text(str(named["zh"]), str(named.get("en", named["zh"]))),
        "secure": data.get("secure"),
        "trusted_proxies": data.get("trusted-proxies"),
        "public_view": data.get("public-view"),
        "session_idle_minutes": session.get("idle-minutes"),
        "session_hours": session.get("hours"),
        "password_length": password.get("length"),
        "password_days": password.get("days"),
        "lockout_failures": lockout.get("failures"),
        "lockout_minutes": lockout.get("minutes"),
        "upload_mb": data.get("upload", {}).get("megabytes"),
        "case_days": data.get("case-days"),
        "map_projection": data.get("map", {}).get("projection"),
        "base_maps": tuple(_base_map(item) for item in data.get("base-map", ())),
        "oidc": data.get("oidc"),
        "ldap": data.get("ldap"),
    }
    return {key: value for key, value in found.items() if value is not None}


def _base_map(item: Mapping[str, Any]) -> BaseMap:
    return BaseMap(**{key.replace("-", "_"): value for key, value in item.items()})


def _wrong(file: Path, key: str, reason: str) -> InputError:
    return InputError(
        "E962",
        Text(f"设置项不对：{key}（{reason}）", f"a wrong setting: {key} ({reason})"),
        place=Place(file=str(file), field=key or None),
        hint=Text("见文档 how-to/serve", "see how-to/serve in the docs"),
    )
