"""The workflows in use, drawn and listed from their definitions. Read-only."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from lingka.accounts.selectors import PostInfo
from lingka.cases.desk import Desk, staff
from lingka.cases.selectors import flows
from lingka.core.text import pick


def _over_all(post: PostInfo) -> bool:
    """Who administers the whole town also reads who changed it; everybody, how it goes."""
    return post.role == "administrator" and post.area_path == f"/{post.area_id}/"


@require_GET
@staff
def show_workflow(request: HttpRequest, desk: Desk, key: str = "") -> HttpResponse:
    found = flows.latest()
    chosen = next((one for one in found if one.key == key or not key), None)
    if chosen is None:
        raise Http404
    context = {
        "flow": flows.flow(chosen),
        "audits": any(_over_all(post) for post in desk.posts),
        "flows": [
            {
                "name": pick(one.body["name"]),
                "url": reverse("cases:workflow", args=[one.key]),
                "current": one == chosen,
            }
            for one in found
        ],
    }
    return render(request, "cases/desk/workflow.html", context)
