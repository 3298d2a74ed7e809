from django.urls import path

from lingka.api.api import api

urlpatterns = [path("", api.urls)]
