"""Addresses."""

from django.urls import path

from multifocal.portal.accounts import views

urlpatterns = [
    path("", views.overview, name="account"),
    path("export/", views.export, name="account_export"),
    path("delete/", views.delete, name="account_delete"),
    path("deleted/", views.deleted, name="account_deleted"),
]
