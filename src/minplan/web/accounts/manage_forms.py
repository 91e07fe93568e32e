"""Forms of the administrator."""

from __future__ import annotations

from typing import Any

from django import forms

from minplan.core.access import Role
from minplan.web.configuration import configuration
from minplan.web.words import said, t

_ROLES = [role for role in Role if role is not Role.PUBLIC]


class AccountForm(forms.Form):
    """An account's name, roles and counties; ``username`` and ``external`` only when it is new."""

    username = forms.CharField(max_length=80, required=False)
    name = forms.CharField(max_length=120)
    roles = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    areas = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    external = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, counties: list[str], new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.new = new
        self.fields["roles"].choices = [(role.value, said(role.word)) for role in _ROLES]
        self.fields["areas"].choices = [(name, name) for name in counties]
        known = [("", t("本系统的密码", "a password of this system"))]
        if configuration().ldap:
            known.append(("ldap", t("单位目录（LDAP）", "the directory (LDAP)")))
        if configuration().oidc:
            known.append(("oidc", t("统一身份认证（OIDC）", "the identity provider (OIDC)")))
        self.fields["external"].choices = known

    def clean(self) -> dict[str, Any]:
        """A county account needs its counties."""
        given: dict[str, Any] = super().clean() or {}
        if self.new and not given.get("username"):
            self.add_error("username", t("请填写账号名", "give the account's name"))
        if Role.COUNTY in given.get("roles", ()) and not given.get("areas"):
            self.add_error(
                "areas", t("县区账号须选择所辖县（区）", "a county account needs its counties")
            )
        return given
