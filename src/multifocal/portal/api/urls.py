"""Addresses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def soon(request: HttpRequest) -> HttpResponse:
    """Hold a place."""
    return render(request, "portal/base.html")


urlpatterns = [
    path("", soon, name="api"),
]
