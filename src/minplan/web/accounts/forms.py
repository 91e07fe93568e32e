"""Forms of logging in and of passwords."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from minplan.database.models import Account
from minplan.database.passwords import weaknesses
from minplan.web.configuration import configuration
from minplan.web.words import said, t


class LoginForm(forms.Form):
    """Name and password; the account found is ``account``."""

    username = forms.CharField(max_length=80)
    password = forms.CharField(max_length=200, strip=False)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.account: Account | None = None

    def clean(self) -> dict[str, Any]:
        """Look the account up; the message never says which of the two was wrong."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.account = authenticate(self.request, **given)
            if self.account is None:
                raise ValidationError(
                    t(
                        "账号或密码不对。连续多次失败后账号会暂时锁定。",
                        "The name or the password is wrong. Repeated failures lock the account"
                        " for a while.",
                    )
                )
        return given


class PasswordForm(forms.Form):
    """The old password and twice the new one."""

    old = forms.CharField(max_length=200, strip=False)
    new = forms.CharField(max_length=200, strip=False)
    again = forms.CharField(max_length=200, strip=False)

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_old(self) -> str:
        """The old password must be right."""
        given: str = self.cleaned_data["old"]
        if not self.account.check_password(given):
            raise ValidationError(t("原密码不对", "the old password is wrong"))
        return given

    def clean_new(self) -> str:
        """The new one must obey the policy."""
        given: str = self.cleaned_data["new"]
        found = weaknesses(given, self.account.username, configuration().password_length)
        if found:
            raise ValidationError([said(item) for item in found])
        if self.account.check_password(given):
            raise ValidationError(t("新密码与原密码相同", "the new password is the old one"))
        return given

    def clean(self) -> dict[str, Any]:
        """Both new ones must be equal."""
        given: dict[str, Any] = super().clean() or {}
        if "new" in given and given["new"] != given.get("again"):
            self.add_error("again", t("两次输入不同", "the two differ"))
        return given
