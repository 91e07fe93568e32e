"""How a name and a password become an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from minplan.database import accounts
from minplan.database.models import Account


class AccountBackend:
    """Accounts whose password this database keeps."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **other: Any
    ) -> Account | None:
        """The active account with this name and password."""
        return accounts.authenticate(username, password)

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session."""
        found: Account | None = Account.objects.filter(pk=user_id).first()
        return found
