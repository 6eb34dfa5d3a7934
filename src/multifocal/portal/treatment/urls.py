"""Addresses of the treatment section."""

from django.urls import path

from multifocal.portal.treatment import views

urlpatterns = [
    path("", views.page, {"audience": "family"}, name="treatment"),
    path("clinician/", views.page, {"audience": "clinician"}, name="treatment_clinician"),
    path("treatment.pdf", views.pdf, {"audience": "family"}, name="treatment_pdf"),
    path(
        "clinician/treatment.pdf",
        views.pdf,
        {"audience": "clinician"},
        name="treatment_clinician_pdf",
    ),
]
