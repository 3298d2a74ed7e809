from django.urls import path

from lingka.core import views

app_name = "core"
urlpatterns = [
    path("language/", views.language, name="language"),
    path("display/", views.display, name="display"),
    path("components/", views.components, name="components"),
]
