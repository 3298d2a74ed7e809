"""What a phone sends and fetches, and the desk's list of phones."""

from django.urls import path

from lingka.field import views, views_app, views_desk, views_files

app_name = "field"
urlpatterns = [
    path("field/", views_app.page, name="app"),
    path("field/sw.js", views_app.worker, name="worker"),
    path("field/manifest.webmanifest", views_app.manifest, name="manifest"),
    path("field/api/v1/devices", views.devices, name="devices"),
    path("field/api/v1/push", views.push, name="push"),
    path("field/api/v1/pull", views.pull, name="pull"),
    path("field/api/v1/standing", views.standing, name="standing"),
    path("field/files/", views_files.begin, name="files"),
    path("field/files/<uuid:attachment>", views_files.piece, name="file"),
    path("desk/devices/", views_desk.index, name="index"),
    path("desk/devices/rescue/", views_desk.rescue, name="rescue"),
    path("desk/devices/<uuid:device>/", views_desk.device, name="device"),
]
