from django.urls import path

from lingka.guides import views

app_name = "guides"
urlpatterns = [
    path("guides/", views.index, name="index"),
    path("guides/<slug:guide>", views.show, name="guide"),
    path("desk/guides/", views.desk, name="desk"),
    path("desk/guides/new", views.edit, name="new"),
    path("desk/guides/<slug:guide>", views.edit, name="edit"),
    path("desk/guides/<slug:guide>/retire", views.retire, name="retire"),
]
