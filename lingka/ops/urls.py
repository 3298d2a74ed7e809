from django.urls import path

from lingka.ops import views, views_deliveries

app_name = "ops"
urlpatterns = [
    path("healthz", views.health, name="health"),
    path("metrics", views.prometheus, name="metrics"),
    path("desk/deliveries/", views_deliveries.deliveries, name="deliveries"),
]
