from django.urls import path

from lingka.surveys import views, views_desk

app_name = "surveys"
urlpatterns = [
    path("surveys/", views.show_all, name="all"),
    path("survey/<slug:code>/", views.take_part, name="survey"),
    path("survey/<slug:code>/results", views.show_results, name="results"),
    path("desk/surveys/", views_desk.show_list, name="list"),
    path("desk/surveys/<slug:code>/", views_desk.show_one, name="desk"),
    path("desk/surveys/<slug:code>/poster", views_desk.poster, name="poster"),
]
