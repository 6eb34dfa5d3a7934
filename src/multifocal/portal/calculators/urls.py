"""Addresses."""

from django.urls import path

from multifocal.portal.calculators import views

urlpatterns = [
    path("", views.scores, name="scores"),
    path("<slug:which>/", views.calculator, name="score"),
]
