"""Addresses."""

from django.urls import path

from multifocal.portal.care import children, clinics

CHILD = "children/<uuid:child>/"
CLINIC = "clinics/<uuid:clinic>/"

urlpatterns = [
    path("children/", children.children, name="children"),
    path("children/add/", children.add, name="child_add"),
    path(CHILD, children.child, name="child"),
    path(f"{CHILD}seen/", children.seen, name="child_seen"),
    path(f"{CHILD}guardians/invite/", children.invite_guardian, name="child_invite_guardian"),
    path(
        f"{CHILD}guardians/<uuid:guardianship>/end/",
        children.end_guardian,
        name="child_end_guardian",
    ),
    path(
        f"{CHILD}guardians/<uuid:guardianship>/review/",
        children.review_guardian,
        name="child_review_guardian",
    ),
    path(
        f"{CHILD}young-person/invite/",
        children.invite_young_person,
        name="child_invite_young_person",
    ),
    path(f"{CHILD}young-person/end/", children.end_young_person, name="child_end_young_person"),
    path(
        f"{CHILD}invitations/<uuid:invitation>/withdraw/",
        children.withdraw_invitation,
        name="child_withdraw_invitation",
    ),
    path(f"{CHILD}consents/<str:kind>/give/", children.give_consent, name="child_give_consent"),
    path(
        f"{CHILD}consents/<str:kind>/withdraw/",
        children.withdraw_consent,
        name="child_withdraw_consent",
    ),
    path(f"{CHILD}clinics/add/", children.grant_care, name="child_grant_care"),
    path(f"{CHILD}clinics/<uuid:care>/end/", children.end_care, name="child_end_care"),
    path("clinics/", clinics.clinics, name="clinics"),
    path(f"{CLINIC}members/", clinics.members, name="clinic_members"),
    path(f"{CLINIC}members/invite/", clinics.invite_member, name="clinic_invite_member"),
    path(
        f"{CLINIC}invitations/<uuid:invitation>/withdraw/",
        clinics.withdraw_member,
        name="clinic_withdraw_invitation",
    ),
    path(f"{CLINIC}members/<uuid:member>/verify/", clinics.verify_member, name="clinic_verify"),
    path(f"{CLINIC}members/<uuid:member>/end/", clinics.end_member, name="clinic_end_member"),
    path(f"{CLINIC}children/", clinics.in_care, name="clinic_children"),
    path(f"{CLINIC}care/<uuid:care>/accept/", clinics.accept_care, name="clinic_accept_care"),
    path(f"{CLINIC}emergency/", clinics.emergency, name="clinic_emergency"),
    path("counts/", clinics.counts, name="counts"),
    path("invitations/<str:token>/", clinics.invitation, name="invitation"),
]
