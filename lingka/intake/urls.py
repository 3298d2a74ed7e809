"""Addresses that residents meet: short, because they are printed and read out."""

from django.urls import path, re_path

from lingka.intake.views import call, call_days, files, held, landing, proofs, receipts, report

app_name = "intake"
urlpatterns = [
    path("", landing.landing, name="landing"),
    path("p/<str:code>", landing.door, name="door"),
    path("report/upload", report.upload, name="upload"),
    path("report/<str:case_type>", report.report, name="report"),
    path("report/<str:case_type>/nearby", report.nearby, name="nearby"),
    path("report/<str:case_type>/follow", report.follow, name="follow"),
    path("files/<str:key>/<str:size>", files.draft_file, name="draft-file"),
    path("waiting/<str:key>", report.waiting, name="waiting"),
    path("r/", receipts.own, name="own"),
    path("r/code", receipts.code, name="code"),
    path("r/<str:token>", receipts.tracking, name="tracking"),
    path("r/<str:token>/receipt", receipts.receipt, name="receipt"),
    path("r/<str:token>/proof", proofs.proof, name="proof"),
    path("r/<str:token>/proof.json", proofs.proof_file, name="proof-file"),
    path("proofs/", proofs.proofs, name="proofs"),
    path("proofs/head.json", proofs.head_file, name="head"),
    path("proofs/checkpoint", proofs.checkpoint, name="checkpoint"),
    path("r/<str:token>/slip.<str:form>", receipts.slip, name="slip"),
    path("r/<str:token>/do/<str:action>", receipts.act, name="act"),
    path("r/<str:token>/files/<uuid:uuid>/<str:size>", files.receipt_file, name="receipt-file"),
    path("desk/call/", call.call, name="call"),
    path("desk/call/hints", call.hints, name="call-hints"),
    path("desk/call/days/", call_days.days, name="call-days"),
    path("desk/call/days/<uuid:day>/off", call_days.off, name="call-day-off"),
    path("desk/call/days/<uuid:day>/leader", call_days.hand_over, name="call-day-leader"),
    path("desk/held/", held.held, name="held"),
    re_path(r"^(?P<address>(?:p|r|report|waiting)/[^/].*?)/+$", landing.without_slash),
]
