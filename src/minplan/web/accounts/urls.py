"""Addresses of logging in and of accounts."""

from django.urls import path

from minplan.web.accounts import views

urlpatterns = [
    path("login", views.log_in, name="login"),
    path("logout", views.log_out, name="logout"),
    path("account/password", views.password, name="password"),
    path("account/language", views.language, name="language"),
]
