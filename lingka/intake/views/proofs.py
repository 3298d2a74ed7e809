"""Provable history for residents: a receipt's proof, the town's newest seal, checking a proof.

All of it works without JavaScript. Whoever does not trust this page takes the file elsewhere.
"""

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lingka.core import limits
from lingka.core.problems import Problem
from lingka.intake import gate, proving, rules
from lingka.intake.views.headers import private
from lingka.intake.views.receipts import receipt_or_404
from lingka.proofs import selectors

LARGEST = 2 * 1024 * 1024  # of a file; a proof of a hundred records has about a tenth of that


@require_safe
def proof(request: HttpRequest, token: str) -> HttpResponse:
    """Whether the history of one's own case holds, looked at this moment."""
    view = receipt_or_404(token)
    context = {"token": token, "result": proving.of_case(view.case_uuid)}
    return private(render(request, "intake/proof.html", context))


@require_safe
def proof_file(request: HttpRequest, token: str) -> HttpResponse:
    """The proof to keep; nothing personal is in it."""
    del request
    view = receipt_or_404(token)
    found = selectors.proof_of(view.case_uuid)
    if found is None:
        return private(redirect("intake:proof", token=token))
    response = JsonResponse(found, json_dumps_params={"indent": 1})
    name = f"lingka-proof-{view.short_code}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


@csrf_exempt  # nothing is changed, and no cookie plays a part
@require_http_methods(["GET", "HEAD", "POST"])
def proofs(request: HttpRequest) -> HttpResponse:
    """The newest seal, and the form that checks a proof."""
    context: dict[str, Any] = {"head": selectors.newest(), "typed": ""}
    status = 200
    if request.method == "POST":
        context["typed"] = request.POST.get("proof", "")[:LARGEST]
        try:
            token = _token(context["typed"])
            if token:
                return private(redirect("intake:proof", token=token))
            context["result"] = _judged(request, context["typed"])
        except Problem as problem:
            context["fault"], status = str(problem.message), problem.status
    return private(render(request, "intake/proofs.html", context, status=status))


def _token(typed: str) -> str:
    """Somebody may paste the address of the receipt instead: its own page says more."""
    found = rules.RECEIPT_ADDRESS.search(typed.strip())
    return found[1] if found else ""


def _judged(request: HttpRequest, typed: str) -> proving.Result:
    if not gate.within("proof", limits.source_of(request), rules.PROOF_CHECKS):
        raise Problem("limit", _("Too many tries. Please wait ten minutes."), status=429)
    file = request.FILES.get("file")
    text = _read(file) if isinstance(file, UploadedFile) and file.size else typed.encode()
    if not text.strip():
        raise Problem("empty", _("Choose a file, or paste a proof or a receipt's address."))
    try:
        return proving.judged(json.loads(text))
    except (ValueError, RecursionError) as problem:
        said = _("This is no proof. Choose the file that was saved from a receipt.")
        raise Problem("no_proof", said) from problem


def _read(file: Any) -> bytes:
    if (file.size or 0) > LARGEST:
        raise Problem("large", _("This file is too large to be a proof."))
    return bytes(file.read())


@never_cache
@require_safe
def head_file(request: HttpRequest) -> HttpResponse:
    """The newest seal, for machines."""
    del request
    head = selectors.newest()
    if head is None:
        raise Http404
    return JsonResponse(head.as_json(), json_dumps_params={"indent": 1})


@never_cache
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The same as a signed note, as witnesses of transparency logs read it."""
    del request
    head = selectors.newest()
    if head is None:
        raise Http404
    return HttpResponse(head.checkpoint(), content_type="text/plain; charset=utf-8")
