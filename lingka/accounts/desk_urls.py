"""The administrator's pages."""

from django.urls import path

from lingka.accounts import views_agreements, views_staff, views_units

urlpatterns = [
    path("units/", views_units.show_units, name="units"),
    path("units/new/", views_units.new_unit, name="new_unit"),
    path("units/<int:unit_id>/", views_units.show_unit, name="unit"),
    path("agreements/", views_agreements.show_agreements, name="agreements"),
    path("agreements/<uuid:agreement>/", views_agreements.show_agreement, name="agreement"),
    path(
        "agreements/<uuid:agreement>/<int:number>/document",
        views_agreements.agreement_document,
        name="agreement_document",
    ),
    path("calendars/<int:calendar_id>/", views_units.show_calendar, name="calendar"),
    path("staff/", views_staff.show_staff, name="staff"),
    path("staff/new/", views_staff.new_person, name="new_person"),
    path("staff/<int:user_id>/", views_staff.show_person, name="person"),
    path("api-keys/", views_staff.show_keys, name="api_keys"),
]
