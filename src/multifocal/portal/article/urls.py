"""Addresses."""

from django.urls import path

from multifocal.portal.article import views

urlpatterns = [
    path("", views.home, name="home"),
    path("article/", views.article, name="article"),
    path("article/clinician/", views.article, {"audience": "clinician"}, name="article_clinician"),
    path("urgent/", views.urgent, name="urgent"),
    path("bones/", views.regions, name="regions"),
    path("bones/right-hand/", views.right_hand, name="right_hand"),
    path("bones/<slug:name>/", views.region, name="region"),
    path("conditions/", views.conditions, name="conditions"),
    path("conditions/<slug:name>/", views.condition, name="condition"),
    path("normal/", views.atlas, name="atlas"),
    path("disagreements/", views.disagreements, name="disagreements"),
    path("numbers/", views.numbers, name="numbers"),
    path("sources/", views.sources, name="sources"),
    path("not-verified/", views.not_verified, name="not_verified"),
    path("about/", views.about, name="about"),
    path("search/", views.search, name="search"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]
