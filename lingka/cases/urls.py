from django.urls import path

from lingka.cases import (
    views,
    views_audit,
    views_bulk,
    views_case,
    views_contact,
    views_day,
    views_flows,
    views_kept,
    views_leads,
    views_replies,
    views_say,
)

app_name = "cases"

CASE = "cases/<slug:number>/"
urlpatterns = [
    path("", views.show_queue, name="queue"),
    path("day/", views_day.show_day, name="day"),
    path("below/", views.show_below, name="below"),
    path("grid/", views.show_grid, name="grid"),
    path("rows/<slug:here>/", views.show_rows, name="rows"),
    path("find/", views.find, name="find"),
    path("keys/", views.show_keys, name="keys"),
    path("views/", views_kept.save_view, name="save_view"),
    path("views/<uuid:view>/", views_kept.show_kept, name="kept"),
    path("views/<int:pk>/drop/", views_kept.drop_view, name="drop_view"),
    path("bulk/", views_bulk.bulk, name="bulk"),
    path("hand-over/", views_leads.hand_over, name="hand_over"),
    path("replies/", views_replies.show_replies, name="replies"),
    path("replies/new/", views_replies.edit_reply, name="new_reply"),
    path("replies/<slug:key>/", views_replies.edit_reply, name="reply"),
    path("replies/<slug:key>/retire/", views_replies.retire_reply, name="retire_reply"),
    path("workflows/", views_flows.show_workflow, name="workflows"),
    path("workflows/try/", views_flows.try_case, name="try"),
    path("workflows/<slug:key>/", views_flows.show_workflow, name="workflow"),
    path(CASE, views_case.show_case, name="case"),
    path(CASE + "do/<slug:action>/", views_case.act, name="act"),
    path(CASE + "say/", views_say.say, name="say"),
    path(CASE + "draft/", views_say.draft, name="draft"),
    path(CASE + "contact/<uuid:receipt>/", views_contact.contact, name="contact"),
    path(CASE + "contact/<uuid:receipt>/again/", views_contact.again, name="again"),
    path(CASE + "since/<int:version>/", views_case.watch, name="watch"),
    path(CASE + "readings/", views_audit.readings, name="readings"),
    path(CASE + "print/", views_case.print_case, name="print"),
    path(CASE + "files/<uuid:uuid>/", views_case.file, name="file"),
]
