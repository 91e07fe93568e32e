"""The administrator's pages: accounts and the audit chain."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from minplan.core.access import Permission
from minplan.core.plan.model import ZoneKind
from minplan.core.text import Text
from minplan.database import accounts
from minplan.database.models import Account, AuditEntry
from minplan.web.access import requires
from minplan.web.accounts.manage_forms import AccountForm
from minplan.web.desk import workspace
from minplan.web.jobs import registry
from minplan.web.words import t

_PAGE = 50


@requires(Permission.MANAGE_ACCOUNTS)
def listing(request: HttpRequest) -> HttpResponse:
    """All accounts."""
    return render(request, "accounts/list.html", {"accounts": accounts.listed()})


@requires(Permission.MANAGE_ACCOUNTS)
def new(request: HttpRequest) -> HttpResponse:
    """Make an account; its first password is generated and shown once."""
    form = AccountForm(request.POST or None, counties=_counties(), new=True)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        password = None if given["external"] else accounts.generated_password()
        accounts.register(
            given["username"],
            password,
            name=given["name"],
            roles=given["roles"],
            areas=given["areas"],
            external=given["external"],
            actor=request.access.actor,
            recorded=dt.datetime.now(dt.UTC),
            must_change_password=password is not None,
        )
        return _shown_once(request, given["username"], password)
    return _form(request, form, None)


@requires(Permission.MANAGE_ACCOUNTS)
def edit(request: HttpRequest, username: str) -> HttpResponse:
    """Change an account's name, roles and counties."""
    account = accounts.get(username)
    held = {name: getattr(account, name) for name in ("name", "roles", "areas")}
    form = AccountForm(request.POST or None, initial=held, counties=_counties(), new=False)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        accounts.change(
            account,
            actor=request.access.actor,
            recorded=dt.datetime.now(dt.UTC),
            name=given["name"],
            roles=given["roles"],
            areas=given["areas"],
        )
        messages.success(request, t("已保存", "Saved"))
        return redirect("accounts")
    return _form(request, form, account)


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def reset(request: HttpRequest, username: str) -> HttpResponse:
    """Generate a new password, shown once; it must be changed at the next login."""
    account, password = accounts.get(username), accounts.generated_password()
    accounts.set_password(
        account,
        password,
        actor=request.access.actor,
        recorded=dt.datetime.now(dt.UTC),
        must_change_password=True,
    )
    return _shown_once(request, username, password)


@require_POST
@requires(Permission.MANAGE_ACCOUNTS)
def close(request: HttpRequest, username: str) -> HttpResponse:
    """Close an account or open it again; its records stay."""
    account = accounts.get(username)
    accounts.change(
        account,
        actor=request.access.actor,
        recorded=dt.datetime.now(dt.UTC),
        is_active=not account.is_active,
    )
    return redirect("accounts")


@requires(Permission.READ_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """The audit chain, the newest entries first."""
    found = AuditEntry.objects.order_by("-number")
    actor, subject = request.GET.get("actor", ""), request.GET.get("subject", "")
    if actor:
        found = found.filter(actor=actor)
    if subject:
        found = found.filter(subject__startswith=subject)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "actor": actor, "subject": subject}
    return render(request, "accounts/audit.html", context)


@require_POST
@requires(Permission.READ_AUDIT)
def verify(request: HttpRequest) -> HttpResponse:
    """Recompute the whole chain in the background."""
    job = registry.start("verify-audit", Text("核对审计链", "Verify the audit chain"))
    return redirect("job", job.pk)


def _form(request: HttpRequest, form: AccountForm, account: Account | None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, "account": account}
    return render(request, "accounts/form.html", context, status=status)


def _shown_once(request: HttpRequest, username: str, password: str | None) -> HttpResponse:
    context: dict[str, Any] = {"username": username, "password": password}
    response = render(request, "accounts/made.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _counties() -> list[str]:
    plan = workspace().desk(dt.date.today()).plan
    return [zone.name for zone in plan.zones_of(ZoneKind.COUNTY)]
