"""Roles (角色), what each may do, and the value that says who is acting."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Final, Self

from minplan.core.errors import MinplanError
from minplan.core.text import Term, Text


class Role(Term):
    """What a person is in the bureau (角色)."""

    PLANNING = "planning", "规划管理", "planning"
    RIGHTS = "rights", "矿业权管理", "mining rights"
    RESERVES = "reserves", "储量统计", "reserves and statistics"
    RESTORATION = "restoration", "生态修复", "restoration"
    COUNTY = "county", "县区", "county"
    LEADER = "leader", "领导", "leader"
    ADMINISTRATOR = "administrator", "管理员", "administrator"
    PUBLIC = "public", "公众", "public"


class Permission(Term):
    """What somebody may do (权限)."""

    READ_PUBLISHED = "read-published", "查看公开内容", "read what is published"
    READ = "read", "查看业务数据", "read working data"
    READ_RESTRICTED = "read-restricted", "查看受限图层", "read restricted layers"
    REVIEW = "review", "发起审查", "open reviews"
    FIRST_CHECK = "first-check", "初审", "first check"
    SECOND_CHECK = "second-check", "复核", "second check"
    SIGN = "sign", "签发", "sign"
    ARCHIVE = "archive", "归档", "archive"
    EDIT_PLAN = "edit-plan", "编辑分区与区块", "edit zones and blocks"
    APPROVE_PLAN = "approve-plan", "批准规划变更", "approve changes of the plan"
    EDIT_BLOCK_STATE = "edit-block-state", "登记区块进展", "register progress of blocks"
    MANAGE_DELIVERABLES = "manage-deliverables", "管理规划成果", "manage deliverables"
    MANAGE_LAYERS = "manage-layers", "管理管控图层", "manage constraint layers"
    EXPORT = "export", "导出数据", "export data"
    DOWNLOAD = "download", "下载成果", "download deliverables"
    MANAGE_ACCOUNTS = "manage-accounts", "管理账号", "manage accounts"
    READ_AUDIT = "read-audit", "查看审计记录", "read the audit chain"


@dataclass(frozen=True, slots=True)
class Access:
    """Who acts: the name written into records, roles, and the counties (县区) it is limited to.

    ``areas`` empty means the whole region. ``system`` is the program itself: the command line of
    somebody who holds the files, a migration, a job of nobody's. ``only`` narrows what the roles
    allow, as the scopes of a token do (None: not narrowed).
    """

    actor: str
    roles: frozenset[Role] = frozenset()
    areas: frozenset[str] = frozenset()
    system: bool = False
    only: frozenset[Permission] | None = None

    @classmethod
    def of(cls, actor: str, roles: Iterable[str], areas: Iterable[str] = ()) -> Self:
        """The access of an account; unknown roles are ignored, so that they grant nothing."""
        known = {role.value for role in Role}
        return cls(actor, frozenset(Role(r) for r in roles if r in known), frozenset(areas))

    @classmethod
    def public(cls) -> Self:
        """Somebody who has not logged in."""
        return cls("public", frozenset({Role.PUBLIC}))

    @classmethod
    def of_system(cls, actor: str = "minplan") -> Self:
        """The program itself."""
        return cls(actor, system=True)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything the roles allow, together."""
        if self.system:
            return frozenset(Permission)
        granted = self._granted
        return granted if self.only is None else granted & self.only

    @property
    def _granted(self) -> frozenset[Permission]:
        return frozenset().union(*(_permissions()[role] for role in self.roles))

    def limited_to(self, permissions: frozenset[Permission]) -> Self:
        """The same account allowed nothing but these permissions, of those it holds."""
        return replace(self, only=permissions)

    @property
    def is_public(self) -> bool:
        """Whether only what is published may be seen."""
        return not self.system and Permission.READ not in self.permissions

    @property
    def is_limited(self) -> bool:
        """Whether only some counties may be seen and edited.

        A county account without any county sees nothing of its own rather than everything.
        """
        return not self.system and (bool(self.areas) or self.roles == {Role.COUNTY})

    def may(self, permission: Permission, area: str | None = None) -> bool:
        """Whether ``permission`` is held, and for ``area`` where one is named."""
        return permission in self.permissions and (area is None or self.covers(area))

    def covers(self, area: str) -> bool:
        """Whether a county is within what this access is limited to."""
        return not self.is_limited or area in self.areas

    def require(self, permission: Permission, area: str | None = None) -> None:
        """Raise Forbidden (E951, E952) unless :meth:`may`."""
        if permission not in self.permissions:
            if self.only is not None and permission in self._granted:
                raise _out_of_scope(permission)
            raise Forbidden(
                "E951",
                Text(
                    f"当前账号没有“{permission.word.zh}”权限",
                    f"this account may not {permission.word.en}",
                ),
                hint=Text(
                    f"具备该权限的角色：{'、'.join(r.word.zh for r in roles_with(permission))}",
                    f"roles that may: {', '.join(r.word.en for r in roles_with(permission))}",
                ),
            )
        if area is not None and not self.covers(area):
            raise Forbidden(
                "E952",
                Text(f"当前账号不管理{area or '未填县区的事项'}", "not within this account's area"),
                hint=Text(
                    f"本账号的范围：{'、'.join(sorted(self.areas)) or '未设置'}",
                    f"this account's area: {', '.join(sorted(self.areas)) or 'none'}",
                ),
            )


class Forbidden(MinplanError):
    """The acting account may not do this, or not here."""


def _out_of_scope(permission: Permission) -> Forbidden:
    return Forbidden(
        "E892",
        Text(
            f"这个令牌的范围不含“{permission.word.zh}”",
            f"the scopes of this token do not let it {permission.word.en}",
        ),
        hint=Text("新建一个范围更大的令牌", "make a token with more scopes"),
    )


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The roles that hold a permission."""
    return tuple(role for role in Role if permission in _permissions()[role])


def restricted_layers() -> frozenset[str]:
    """Constraint layers that need the permission to read restricted ones."""
    return frozenset(_table()["restricted-layers"])


def published_layers() -> frozenset[str]:
    """Layers of the plan (codes of the standard) that the public may see."""
    return frozenset(_table()["published-layers"])


def published_documents() -> frozenset[str]:
    """Documents of a plan (codes of the standard) that the public may see."""
    return frozenset(_table()["published-documents"])


def restricted_documents() -> frozenset[str]:
    """Documents of a plan that need the permission to read restricted layers."""
    return frozenset(_table()["restricted-documents"])


@cache
def _table() -> dict[str, list[str]]:
    text = (resources.files(__package__) / "roles.toml").read_text("utf-8")
    return dict(tomllib.loads(text))


@cache
def _permissions() -> dict[Role, frozenset[Permission]]:
    granted: dict[str, list[str]] = _table()["roles"]  # type: ignore[assignment]
    return {role: frozenset(map(Permission, granted.get(role.value, ()))) for role in Role}


#: Who acts where nobody has said so: the holder of the files.
SYSTEM: Final = Access.of_system()
