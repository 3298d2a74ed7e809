"""A town's own rules: sent as a file, looked at beside what is in force, and put into force."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.accounts.administering import actor_of, administrator
from lingka.core.problems import Problem
from lingka.core.rulefiles import LARGEST
from lingka.ops import actions, putting
from lingka.ops.permissions import may_operate
from lingka.ops.putting import Proposal


class RulesForm(forms.Form):
    """A file, or the text itself; what it says is judged by `putting`."""

    file = forms.FileField(
        label=gettext_lazy("File (YAML)"), required=False,
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Text of the rules"), required=False, strip=False, max_length=LARGEST,
        widget=forms.Textarea(
            attrs={"rows": 22, "class": "rules-text", "spellcheck": "false", "wrap": "off"}
        ),
    )  # fmt: skip
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def given(self) -> bytes | str:
        """The file, where one was chosen; else the text."""
        file: Any = self.cleaned_data["file"]
        if file:
            return bytes(file.read(LARGEST + 1))
        return str(self.cleaned_data["text"])


@administrator
def put(request: HttpRequest) -> HttpResponse:
    """Everything of which a town may have its own; the text of one of them, checked, put."""
    if not may_operate(actor_of(request)):
        raise Http404
    if request.method == "POST":
        return _answered(request)
    kind, key = request.GET.get("kind", ""), request.GET.get("key", "")
    text = putting.text_of(kind, key) if kind else ""
    if text is None:
        raise Http404
    return _shown(request, RulesForm(initial={"text": text}))


def _answered(request: HttpRequest) -> HttpResponse:
    """What differs, with the button that puts it into force; or the faults, beside the field."""
    form = RulesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, form, status=400)
    given = form.given()
    if not given.strip():
        form.add_error("text", _("Choose a file, or write the text."))
        return _shown(request, form, status=400)
    try:
        if "put" in request.POST and not request.FILES:  # another file is looked at first
            found = actions.put_rules(
                given, actor=actor_of(request), seen=form.cleaned_data["seen"] or 0
            )
            messages.success(request, _("Put into force: %(name)s") % {"name": found.name})
            return redirect("ops:change", found.history.kind, found.key)
        found = putting.proposal(given)
    except Problem as problem:
        return _refused(request, form, given, problem)
    if found.faults:
        return _refused(request, form, given, _faulty(found))
    return _shown(request, _filled(given, found.number), found=found)


def _faulty(found: Proposal) -> Problem:
    return Problem(
        "faulty", _("These rules do not hold together; nothing came into force."), status=422,
        faults=list(found.faults),
    )  # fmt: skip


def _refused(
    request: HttpRequest, form: RulesForm, given: bytes | str, problem: Problem
) -> HttpResponse:
    """The text stays as it was written; a file's stands in the field, to be mended there."""
    again = _filled(given, form.cleaned_data["seen"])
    again.add_error("text", str(problem))
    faults = problem.extra.get("faults", [])
    return _shown(request, again, status=problem.status, faults=faults)


def _filled(given: bytes | str, seen: int | None) -> RulesForm:
    text = given.decode("utf-8", "replace") if isinstance(given, bytes) else given
    form = RulesForm({"text": text, "seen": "" if seen is None else seen})
    form.full_clean()
    return form


def _shown(request: HttpRequest, form: RulesForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "things": putting.things(), **more}
    return render(request, "ops/put.html", context, status=status)
