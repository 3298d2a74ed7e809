"""Votes for everybody, and at the desk."""

from django.urls import path

from lingka.voting import views, views_desk

app_name = "voting"
urlpatterns = [
    path("votes/", views.index, name="index"),
    path("votes/follow", views.follow, name="follow"),
    path("votes/<uuid:uuid>/", views.one, name="vote"),
    path("votes/<uuid:uuid>/result.json", views.result, name="result"),
    path("desk/votes/", views_desk.index, name="desk"),
    path("desk/votes/new", views_desk.edit, name="new"),
    path("desk/votes/<uuid:uuid>", views_desk.one, name="one"),
    path("desk/votes/<uuid:uuid>/edit", views_desk.edit, name="edit"),
]
