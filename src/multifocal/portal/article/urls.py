"""Addresses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def soon(request: HttpRequest) -> HttpResponse:
    """Hold a place."""
    return render(request, "portal/base.html")


urlpatterns = [
    path("", soon, name="home"),
    path("article/", soon, name="article"),
    path("urgent/", soon, name="urgent"),
    path("bones/", soon, name="regions"),
    path("conditions/", soon, name="conditions"),
    path("normal/", soon, name="atlas"),
    path("disagreements/", soon, name="disagreements"),
    path("sources/", soon, name="sources"),
    path("not-verified/", soon, name="not_verified"),
    path("search/", soon, name="search"),
]
