from django.urls import path

from lingka.desks import views

app_name = "desks"
urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/<uuid:uuid>/", views.list_file, name="list_file"),
]
