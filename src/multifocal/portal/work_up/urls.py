"""Addresses."""

from django.urls import path

from multifocal.portal.work_up import views

urlpatterns = [
    path("", views.start, name="work_up"),
    path("report/", views.from_file, name="work_up_file"),
    path("report/again/", views.again, name="work_up_again"),
    path("example/<slug:name>/", views.example, name="work_up_example"),
    path("form/", views.short_form, name="work_up_form"),
]
