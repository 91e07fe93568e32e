"""Django's settings for a directory (``[ldap]``) and an identity provider (``[oidc]``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

#: Keys of ``[ldap]`` and the settings of django-python3-ldap they stand for.
_LDAP: Final = {
    "url": "LDAP_AUTH_URL",
    "use-tls": "LDAP_AUTH_USE_TLS",
    "search-base": "LDAP_AUTH_SEARCH_BASE",
    "object-class": "LDAP_AUTH_OBJECT_CLASS",
    "active-directory-domain": "LDAP_AUTH_ACTIVE_DIRECTORY_DOMAIN",
    "bind-username": "LDAP_AUTH_CONNECTION_USERNAME",
    "bind-password": "LDAP_AUTH_CONNECTION_PASSWORD",
}
#: Keys of ``[oidc]`` and the settings of mozilla-django-oidc they stand for.
_OIDC: Final = {
    "client-id": "OIDC_RP_CLIENT_ID",
    "client-secret": "OIDC_RP_CLIENT_SECRET",
    "authorization-endpoint": "OIDC_OP_AUTHORIZATION_ENDPOINT",
    "token-endpoint": "OIDC_OP_TOKEN_ENDPOINT",
    "user-endpoint": "OIDC_OP_USER_ENDPOINT",
    "jwks-endpoint": "OIDC_OP_JWKS_ENDPOINT",
    "algorithm": "OIDC_RP_SIGN_ALGO",
    "scopes": "OIDC_RP_SCOPES",
}


def ldap_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings for the directory; empty when none is configured.

    ``username-attribute`` is ``uid`` (OpenLDAP) unless given; with an Active Directory domain it is
    ``sAMAccountName``. Raises ValueError for an unknown key.
    """
    if not given:
        return {}
    found = _named(given, _LDAP, {"username-attribute"})
    domain = "active-directory-domain" in given
    attribute = given.get("username-attribute", "sAMAccountName" if domain else "uid")
    style = "active_directory" if domain else "openldap"
    return {
        **found,
        # ask each server once: by default a directory that is down would be asked for ever
        "LDAP_AUTH_POOL_ACTIVE": 1,
        "LDAP_AUTH_CONNECT_TIMEOUT": 5,
        "LDAP_AUTH_RECEIVE_TIMEOUT": 5,
        "LDAP_AUTH_USER_FIELDS": {"username": attribute},
        "LDAP_AUTH_USER_LOOKUP_FIELDS": ("username",),
        "LDAP_AUTH_FORMAT_USERNAME": f"django_python3_ldap.utils.format_username_{style}",
    }


def oidc_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings for the identity provider; empty when none is configured."""
    if not given:
        return {}
    found = _named(given, _OIDC, {"claim", "label"})
    return {
        "OIDC_RP_SIGN_ALGO": "RS256",
        "OIDC_RP_SCOPES": "openid profile",
        **found,
        "OIDC_CREATE_USER": False,
        "OIDC_USE_PKCE": True,
        "OIDC_TIMEOUT": 10,
        "LOGIN_REDIRECT_URL_FAILURE": "/login?refused=1",
    }


def backends(ldap: Mapping[str, Any], oidc: Mapping[str, Any]) -> list[str]:
    """How names become accounts, in the order they are asked."""
    return [
        "axes.backends.AxesStandaloneBackend",
        "minplan.web.accounts.backends.AccountBackend",
        *(["minplan.web.accounts.ldap.LdapBackend"] if ldap else []),
        *(["minplan.web.accounts.oidc.OidcBackend"] if oidc else []),
    ]


def _named(given: Mapping[str, Any], names: Mapping[str, str], others: set[str]) -> dict[str, Any]:
    if unknown := given.keys() - names.keys() - others:
        raise ValueError(f"{', '.join(sorted(unknown))}: one of {', '.join(sorted(names))}")
    return {names[key]: value for key, value in given.items() if key in names}
