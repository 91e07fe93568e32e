"""Addresses of logging in and of accounts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from minplan.web.accounts import manage, views
from minplan.web.configuration import configuration

urlpatterns = [
    path("login", views.log_in, name="login"),
    path("logout", views.log_out, name="logout"),
    path("account/password", views.password, name="password"),
    path("account/language", views.language, name="language"),
    path("accounts", manage.listing, name="accounts"),
    path("accounts/new", manage.new, name="account-new"),
    path("accounts/<str:username>", manage.edit, name="account"),
    path("accounts/<str:username>/password", manage.reset, name="account-reset"),
    path("accounts/<str:username>/close", manage.close, name="account-close"),
    path("audit", manage.audit, name="audit"),
    path("audit/verify", manage.verify, name="audit-verify"),
]

if configuration().oidc:
    from mozilla_django_oidc.views import (
        OIDCAuthenticationCallbackView,
        OIDCAuthenticationRequestView,
    )

    urlpatterns += [
        path(
            "login/oidc",
            login_not_required(OIDCAuthenticationRequestView.as_view()),
            name="oidc_authentication_init",
        ),
        path(
            "login/oidc/callback",
            login_not_required(OIDCAuthenticationCallbackView.as_view()),
            name="oidc_authentication_callback",
        ),
    ]
