from django.urls import URLPattern, URLResolver, include, path

handler400 = "lingka.core.views.bad_request"
handler403 = "lingka.core.views.forbidden"
handler404 = "lingka.core.views.not_found"
handler500 = "config.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    # First, since each address before costs other software's every call a look.
    path("open311/v2/", include("lingka.open311.urls")),
    path("api/v1/", include("lingka.api.urls")),
    path("", include("lingka.core.urls")),
    path("", include("lingka.areas.urls")),
    path("", include("lingka.notifications.urls")),
    path("", include("lingka.ops.urls")),
    path("", include("lingka.guides.urls")),
    path("", include("lingka.notices.urls")),
    path("", include("lingka.promises.urls")),
    path("", include("lingka.counter.urls")),
    path("", include("lingka.deliberation.urls")),
    path("", include("lingka.rooms.urls")),
    path("", include("lingka.voting.urls")),
    path("", include("lingka.covenants.urls")),
    path("", include("lingka.ledgers.urls")),
    path("", include("lingka.intake.urls")),
    path("", include("lingka.members.urls")),
    path("", include("lingka.volunteering.urls")),
    path("", include("lingka.partners.urls")),
    path("", include("lingka.patrols.urls")),
    path("", include("lingka.callbacks.urls")),
    path("desk/", include("lingka.desks.urls")),
    path("exchange/", include("lingka.exchange.urls_open")),
    path("desk/exchange/", include("lingka.exchange.urls")),
    path("", include("lingka.surveys.urls")),
    path("", include("lingka.projects.urls")),
    path("", include("lingka.points.urls")),
    path("desk/", include("lingka.cases.urls")),
    path("", include("lingka.insight.urls")),
    path("", include("lingka.field.urls")),
    path("accounts/", include("lingka.accounts.urls")),
    path("desk/", include("lingka.accounts.desk_urls")),
]
