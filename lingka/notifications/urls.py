from django.urls import path

from lingka.notifications import views

app_name = "notifications"
urlpatterns = [
    path("desk/notices/", views.preferences, name="preferences"),
    path("desk/notices/devices/", views.subscribe, name="subscribe"),
    path("desk/notices/devices/forget/", views.forget_devices, name="forget_devices"),
    path("desk/notices/worker.js", views.worker, name="worker"),
    path("notices/worker.js", views.worker, name="device_worker"),
    path("r/<str:token>/device", views.device, name="device"),
    path("notices/stop/<str:token>/", views.stop, name="stop"),
    path("demo/outbox/", views.outbox, name="outbox"),
]
