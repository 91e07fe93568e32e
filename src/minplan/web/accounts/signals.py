"""What happens at every login and lock-out, whichever way somebody came in."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in

from minplan.database import accounts
from minplan.database.models import Account
from minplan.web.middleware import SESSION_START


def connect() -> None:
    """Listen to Django's and the lock's signals."""
    user_logged_in.connect(_logged_in, dispatch_uid="minplan.login")
    user_locked_out.connect(_locked_out, dispatch_uid="minplan.lock")


def _logged_in(request: Any, user: Any, **other: Any) -> None:
    if not isinstance(user, Account):
        return
    request.session[SESSION_START] = time.time()
    accounts.note("login", user, recorded=dt.datetime.now(dt.UTC))


def _locked_out(request: Any, username: str, **other: Any) -> None:
    account = Account.objects.filter(username=username or "").first()
    if account is not None:
        accounts.note("lock", account, recorded=dt.datetime.now(dt.UTC))
