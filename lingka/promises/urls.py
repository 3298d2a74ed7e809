"""What is promised in public, and headings; the desk's pages of them."""

from django.urls import path

from lingka.promises import views, views_desk

app_name = "promises"
urlpatterns = [
    path("promises/", views.index, name="index"),
    path("headings/", views.headings, name="headings"),
    path("headings/<str:code>", views.heading, name="heading"),
    path("desk/headings/", views_desk.desk, name="desk"),
    path("desk/headings/new", views_desk.new, name="new"),
    path("desk/headings/<str:code>", views_desk.manage, name="manage"),
]
