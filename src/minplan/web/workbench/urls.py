"""Address of the first page."""

from django.urls import path

from minplan.web.workbench import views

urlpatterns = [path("", views.workbench, name="workbench")]
