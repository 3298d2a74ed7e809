from django.urls import path

from lingka.ops import views

app_name = "ops"
urlpatterns = [
    path("healthz", views.health, name="health"),
    path("metrics", views.prometheus, name="metrics"),
]
