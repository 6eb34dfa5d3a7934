"""Addresses of the API."""

from django.urls import path

from multifocal.portal.api.pages import page
from multifocal.portal.api.views import api

urlpatterns = [path("", page, name="api"), path("v1/", api.urls)]
