"""Who asks, and their tokens."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from minplan.core.access import Permission
from minplan.database import accounts, tokens
from minplan.database.models import AccessToken, Account
from minplan.web.api.paging import keyed
from minplan.web.api.routes.common import Limit, allow, now
from minplan.web.api.schemas import AccountChange, AccountIn, Done, Listed, Me, TokenIn
from minplan.web.api.site import both

router = Router()


@router.get("/me", response=Me, summary=both("当前账号", "Who asks"))
def me(request: HttpRequest) -> dict[str, Any]:
    """The account, its roles and counties, and what it may do here."""
    token: AccessToken | None = getattr(request, "token", None)
    return {
        "username": request.user.username,
        "name": request.user.name,
        "roles": request.user.roles,
        "areas": request.user.areas,
        "permissions": sorted(item.value for item in request.access.permissions),
        "scopes": token.scopes if token else None,
    }


@router.get("/tokens", response=Listed, summary=both("本人的访问令牌", "One's own access tokens"))
def list_tokens(request: HttpRequest, limit: Limit = 100, cursor: str = "") -> dict[str, Any]:
    """Names, scopes and use; never the texts."""
    allow(request, Permission.READ)
    return keyed(tokens.listed(), lambda item: item.pk, _token, cursor, limit, falling=True)


@router.post(
    "/tokens", response={201: dict[str, Any]}, summary=both("新建访问令牌", "Make an access token")
)
def make_token(request: HttpRequest, data: TokenIn) -> Any:
    """With a session only; the text is in this answer and nowhere else."""
    allow(request, Permission.READ)
    text, token = tokens.make(data.name, data.scopes, days=data.days, recorded=now())
    return Status(201, {**_token(token), "token": text})


@router.delete(
    "/tokens/{identifier}", response=Done, summary=both("撤销访问令牌", "Revoke an access token")
)
def revoke_token(request: HttpRequest, identifier: int) -> dict[str, Any]:
    """Programs that use it stop working at once."""
    allow(request, Permission.READ)
    tokens.revoke(identifier, recorded=now())
    return {"done": True}


@router.get("/accounts", response=Listed, summary=both("全部账号", "All accounts"))
def list_accounts(request: HttpRequest, limit: Limit = 100, cursor: str = "") -> dict[str, Any]:
    """For administrators."""
    allow(request, Permission.MANAGE_ACCOUNTS)
    return keyed(accounts.listed(), lambda item: item.username, _account, cursor, limit)


@router.post(
    "/accounts", response={201: dict[str, Any]}, summary=both("新建账号", "Make an account")
)
def make_account(request: HttpRequest, response: HttpResponse, data: AccountIn) -> Any:
    """The first password is in this answer and nowhere else; it is changed at the first login."""
    access = allow(request, Permission.MANAGE_ACCOUNTS)
    response["Cache-Control"] = "no-store"
    password = None if data.external else accounts.generated_password()
    made = accounts.register(
        data.username,
        password,
        name=data.name,
        roles=data.roles,
        areas=data.areas,
        external=data.external,
        actor=access.actor,
        recorded=now(),
        must_change_password=password is not None,
    )
    return Status(201, {**_account(made), "password": password})


@router.patch(
    "/accounts/{username}", response=dict[str, Any], summary=both("修改账号", "Change an account")
)
def change_account(request: HttpRequest, username: str, data: AccountChange) -> dict[str, Any]:
    """Name, roles, counties; ``active`` false closes it, its records stay."""
    access = allow(request, Permission.MANAGE_ACCOUNTS)
    values = {key: value for key, value in data.dict().items() if value is not None}
    if "active" in values:
        values["is_active"] = values.pop("active")
    account = accounts.get(username)
    return _account(accounts.change(account, actor=access.actor, recorded=now(), **values))


@router.post(
    "/accounts/{username}/password",
    response=dict[str, Any],
    summary=both("重置密码", "Reset a password"),
)
def reset_password(request: HttpRequest, response: HttpResponse, username: str) -> dict[str, Any]:
    """A new one, in this answer and nowhere else; it must be changed at the next login."""
    access = allow(request, Permission.MANAGE_ACCOUNTS)
    response["Cache-Control"] = "no-store"
    password = accounts.generated_password()
    accounts.set_password(
        accounts.get(username),
        password,
        actor=access.actor,
        recorded=now(),
        must_change_password=True,
    )
    return {"username": username, "password": password}


def _token(item: AccessToken) -> dict[str, Any]:
    return {
        "id": item.pk,
        "name": item.name,
        "scopes": item.scopes,
        "created": item.created,
        "expires": item.expires,
        "last_used": item.last_used,
        "revoked": item.revoked,
    }


def _account(item: Account) -> dict[str, Any]:
    return {
        "username": item.username,
        "name": item.name,
        "roles": item.roles,
        "areas": item.areas,
        "active": item.is_active,
        "external": item.external,
    }
