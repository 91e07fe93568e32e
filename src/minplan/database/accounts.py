"""Accounts (账号) and access tokens: made, changed and closed here only, each step in the audit."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Iterable
from typing import Any, Final

from django.contrib.auth.hashers import check_password, make_password

from minplan.core.access import Role
from minplan.core.errors import Place, StoreError
from minplan.core.text import Text
from minplan.database import chain
from minplan.database.guards import writing
from minplan.database.models import AccessToken, Account
from minplan.database.times import recorded_time

_HASHER: Final = "argon2"
_USERNAME: Final = re.compile(r"[\w.@-]{2,80}")
_TOKEN_BYTES: Final = 32
#: Letters and digits that are not taken for each other when read aloud or copied by hand.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def register(
    username: str,
    password: str | None,
    *,
    name: str = "",
    roles: Iterable[str],
    areas: Iterable[str] = (),
    actor: str,
    recorded: dt.datetime,
    must_change_password: bool = False,
    external: str = "",
) -> Account:
    """Make an account; ``password`` None for one that another directory vouches for.

    Raises StoreError E841 (no usable name), E842 (the name is taken), E843 (unknown role).
    """
    if not _USERNAME.fullmatch(username):
        raise StoreError(
            "E841",
            Text(f"账号名“{username}”不可用", f"“{username}” cannot be an account name"),
            place=Place(field="username"),
            hint=Text("用 2–80 个字母、数字或 . _ - @", "use 2–80 letters, digits or . _ - @"),
        )
    given = _known_roles(roles)
    with writing():
        if Account.objects.filter(username=username).exists():
            raise StoreError(
                "E842",
                Text(f"账号“{username}”已存在", f"the account “{username}” exists"),
                place=Place(field="username"),
            )
        account = Account.objects.create(
            username=username,
            name=name or username,
            password=make_password(password, hasher=_HASHER),
            roles=given,
            areas=sorted(set(areas)),
            must_change_password=must_change_password,
            password_changed=recorded_time(recorded) if password else None,
            external=external,
            registered=recorded_time(recorded),
        )
        _tell("account.register", account, _described(account), actor, recorded)
    return account


def change(account: Account, *, actor: str, recorded: dt.datetime, **values: Any) -> Account:
    """Change the name, roles, areas, language or whether the account is active."""
    if unknown := values.keys() - {"name", "roles", "areas", "language", "is_active"}:
        raise TypeError(f"no such property of an account: {', '.join(sorted(unknown))}")
    if "roles" in values:
        values["roles"] = _known_roles(values["roles"])
    if "areas" in values:
        values["areas"] = sorted(set(values["areas"]))
    with writing():
        fresh = Account.objects.get(pk=account.pk)
        for name, value in values.items():
            setattr(fresh, name, value)
        _require_administrator(fresh)
        fresh.save(update_fields=[*values])
        if values.keys() != {"language"}:
            _tell("account.change", fresh, _described(fresh), actor, recorded)
    return fresh


def set_password(
    account: Account,
    password: str,
    *,
    actor: str,
    recorded: dt.datetime,
    must_change_password: bool = False,
) -> Account:
    """Give an account a new password; the caller has checked it against the policy."""
    with writing():
        fresh = Account.objects.get(pk=account.pk)
        fresh.password = make_password(password, hasher=_HASHER)
        fresh.must_change_password = must_change_password
        fresh.password_changed = recorded_time(recorded)
        fresh.save(update_fields=["password", "must_change_password", "password_changed"])
        _tell("account.password", fresh, {}, actor, recorded)
    return fresh


def authenticate(username: str, password: str) -> Account | None:
    """The active account with this name and password, or None; takes as long for unknown names."""
    account = Account.objects.filter(username=username).first()
    if account is None:
        make_password(password, hasher=_HASHER)
        return None
    right = check_password(password, account.password)
    return account if right and account.is_active else None


def note(action: str, account: Account, *, recorded: dt.datetime, **content: Any) -> None:
    """Tell the audit chain of a login, a logout or a lock-out."""
    with writing():
        _tell(f"account.{action}", account, content, account.username, recorded)


def get(username: str) -> Account:
    """The account with this name (StoreError E811 when there is none)."""
    found = Account.objects.filter(username=username).first()
    if found is None:
        raise StoreError("E811", Text(f"没有账号 {username}", f"no account {username}"))
    return found


def listed() -> tuple[Account, ...]:
    """All accounts, by name."""
    return tuple(Account.objects.order_by("username"))


def generated_password(length: int = 14) -> str:
    """A password of random letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def make_token(
    account: Account,
    name: str,
    scopes: Iterable[str],
    *,
    recorded: dt.datetime,
    expires: dt.datetime | None = None,
) -> tuple[str, AccessToken]:
    """A token for a program; the text is shown once, only its hash is kept."""
    text = f"mp_{secrets.token_urlsafe(_TOKEN_BYTES)}"
    with writing():
        token = AccessToken.objects.create(
            account=account,
            name=name,
            sha256=_hash(text),
            scopes=sorted(set(scopes)),
            created=recorded_time(recorded),
            expires=expires,
        )
        content = {"token": token.pk, "name": name, "scopes": token.scopes}
        _tell("account.token", account, content, account.username, recorded)
    return text, token


def token_holder(text: str, recorded: dt.datetime) -> tuple[Account, AccessToken] | None:
    """The active account that a valid token stands for, and the token."""
    token = AccessToken.objects.select_related("account").filter(sha256=_hash(text)).first()
    if token is None or token.revoked is not None or not token.account.is_active:
        return None
    if token.expires is not None and token.expires <= recorded:
        return None
    return token.account, token


def revoke_token(token: AccessToken, *, actor: str, recorded: dt.datetime) -> None:
    """End a token; twice is once."""
    with writing():
        if token.revoked is None:
            token.revoked = recorded_time(recorded)
            token.save(update_fields=["revoked"])
            _tell("account.revoke-token", token.account, {"token": token.pk}, actor, recorded)


def _known_roles(roles: Iterable[str]) -> list[str]:
    given = sorted(set(roles))
    known = [role.value for role in Role if role is not Role.PUBLIC]
    if unknown := [role for role in given if role not in known]:
        raise StoreError(
            "E843",
            Text(f"没有角色 {'、'.join(unknown)}", f"no such role: {', '.join(unknown)}"),
            hint=Text(f"可用：{'、'.join(known)}", f"one of {', '.join(known)}"),
        )
    return given


def _require_administrator(account: Account) -> None:
    """Refuse a change after which nobody could manage accounts any more."""
    if account.is_active and Role.ADMINISTRATOR in account.roles:
        return
    before = Account.objects.filter(is_active=True).exclude(pk=account.pk)
    if any(Role.ADMINISTRATOR in other.roles for other in before):
        return
    if Role.ADMINISTRATOR not in Account.objects.get(pk=account.pk).roles:
        return
    raise StoreError(
        "E844",
        Text("这是最后一个管理员账号", "this is the last administrator"),
        hint=Text("先让另一个账号成为管理员", "make another account an administrator first"),
    )


def _described(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "roles": account.roles,
        "areas": account.areas,
        "is_active": account.is_active,
        "external": account.external,
    }


def _tell(
    action: str, account: Account, content: dict[str, Any], actor: str, recorded: dt.datetime
) -> None:
    chain.record(action, f"account:{account.username}", content, actor=actor, recorded=recorded)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
