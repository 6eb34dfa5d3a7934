"""Addresses."""

from django.urls import path

from multifocal.portal.checker import views

urlpatterns = [
    path("", views.checker, name="checker"),
    path("now/", views.now, name="checker_now"),
    path("page-for-the-doctor/", views.sheet, name="checker_sheet"),
]
