from django.urls import path

from lingka.areas import views

app_name = "areas"
urlpatterns = [path("map/around.json", views.around, name="around")]
