"""Logging in through the identity provider of the bureau or the government cloud (OpenID Connect).

As with a directory, accounts are registered here (``external`` = ``oidc``); the provider's claim
named in ``web.toml`` (``claim``, by default ``preferred_username``) says which one it is.
"""

from __future__ import annotations

from typing import Any

from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from minplan.database.models import Account
from minplan.web.configuration import configuration

EXTERNAL = "oidc"


class OidcBackend(OIDCAuthenticationBackend):
    """Accounts of the provider; needs the extra ``minplan[oidc]`` and ``[oidc]`` in web.toml."""

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        """The provider must say who it is."""
        return bool(claims.get(_claim()))

    def filter_users_by_claims(self, claims: dict[str, Any]) -> Any:
        """The registered account with the provider's name."""
        return Account.objects.filter(
            username=claims.get(_claim(), ""), external=EXTERNAL, is_active=True
        )

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session."""
        found: Account | None = Account.objects.filter(pk=user_id).first()
        return found


def _claim() -> str:
    return str(configuration().oidc.get("claim", "preferred_username"))
