from django.urls import path

from lingka.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.index, name="index"),
    path("new", views.edit, name="new"),
    path("<slug:peer>/", views.show, name="peer"),
    path("<slug:peer>/edit", views.edit, name="edit"),
    path("<slug:peer>/differences.csv", views.differences, name="differences"),
]
