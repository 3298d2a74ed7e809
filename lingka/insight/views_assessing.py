"""Open assessment of units: at the desk, where units speak of each other, and for everybody."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingka.accounts.selectors import today
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import pick
from lingka.insight import actions, assessing, periods, permissions
from lingka.insight.asking import Asked, reader
from lingka.insight.periods import Period
from lingka.insight.selectors import assessments
from lingka.units import selectors as units

BACK = 4  # quarters that can be chosen
MOST = 9  # digits of a version


def _quarter(text: str) -> Period:
    """The quarter that a link names, if it is over; else the last one."""
    asked = periods.read(text)
    last = periods.holding(today(), "quarter").before
    quarter = asked is not None and asked.months == last.months and asked.end <= today()
    return asked if asked is not None and quarter else last


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def show_assessment(request: HttpRequest, asked: Asked) -> HttpResponse:
    """A quarter as it now stands: all units for those who oversee, one's own for a unit."""
    period, fault = _quarter(request.GET.get("period", "")), ""
    if request.method == "POST":
        try:
            made = actions.publish_assessment(period, actor=asked.desk.actor)
        except (PermissionRefused, Problem) as refused:
            fault = str(refused)
        else:
            said = _("Published as version %(number)s. It stays as it is.")
            messages.success(request, said % {"number": made.number})
            return redirect(f"{reverse('insight:assessment')}?period={period.key}")
    verdict = permissions.may_publish(asked.desk.posts)
    body = assessments.body(period)
    context = _shown(body if verdict else assessments.unheard(body)) | {
        "period": period, "quarters": _quarters(), "fault": fault, "may": bool(verdict),
        "refused": verdict.message, "unheard": not verdict,
        "versions": assessments.versions(period.key), "section": "insight:board",
    }  # fmt: skip
    context["rows"] = [
        row for row in context["rows"] if _spoken_of(row) and _sees(asked, row["id"])
    ]
    for row in context["rows"]:
        row["speaks"] = permissions.speaker(asked.desk.posts, row["id"]) is not None
    context["others"] = _others(asked, {row["id"] for row in context["rows"]})
    return render(request, "insight/assessment.html", context, status=409 if fault else 200)


def _spoken_of(row: dict[str, Any]) -> bool:
    """Whether a unit has spoken of it, or enough residents have."""
    return any(
        value is not None or (of and side != assessing.RESIDENTS)
        for side, value, of in row["sides"]
    )


def _sees(asked: Asked, unit: int) -> bool:
    """One's own unit, and those of the area that one oversees."""
    return unit in asked.reach.units or asked.reach.holds_area(units.unit(unit).area_id)


def _others(asked: Asked, shown: set[int]) -> list[tuple[int, str]]:
    """Further units of whom somebody may speak, though not see how they stand."""
    found = [
        one for one in units.units()
        if one.id not in shown and permissions.speaker(asked.desk.posts, one.id)
    ]  # fmt: skip
    return sorted(((one.id, pick(one.name)) for one in found), key=lambda pair: pair[1])


def _quarters() -> list[Period]:
    found, period = [], periods.holding(today(), "quarter")
    for _step in range(BACK):
        period = period.before
        found.append(period)
    return found


def _shown(body: dict[str, Any]) -> dict[str, Any]:
    """A frozen or fresh body in words: units by name, never by merit."""
    rows = [
        {
            "id": int(key), "name": pick(units.unit(int(key)).name), "together": one["together"],
            "sides": [(side, *one["sides"][side]) for side in body["order"]],
        }
        for key, one in body["units"].items()
    ]  # fmt: skip
    return {
        "rows": sorted(rows, key=lambda row: str(row["name"])), "body": body,
        "sides": [(pick(body["sides"][key]), body["weights"][key]) for key in body["order"]],
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@reader
def speak(request: HttpRequest, asked: Asked, unit: int) -> HttpResponse:
    """One unit says how another did."""
    speaker = permissions.speaker(asked.desk.posts, unit) if _known(unit) else None
    if speaker is None:
        raise Http404
    period, data = _quarter(request.GET.get("period", "")), assessing.plan()
    fault, missing = "", frozenset[str]()
    given = assessments.own(period, unit, speaker)
    if request.method == "POST":
        given = {
            key: int(request.POST[key]) for key in data["aspects"]
            if request.POST.get(key, "") in map(str, range(len(data["steps"])))
        }  # fmt: skip
        try:
            actions.mark_unit(unit, period, given, actor=asked.desk.actor)
        except Problem as problem:
            fault, missing = str(problem.message), frozenset(data["aspects"]) - set(given)
        else:
            messages.success(request, _("Noted. Until it is published it can be said anew."))
            return redirect(f"{reverse('insight:assessment')}?period={period.key}")
    context = {
        "unit": units.unit(unit), "by_unit": units.unit(speaker[1]), "period": period,
        "questions": [
            (key, pick(names), given.get(key), key in missing)
            for key, names in data["aspects"].items()
        ],
        "steps": [pick(names) for names in data["steps"]], "fault": fault,
        "section": "insight:board",
    }  # fmt: skip
    return render(request, "insight/speak.html", context, status=422 if fault else 200)


def _known(unit: int) -> bool:
    return any(one.id == unit for one in units.units())


@require_safe
def show_published(request: HttpRequest) -> HttpResponse:
    """What was published: the newest quarter, another, or an earlier version."""
    text, version = request.GET.get("period", ""), request.GET.get("version", "")
    asked = periods.read(text)
    known = version.isascii() and version.isdigit() and len(version) <= MOST
    if (text and asked is None) or (version and not known):
        raise Http404
    found = assessments.published(asked.key if asked else "", int(version) if known else None)
    if found is None:
        if text or version:
            raise Http404
        return render(request, "insight/assessment_empty.html")
    period = periods.read(found.period)
    stands = period is not None and assessments.stands(found, period)
    context = _shown(found.body if stands else assessments.without_residents(found.body)) | {
        "period": period, "found": found, "versions": assessments.versions(found.period),
        "gone": not stands,
        "quarters": [periods.read(key) for key in assessments.quarters()],
        "definition": found.body["name"],
    }  # fmt: skip
    context["rows"] = [row for row in context["rows"] if _spoken_of(row)]
    return render(request, "insight/assessment_public.html", context)
