"""Lists of the desk kept under a name: saved, dropped, opened by a colleague's link."""

from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lingka.cases import actions, views
from lingka.cases import desk as desks
from lingka.cases.desk import OVERSEERS, Desk, staff
from lingka.cases.forms import SavedViewForm
from lingka.cases.selectors import kept

LONGEST = 300  # of a list's link


def _asked(desk: Desk, text: str) -> tuple[Desk, str]:
    """The desk as a kept link asks for it, and which list; what means nothing is dropped."""
    values = QueryDict(text.replace("\x00", "")[:LONGEST]).dict()
    plain = {name: str(value) for name, value in values.items()}
    tab, filters, _after = desks.asked(plain)
    here = kept.list_of(plain)
    if here == kept.BELOW and not {post.role for post in desk.posts} & OVERSEERS:
        here = "queue"  # one's own rights, whoever kept it
    return replace(desk, tab=tab, filters=filters, after=""), here


@require_POST
@staff
def save_view(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Keep the list's link under a name; the same name again replaces it."""
    form = SavedViewForm(request.POST)
    wanted, here = _asked(desk, request.POST.get("query", ""))
    query = kept.query_of(here, wanted.query)
    if not form.is_valid():
        context = views.queue_context(request, wanted, here=here)
        context |= {
            "heading": _("Queue") if here == "queue" else _("Whole area"),
            "savable": True,
            "save_error": form.errors.get("name", [""])[0],
            "save_name": request.POST.get("name", "")[:80],
        }
        return render(request, "cases/desk/queue.html", context, status=422)
    actions.keep_view(form.cleaned_data["name"], query, actor=desk.actor)
    return redirect(kept.url_of(query))


@require_POST
@staff
def drop_view(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Drop one of one's own lists; the link to it leads nowhere from then on."""
    if not actions.drop_view(pk, actor=desk.actor):
        raise Http404
    return redirect("cases:queue")


@require_GET
@staff
def show_kept(request: HttpRequest, desk: Desk, view: UUID) -> HttpResponse:
    """A colleague's list by its link: the same filters over what one's own posts may see."""
    shared = kept.shared(view, desk.actor)
    if shared is None:
        raise Http404
    if shared.mine:
        return redirect(kept.url_of(shared.query))
    wanted, here = _asked(desk, shared.query)
    context = views.queue_context(request, wanted, here=here)
    return render(
        request, "cases/desk/queue.html", context | {"heading": shared.name, "shared": shared}
    )
