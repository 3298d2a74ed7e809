from django.urls import path

from lingka.patrols import views

app_name = "patrols"
urlpatterns = [
    path("desk/checklists/", views.show_checklists, name="checklists"),
    path("desk/checklists/<slug:key>/", views.show_checklist, name="checklist"),
    path("desk/checklists/<slug:key>/v<int:version>/", views.show_version, name="version"),
]
