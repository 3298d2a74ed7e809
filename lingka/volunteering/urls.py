"""Short addresses for what is printed on posters; a member's own; the desk's."""

from django.urls import path

from lingka.volunteering import (
    views,
    views_campaigns,
    views_desk,
    views_needs,
    views_scan,
    views_teams,
)

app_name = "volunteering"
urlpatterns = [
    path("v/", views.index, name="index"),
    path("v/calendar.ics", views.feed, name="feed"),
    path("v/activities.json", views.listing, name="listing"),
    path("v/here/", views_scan.here, name="here"),
    path("v/in/<uuid:shift>/<str:code>", views_scan.scan, name="scan"),
    path("v/paper/<str:code>", views.paper, name="paper"),
    path("v/<str:code>", views.show, name="activity"),
    path("v/<str:code>/poster.pdf", views.poster, name="poster"),
    path("v/<str:code>/calendar.ics", views.entry, name="entry"),
    path("v/<str:code>/<uuid:shift>/place", views.place, name="place"),
    path("v/campaigns/<str:code>", views_campaigns.show, name="campaign"),
    path("v/campaigns/<str:code>/places", views_campaigns.places, name="campaign-places"),
    path("me/service/", views.record, name="record"),
    path("me/service/record.pdf", views.record_sheet, name="record-sheet"),
    path("me/service/certificate.pdf", views.certificate, name="certificate"),
    path("me/teams/", views_teams.mine, name="teams"),
    path("me/teams/<uuid:uuid>", views_teams.one, name="team"),
    path("me/teams/<uuid:uuid>/<uuid:shift>", views_teams.roll, name="team-list"),
    path("desk/campaigns/", views_campaigns.index, name="desk-campaigns"),
    path("desk/campaigns/new", views_campaigns.new, name="new-campaign"),
    path("desk/campaigns/<str:code>", views_campaigns.one, name="desk-campaign"),
    path("desk/teams/", views_teams.desk, name="desk-teams"),
    path("desk/needs/", views_needs.index, name="needs"),
    path("desk/needs/new", views_needs.new, name="new-need"),
    path("desk/needs/<uuid:uuid>", views_needs.one, name="need"),
    path("desk/resources/", views_needs.resources, name="resources"),
    path("desk/activities/", views_desk.index, name="desk"),
    path("desk/activities/new", views_desk.new, name="new"),
    path("desk/activities/<str:code>", views_desk.one, name="manage"),
    path("desk/activities/shifts/<uuid:shift>", views_desk.shift, name="shift"),
    path("desk/activities/shifts/<uuid:shift>/code", views_desk.code, name="code"),
]
