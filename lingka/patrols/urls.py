from django.urls import path

from lingka.patrols import (
    views,
    views_drives,
    views_editing,
    views_plans,
    views_registers,
    views_reviews,
    views_rounds,
)

app_name = "patrols"
urlpatterns = [
    path("desk/checklists/", views.show_checklists, name="checklists"),
    path("desk/checklists/new", views_editing.edit, name="new-checklist"),
    path("desk/checklists/import", views_editing.take_in, name="import"),
    path("desk/checklists/<slug:key>/edit", views_editing.edit, name="edit"),
    path("desk/checklists/<slug:key>/retire", views_editing.retire, name="retire"),
    path(
        "desk/checklists/<slug:key>/v<int:version>/form.xlsx",
        views_editing.give_out,
        name="xlsform",
    ),
    path("desk/checklists/<slug:key>/", views.show_checklist, name="checklist"),
    path("desk/checklists/<slug:key>/v<int:version>/", views.show_version, name="version"),
    path("checklists/sounds/<slug:sha256>.m4a", views_editing.speak, name="sound"),
    path("desk/rounds/", views_rounds.show_day, name="rounds"),
    path("desk/rounds/week/", views_rounds.show_week, name="week"),
    path("desk/rounds/plans/", views_plans.show_plans, name="plans"),
    path("desk/rounds/plans/new", views_plans.new_plan, name="new-plan"),
    path("desk/rounds/plans/<uuid:uuid>/", views_plans.show_plan, name="plan"),
    path("desk/rounds/plans/<uuid:uuid>/end", views_plans.end_plan, name="end-plan"),
    path("desk/rounds/drives/", views_drives.show_drives, name="drives"),
    path("desk/rounds/drives/new", views_drives.new_drive, name="new-drive"),
    path("desk/rounds/drives/<uuid:uuid>/", views_drives.show_drive, name="drive"),
    path("desk/rounds/drives/<uuid:uuid>/end", views_drives.end_drive, name="end-drive"),
    path("desk/rounds/drives/<uuid:uuid>/ledger.pdf", views_drives.paper, name="drive-paper"),
    path("desk/rounds/drives/<uuid:uuid>/ledger.xlsx", views_drives.book, name="drive-book"),
    path("desk/rounds/month/", views_reviews.show_month, name="month"),
    path("desk/rounds/looks/<uuid:uuid>/", views_reviews.show_look, name="look"),
    path(
        "desk/rounds/looks/<uuid:uuid>/<uuid:attachment>", views_reviews.look_file, name="look-file"
    ),
    path("desk/registers/", views_registers.show_registers, name="registers"),
    path("desk/registers/entries/<uuid:uuid>/", views_registers.show_entry, name="entry"),
    path("desk/registers/<slug:register>/", views_registers.show_register, name="register"),
    path(
        "desk/registers/<slug:register>/book.xlsx", views_registers.download, name="register-book"
    ),
    path("registers/<slug:register>/", views_registers.show_public, name="public-register"),
    path("desk/rounds/<uuid:uuid>/", views_rounds.show_round, name="round"),
    path("desk/rounds/<uuid:uuid>/explain", views_rounds.explain, name="explain"),
]
