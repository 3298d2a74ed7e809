"""Public pages of the year's projects, whose short address stands at the place; the desk's."""

from django.urls import path

from lingka.projects import views, views_desk, views_lists

app_name = "projects"
urlpatterns = [
    path("projects/", views.index, name="index"),
    path("projects/photos/<uuid:photo>", views.photo, name="photo"),
    path("projects/<slug:code>/", views.one, name="project"),
    path("three-lists/", views_lists.public, name="lists"),
    path("desk/three-lists/", views_lists.desk, name="desk-lists"),
    path("desk/projects/", views_desk.index, name="desk"),
    path("desk/projects/lists/<uuid:uuid>", views_desk.show_list, name="list"),
    path("desk/projects/lists/<uuid:uuid>/enter", views_desk.enter, name="enter"),
    path("desk/projects/<slug:code>", views_desk.manage, name="manage"),
    path("desk/projects/<slug:code>/sign", views_desk.sign, name="sign"),
]
