from django.urls import path, re_path

from lingka.open311 import views

app_name = "open311"
F = r"\.(?P<fmt>json|xml)$"
urlpatterns = [
    path("", views.discovery, {"fmt": "xml"}, name="root"),
    re_path("^discovery" + F, views.discovery, name="discovery"),
    re_path("^services" + F, views.services, name="services"),
    re_path(r"^services/(?P<code>[\w.-]{1,64})" + F, views.service, name="service"),
    re_path("^requests" + F, views.requests, name="requests"),
    re_path(r"^requests/(?P<number>[\w-]{1,40})" + F, views.one_request, name="request"),
    re_path("^servicerequestupdates" + F, views.updates, name="updates"),
    re_path(r"^tokens/(?P<token>[\w-]{1,40})" + F, views.token, name="token"),
    re_path(r"^.*" + F, views.unknown),
]
