"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from multifocal.portal import health

handler400 = "multifocal.portal.errors.bad_request"
handler403 = "multifocal.portal.errors.forbidden"
handler404 = "multifocal.portal.errors.not_found"
handler500 = "multifocal.portal.errors.failed"

urlpatterns = [
    path("", include("multifocal.portal.article.urls")),
    path("scores/", include("multifocal.portal.calculators.urls")),
    path("work-up/", include("multifocal.portal.work_up.urls")),
    path("checker/", include("multifocal.portal.checker.urls")),
    path("treatment/", include("multifocal.portal.treatment.urls")),
    path("account/", include("multifocal.portal.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("", include("multifocal.portal.care.urls")),
    path("api/", include("multifocal.portal.api.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
