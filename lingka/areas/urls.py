from django.urls import path

from lingka.areas import pages, views

app_name = "areas"
urlpatterns = [
    path("map/around.json", views.around, name="around"),
    path("desk/areas/", pages.tree, name="tree"),
    path("desk/areas/<int:area_id>/", pages.tree, name="area"),
    path("desk/areas/<int:area_id>/sheets.pdf", pages.sheets, name="sheets"),
    path("desk/places/<int:place_id>/retire/", pages.retire, name="retire"),
    path("desk/areas/import/", pages.Import.as_view(), name="import"),
]
