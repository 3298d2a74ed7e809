"""Duty lists, for everybody; what units ask of each other, for the desk."""

from django.urls import path

from lingka.partners import views, views_links

app_name = "partners"
urlpatterns = [
    path("duties/", views.show_lists, name="duties"),
    path("duties/<slug:key>/", views.show_list, name="duty_list"),
    path("a/<str:token>", views_links.assignment, name="assignment"),
    path("desk/cases/<str:number>/links/", views_links.links, name="links"),
    path("desk/ask/", views.ask, name="ask"),
    path("desk/called/", views.show_calls, name="calls"),
    path("desk/burden/", views.show_burden, name="burden"),
    path("desk/duties/", views.administer, name="lists"),
]
