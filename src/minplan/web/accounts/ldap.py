"""Passwords that the bureau's directory (LDAP, Active Directory) vouches for.

The account itself, its roles and counties are kept here: an administrator registers it as one of
the directory (``external`` = ``ldap``); the directory only says whether the password is right.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django_python3_ldap import ldap

from minplan.database.models import Account
from minplan.web.accounts.backends import AccountBackend

EXTERNAL = "ldap"


class LdapBackend(AccountBackend):
    """Accounts of the directory; needs the extra ``minplan[ldap]`` and ``[ldap]`` in web.toml."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **other: Any
    ) -> Account | None:
        """The registered account, if the directory accepts the name and the password."""
        account: Account | None = Account.objects.filter(
            username=username, external=EXTERNAL, is_active=True
        ).first()
        if account is None or not password:
            return None
        with ldap.connection(username=username, password=password) as directory:
            # None: the directory refused the password or could not be reached
            found = directory is not None and directory.has_user(username=username)
        return account if found else None
