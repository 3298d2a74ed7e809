from django.urls import path

from lingka.callbacks import views

app_name = "callbacks"
urlpatterns = [
    path("calls/", views.show_lots, name="lots"),
    path("desk/calls/", views.show_list, name="list"),
    path("desk/calls/<slug:number>/", views.call, name="call"),
]
