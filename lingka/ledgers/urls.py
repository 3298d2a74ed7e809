"""Ledgers: hazards and wishes for everybody, demands for the desk."""

from django.urls import path

from lingka.ledgers import views

app_name = "ledgers"
urlpatterns = [
    path("hazards/", views.hazards, name="hazards"),
    path("desk/hazards/ledger.pdf", views.hazards_on_paper, name="hazards-pdf"),
    path("wishes/", views.wishes, name="wishes"),
    path("wishes/<slug:number>/claim", views.claim, name="claim"),
    path("wishes/<slug:number>/deliver", views.deliver, name="deliver"),
    path("desk/demands/", views.demands, name="demands"),
]
