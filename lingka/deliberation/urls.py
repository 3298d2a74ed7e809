"""Councils for everybody; their table for the desk that keeps it."""

from django.urls import path

from lingka.deliberation import views, views_desk, views_talk

app_name = "deliberation"
urlpatterns = [
    path("councils/", views.index, name="index"),
    path("councils/<slug:key>/", views.council, name="council"),
    path("councils/<slug:key>/propose", views.propose, name="propose"),
    path("councils/topics/<uuid:topic>", views.topic, name="topic"),
    path("councils/topics/<uuid:topic>/talk", views_talk.talk, name="talk"),
    path("councils/materials/<uuid:material>", views.material, name="material"),
    path("councils/meetings/<uuid:meeting>/<str:code>", views.come, name="come"),
    path("desk/councils/", views_desk.index, name="desk"),
    path("desk/councils/new", views_desk.new, name="new"),
    path("desk/councils/<slug:key>/", views_desk.table, name="table"),
    path("desk/councils/<slug:key>/edit", views_desk.edit, name="edit"),
    path("desk/councils/topics/<uuid:topic>", views_desk.topic, name="keep-topic"),
    path("desk/councils/meetings/<uuid:meeting>", views_desk.meeting, name="meeting"),
    path("desk/councils/meetings/<uuid:meeting>/recording", views_desk.recording, name="recording"),
    path("desk/councils/meetings/<uuid:meeting>/code", views_desk.code, name="code"),
]
