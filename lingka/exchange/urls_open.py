from django.urls import path

from lingka.exchange import views

app_name = "exchange_open"
urlpatterns = [path("<slug:peer>/changes.json", views.changes, name="changes")]
