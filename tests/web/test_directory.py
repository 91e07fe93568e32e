"""Logging in with the password of the bureau's directory: a real OpenLDAP server."""

from __future__ import annotations

import importlib.util
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from tests.sites import NOW

from minplan.web.directories import ldap_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    spec = importlib.util.spec_from_file_location("minplan_directory", ROOT / "tools/directory.py")
    assert spec is not None
    assert spec.loader is not None
    tool: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        with tool.directory(port, {"zhang": "of-the-directory", "nobody": "secret"}) as found:
            yield found
    except tool.Unavailable as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"OpenLDAP is needed here: {error}")
        pytest.skip(f"OpenLDAP unavailable: {error}")


@pytest.mark.usefixtures("site")
def test_the_directory_vouches_for_registered_accounts_only(address: str) -> None:
    from minplan.database import accounts
    from minplan.web.accounts.ldap import LdapBackend

    accounts.register(
        "zhang", None, roles=["planning"], actor="test", recorded=NOW, external="ldap"
    )
    given = {"url": [address], "search-base": "ou=people,dc=bureau,dc=test"}
    with override_settings(**ldap_settings(given)):
        backend = LdapBackend()
        found = backend.authenticate(None, "zhang", "of-the-directory")
        assert found is not None
        assert found.username == "zhang"
        assert backend.authenticate(None, "zhang", "wrong") is None
        assert backend.authenticate(None, "zhang", "") is None
        # known to the directory, not registered here
        assert backend.authenticate(None, "nobody", "secret") is None
        # registered here with a password of its own: the directory is not asked
        assert backend.authenticate(None, "guihua", "of-the-directory") is None


@pytest.mark.usefixtures("site")
def test_a_directory_that_does_not_answer_lets_nobody_in() -> None:
    from minplan.web.accounts.ldap import LdapBackend

    given = {"url": ["ldap://127.0.0.1:1"], "search-base": "ou=people,dc=bureau,dc=test"}
    with override_settings(**ldap_settings(given)):
        assert LdapBackend().authenticate(None, "zhang", "of-the-directory") is None


def test_unknown_keys_are_told() -> None:
    with pytest.raises(ValueError, match="serch-base"):
        ldap_settings({"url": "ldap://x", "serch-base": "dc=x"})
