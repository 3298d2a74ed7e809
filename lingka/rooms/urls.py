"""Stations and rooms for everybody; a station's day for who runs it."""

from django.urls import path

from lingka.rooms import views, views_desk

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
    path("desk/stations/<slug:key>/", views_desk.edit, name="edit"),
    path("desk/stations/<slug:key>/remove", views_desk.remove, name="remove"),
]
