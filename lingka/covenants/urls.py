"""Covenants for everybody, and at the desk."""

from django.urls import path

from lingka.covenants import views

app_name = "covenants"
urlpatterns = [
    path("covenants/", views.index, name="index"),
    path("covenants/<uuid:uuid>/", views.one, name="covenant"),
    path("covenants/<uuid:uuid>/<int:number>", views.one, name="version"),
    path("desk/covenants/", views.desk, name="desk"),
    path("desk/covenants/new", views.new, name="new"),
    path("desk/covenants/<uuid:uuid>", views.change, name="change"),
]
