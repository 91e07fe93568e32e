"""Logging in and out, the own password, the language."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from minplan.database import accounts
from minplan.web.accounts.forms import LoginForm, PasswordForm
from minplan.web.configuration import configuration
from minplan.web.middleware import LANGUAGE_COOKIE
from minplan.web.words import t


@login_not_required
def log_in(request: HttpRequest) -> HttpResponse:
    """The login page."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = LoginForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.account:
        login(request, form.account)
        return redirect(_next(request))
    status = 200 if request.method == "GET" else 401
    context = {
        "form": form,
        "next": request.GET.get("next", ""),
        "oidc": configuration().oidc,
        "refused": "refused" in request.GET,
    }
    return render(request, "accounts/login.html", context, status=status)


@login_not_required
def locked_out(
    request: HttpRequest, response: Any = None, credentials: Any = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """What somebody sees whose name is locked after repeated failures."""
    context = {"minutes": configuration().lockout_minutes}
    return render(request, "accounts/locked.html", context, status=429)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("login")


def password(request: HttpRequest) -> HttpResponse:
    """Change the own password."""
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = dt.datetime.now(dt.UTC)
        fresh = accounts.set_password(
            request.user, form.cleaned_data["new"], actor=request.user.username, recorded=now
        )
        update_session_auth_hash(request, fresh)
        messages.success(request, t("密码已更改", "The password was changed"))
        return redirect("workbench")
    status = 200 if request.method == "GET" else 422
    return render(request, "accounts/password.html", {"form": form}, status=status)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language, for this browser and for the account."""
    chosen = "en" if request.POST.get("language") == "en" else "zh"
    if request.user.is_authenticated:
        now = dt.datetime.now(dt.UTC)
        accounts.change(request.user, actor=request.user.username, recorded=now, language=chosen)
    response = redirect(_next(request))
    response.set_cookie(
        LANGUAGE_COOKIE,
        chosen,
        max_age=365 * 86_400,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this application or the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return str(wanted)
    return str(resolve_url(settings.LOGIN_REDIRECT_URL))
