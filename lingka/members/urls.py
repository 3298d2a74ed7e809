"""A member's own pages; the desk's list of workplaces."""

from django.urls import path

from lingka.members import views, views_desk

app_name = "members"
urlpatterns = [
    path("me/", views.home, name="me"),
    path("me/in/", views.enter, name="in"),
    path("me/code/", views.code, name="code"),
    path("me/join/", views.join, name="join"),
    path("me/number/", views.number, name="number"),
    path("me/kept/", views.kept, name="kept"),
    path("me/kept.json", views.export, name="export"),
    path("me/consent/", views.agree, name="agree"),
    path("me/out/", views.out, name="out"),
    path("me/leave/", views.leave, name="leave"),
    path("desk/workplaces/", views_desk.index, name="workplaces"),
    path("desk/workplaces/new", views_desk.new, name="new-workplace"),
    path("desk/workplaces/<uuid:uuid>", views_desk.one, name="workplace"),
]
