from django.urls import path

from lingka.insight import views

app_name = "insight"

urlpatterns = [
    path("desk/rates/", views.show_board, name="board"),
    path("desk/rates/cases/", views.show_cases, name="cases"),
]
