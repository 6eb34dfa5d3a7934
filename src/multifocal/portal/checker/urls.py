"""Addresses. None holds an answer: a step goes by its number."""

from django.urls import path

from multifocal.portal.checker import views

urlpatterns = [
    path("", views.start, name="checker"),
    path("<int:number>/", views.step, name="checker_step"),
    path("map/", views.on_map, name="checker_map"),
    path("tests/", views.tests, name="checker_tests"),
    path("result/", views.result, name="checker_result"),
    path("country/", views.country, name="checker_country"),
    path("again/", views.anew, name="checker_anew"),
    path("page-for-the-doctor/", views.sheet, name="checker_sheet"),
]
