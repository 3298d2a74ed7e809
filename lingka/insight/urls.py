from django.urls import path

from lingka.insight import (
    views,
    views_appeals,
    views_assessing,
    views_public,
    views_publishing,
)

app_name = "insight"

urlpatterns = [
    path("desk/rates/", views.show_board, name="board"),
    path("desk/rates/cases/", views.show_cases, name="cases"),
    path("desk/rates/appeals/", views_appeals.show_appeals, name="appeals"),
    path("desk/rates/appeals/<uuid:appeal>/", views_appeals.show_appeal, name="appeal"),
    path("desk/rates/cases/<slug:number>/appeal/", views_appeals.new_appeal, name="new_appeal"),
    path("desk/rates/published/", views_publishing.show_publications, name="published"),
    path("rates/", views_public.show_published, name="public"),
    path("desk/rates/assessment/", views_assessing.show_assessment, name="assessment"),
    path("desk/rates/assessment/<int:unit>/", views_assessing.speak, name="speak"),
    path("rates/assessment/", views_assessing.show_published, name="assessed"),
    path("rates/definition/", views_public.show_definition, name="definition"),
    path("rates/<slug:month>/", views_public.show_published, name="public_month"),
    path("r/<slug:token>/counted", views_public.counted, name="counted"),
]
