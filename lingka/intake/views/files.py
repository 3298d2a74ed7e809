"""Files of forms and of receipts; staff see theirs through the desk."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lingka.cases import selectors
from lingka.cases.serving import respond
from lingka.intake import drafts

SIZES = frozenset({"small", "large", "sound"})


@require_safe
def draft_file(request: HttpRequest, key: str, size: str) -> HttpResponse:
    """A file that the form still carries: whoever holds its signed key may look at it."""
    opened = drafts.opened(key)
    if opened is None or size not in SIZES:
        raise Http404
    stored = selectors.unattached_file(opened[1], small=size == "small")
    if stored is None:
        raise Http404
    return respond(request, stored)


@require_safe
def receipt_file(request: HttpRequest, token: str, uuid: UUID, size: str) -> HttpResponse:
    """A file of a case, for the holder of one of its receipts."""
    stored = selectors.receipt_file(token, uuid, small=size == "small")
    if stored is None or size not in SIZES:
        raise Http404
    return respond(request, stored)
