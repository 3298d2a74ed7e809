"""Stations and rooms for everybody; a station's day for who runs it."""

from django.urls import path

from lingka.rooms import views, views_desk, views_setup

app_name = "rooms"
urlpatterns = [
    path("stations/", views.index, name="index"),
    path("stations/<slug:key>/", views.station, name="station"),
    path("stations/<slug:key>/calendar.ics", views.feed, name="feed"),
    path("stations/<slug:key>/rooms/<uuid:room>", views.book, name="book"),
    path("bookings/<str:token>", views.booking, name="booking"),
    path("bookings/<str:token>/<uuid:date>/give-back", views.give_back, name="give_back"),
    path("bookings/<str:token>/<uuid:date>/check-in", views.check_in, name="check_in"),
    path("desk/stations/", views_desk.day, name="day"),
    path("desk/stations/dates/<uuid:date>/move", views_desk.move, name="move"),
    path("desk/stations/dates/<uuid:date>/contact", views_desk.contact, name="contact"),
    path("desk/set-up/stations/", views_setup.stations, name="stations"),
    path("desk/set-up/stations/new", views_setup.new_station, name="new_station"),
    path("desk/set-up/stations/<slug:key>/", views_setup.set_up, name="set_up"),
    path(
        "desk/set-up/stations/<slug:key>/<uuid:room>", views_setup.set_up_room, name="set_up_room"
    ),
    path("desk/stations/<slug:key>/", views_desk.edit, name="edit"),
    path("desk/stations/<slug:key>/remove", views_desk.remove, name="remove"),
]
