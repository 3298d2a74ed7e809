"""Short addresses for what is printed on posters; the desk's beside them."""

from django.urls import path

from lingka.notices import views, views_desk

app_name = "notices"
urlpatterns = [
    path("notices/", views.index, name="index"),
    path("notices/calendar.ics", views.feed, name="feed"),
    path("n/<str:code>", views.show, name="notice"),
    path("n/<str:code>/poster.pdf", views.poster, name="poster"),
    path("n/<str:code>/calendar.ics", views.entry, name="entry"),
    path("n/<str:code>/spoken.txt", views.spoken, name="spoken"),
    path("desk/noticeboard/", views_desk.desk, name="desk"),
    path("desk/noticeboard/new", views_desk.where, name="new"),
    path("desk/noticeboard/in/<str:code>/new", views_desk.new, name="new-in"),
    path("desk/noticeboard/for/<str:number>/new", views_desk.new, name="new-for"),
    path("desk/noticeboard/templates/", views_desk.templates_list, name="templates"),
    path("desk/noticeboard/templates/new", views_desk.edit_template, name="new-template"),
    path("desk/noticeboard/templates/<slug:key>", views_desk.edit_template, name="template"),
    path("desk/noticeboard/n/<str:code>", views_desk.manage, name="manage"),
]
