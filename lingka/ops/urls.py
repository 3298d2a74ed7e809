from django.urls import path

from lingka.ops import views, views_changes, views_deliveries, views_putting

app_name = "ops"
urlpatterns = [
    path("healthz", views.health, name="health"),
    path("metrics", views.prometheus, name="metrics"),
    path("desk/changes/", views_changes.changes, name="changes"),
    path("desk/changes/new/", views_putting.put, name="put"),
    path("desk/changes/<slug:kind>/<slug:key>/", views_changes.change, name="change"),
    path("desk/deliveries/", views_deliveries.deliveries, name="deliveries"),
]
