"""Accounts of people, and the tokens their programs use."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from minplan.core.access import Access, Permission, Role
from minplan.database.fields import JSONTextField
from minplan.database.guards import GuardedModel, GuardedQuerySet


class AccountManager(BaseUserManager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    """Reads accounts; they are written by ``minplan.database.accounts`` only."""


class Account(GuardedModel, AbstractBaseUser):
    """Somebody who logs in (账号): what they are, and the counties they are limited to.

    ``roles`` are keys of :class:`~minplan.core.access.Role`, ``areas`` names of counties as the
    plan writes them (empty: the whole region). ``external`` names the directory that vouches for
    the password (empty: this database).
    """

    last_login = None  # the audit chain tells of every login

    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    roles = JSONTextField()
    areas = JSONTextField()
    language = models.CharField(max_length=2, default="zh")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed = models.DateTimeField(null=True)
    external = models.CharField(max_length=20, default="")
    registered = models.DateTimeField()

    USERNAME_FIELD: Final = "username"
    REQUIRED_FIELDS: Final[list[str]] = []

    objects = AccountManager()

    class Meta:
        """Also what relations use is guarded."""

        base_manager_name = "objects"
        default_manager_name = "objects"

    @property
    def access(self) -> Access:
        """What the account may do and where."""
        if not self.is_active:
            return Access.public()
        return Access.of(self.username, self.roles, self.areas)

    @property
    def role_words(self) -> tuple[Any, ...]:
        """The roles as people say them."""
        known = {role.value: role for role in Role}
        return tuple(known[item].word for item in self.roles if item in known)

    def may(self, permission: Permission | str) -> bool:
        """Whether the account holds a permission."""
        return self.access.may(Permission(permission))

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password; a hash of an older method is kept as it is."""
        from django.contrib.auth.hashers import check_password  # noqa: PLC0415

        return bool(check_password(raw_password, self.password))


class AccessToken(GuardedModel):
    """A token with which a program acts for an account (访问令牌); only its hash is kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = JSONTextField()
    created = models.DateTimeField()
    expires = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)


class SavedItem(GuardedModel):
    """A view of the map or a query somebody keeps (保存的视图、查询).

    ``shared`` items are offered to everybody who may read; ``removed`` ones to nobody.
    """

    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="saved")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    content = JSONTextField()
    shared = models.BooleanField(default=False)
    recorded = models.DateTimeField()
    removed = models.DateTimeField(null=True)
