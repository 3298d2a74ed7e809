"""Appointments for everybody; the counter's day, its papers and windows for staff."""

from django.urls import path

from lingka.counter import views, views_desk

app_name = "counter"
urlpatterns = [
    path("counter/", views.book, name="book"),
    path("counter/<str:token>", views.appointment, name="appointment"),
    path("counter/<str:token>/take-back", views.take_back, name="take_back"),
    path("desk/counter/", views_desk.day, name="day"),
    path("desk/counter/move/<uuid:visit>", views_desk.move, name="move"),
    path("desk/counter/hand-in/<slug:guide>", views_desk.hand_in, name="hand_in"),
    path("desk/counter/papers/<str:code>", views_desk.papers, name="papers"),
    path("desk/windows/", views_desk.windows, name="windows"),
    path("desk/windows/new", views_desk.edit_window, name="new_window"),
    path("desk/windows/<uuid:window>", views_desk.edit_window, name="window"),
]
