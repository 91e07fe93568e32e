"""A site of its own for every module, asked through Django's client."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.sites import opened

SignIn = Callable[[str], Client]


@pytest.fixture(scope="module")
def site(built_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace this module may write into; nobody named means the public, as when serving."""
    from minplan.core.access import Access
    from minplan.database import acting

    folder = Path(shutil.copytree(built_site, tmp_path_factory.mktemp("site") / "workspace"))
    with opened(folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr(acting, "_default", [Access.public()])
        yield folder


@pytest.fixture
def anonymous(site: Path) -> Client:
    """Somebody who has not logged in."""
    return Client()


@pytest.fixture
def sign_in(site: Path) -> SignIn:
    """``sign_in("kuangquan")``: a client of that account (see ``tests.sites.ACCOUNTS``)."""

    def enter(username: str) -> Client:
        from minplan.database.models import Account
        from minplan.web.middleware import SESSION_START

        client = Client()
        client.force_login(
            Account.objects.get(username=username),
            backend="minplan.web.accounts.backends.AccountBackend",
        )
        session = client.session
        session[SESSION_START] = time.time()
        session.save()
        return client

    return enter


@pytest.fixture
def system(site: Path) -> Iterator[None]:
    """Act as the program itself, to look behind the pages."""
    from minplan.core.access import Access
    from minplan.database.acting import act_as

    with act_as(Access.of_system("test")):
        yield
