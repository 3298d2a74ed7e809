"""The plan of a round as a form: when, where, by whom, which places, and why."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lingka.areas.levels import scheme
from lingka.areas.selectors import PlaceInfo
from lingka.cases.selectors.near import Near
from lingka.core.text import pick
from lingka.patrols import plans, reasons
from lingka.patrols.selectors import ChecklistInfo, infos

SHORT = 120
LONGEST = 60  # of a part of a name
UnitsNear = Callable[[str, str], Near]  # by a part of a name, with the one that is chosen
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
REPEATS: dict[str, Any] = {
    "daily": _("Every day"),
    "weekly": _("On days of the week"),
    "monthly": _("On a day of the month"),
    "rule": _("By a rule of one's own (RFC 5545)"),
}


def field_name(name: str, code: str) -> str:
    return f"{name}_{code}"


def day_field(label: Any, **asked: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **asked)


class Named(forms.Form):
    """Begins with a name in every language; `names()` gives them together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {
            field_name("name", code): forms.CharField(
                label=f"{_('Name')} · {language}", max_length=SHORT,
                widget=forms.TextInput(attrs={"lang": code}),
            )
            for code, language in settings.LANGUAGES
        }  # fmt: skip
        self.fields = {**named, **self.fields}

    def names(self) -> dict[str, str]:
        given = self.cleaned_data
        return {code: given[field_name("name", code)] for code, _name in settings.LANGUAGES}


def _hour(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget)


class Hours(forms.Form):
    """Between which hours of a day something is walked; `hours()` gives both as text."""

    from_hour = _hour(_("Not before"))
    until_hour = _hour(_("Done by"))

    def hours(self) -> tuple[str, str]:
        given = self.cleaned_data
        return f"{given['from_hour']:%H:%M}", f"{given['until_hour']:%H:%M}"


class ByUnit(forms.Form):
    """One of the units that are near, the others found by a part of their name."""

    unit = forms.TypedChoiceField(label=_("By which unit"), coerce=int)
    like = forms.CharField(label=_("A part of the unit's name"), required=False, max_length=LONGEST)

    def __init__(self, *args: Any, near: UnitsNear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data if self.is_bound else self.initial
        like = str(given.get("like") or "").strip()[:LONGEST]
        found = near(like, str(given.get("unit") or ""))
        self.fields["unit"].choices = [*found.shown]  # type: ignore[attr-defined]
        self.sought = bool(found.more or like)
        if found.more:
            self.fields["like"].help_text = ngettext(
                "The nearest are listed; %(n)s more is found by a part of its name",
                "The nearest are listed; %(n)s more are found by a part of their names",
                found.more,
            ) % {"n": found.more}
        elif like and len(found.shown) == bool(given.get("unit")):
            self.fields["like"].help_text = _("No unit is called so here.")


class PlanForm(Named, Hours, ByUnit):
    """Everything but the stops, which are chosen in a list of the area's places."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(plans.KINDS.items()))
    level = forms.ChoiceField(label=_("Walked as"), choices=list(plans.LEVELS.items()))
    repeat = forms.ChoiceField(label=_("How often"), choices=list(REPEATS.items()))
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(key, WEEKDAYS[at]) for at, key in enumerate(DAYS)],
    )  # fmt: skip
    month_day = forms.IntegerField(
        label=_("Day of the month"), required=False, min_value=1, max_value=28
    )
    rule = forms.CharField(
        label=_("Rule of one's own"), required=False, max_length=200,
        help_text=_("As in FREQ=MONTHLY;BYDAY=1MO for the first Monday of each month."),
    )  # fmt: skip
    begins_on = day_field(_("From"))
    ends_on = day_field(_("Last day"), required=False)
    holidays = forms.ChoiceField(label=_("Holidays"), choices=list(plans.HOLIDAYS.items()))
    reason = forms.CharField(label=_("Why this plan, or this change"), max_length=300)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        needed = {"weekly": "weekdays", "monthly": "month_day", "rule": "rule"}
        field = needed.get(given.get("repeat", ""))
        if field and not given.get(field):
            self.add_error(field, _("Please fill this in for what you chose above."))
        return given


def rule_of(given: Mapping[str, Any]) -> str:
    """The recurrence that a form says."""
    if given["repeat"] == "weekly":
        return "FREQ=WEEKLY;BYDAY=" + ",".join(given["weekdays"])
    if given["repeat"] == "monthly":
        return f"FREQ=MONTHLY;BYMONTHDAY={given['month_day']}"
    return "FREQ=DAILY" if given["repeat"] == "daily" else str(given["rule"]).strip().upper()


def body_of(form: PlanForm, area: int, stops: list[dict[str, Any]]) -> dict[str, Any]:
    """A plan's body, from a valid form and the places that were ticked."""
    given, (begin, end) = form.cleaned_data, form.hours()
    return {
        "name": form.names(),
        "kind": given["kind"], "rule": rule_of(given), "level": given["level"], "area": area,
        "unit": given["unit"], "begins_on": given["begins_on"].isoformat(),
        "ends_on": given["ends_on"].isoformat() if given["ends_on"] else None,
        "holidays": given["holidays"], "from": begin, "until": end,
        "stops": stops,
    }  # fmt: skip


def initial_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """A plan's body as the form shows it."""
    shown = {
        "kind": body["kind"], "level": body["level"], "unit": body["unit"],
        "begins_on": date.fromisoformat(body["begins_on"]),
        "ends_on": date.fromisoformat(body["ends_on"]) if body["ends_on"] else None,
        "from_hour": body["from"], "until_hour": body["until"], "holidays": body["holidays"],
        **_repeat(body["rule"]),
    }  # fmt: skip
    for code, _name in settings.LANGUAGES:
        shown[field_name("name", code)] = body["name"].get(code, "")
    return shown


def _repeat(rule: str) -> dict[str, Any]:
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    simple = len(parts) == 2  # noqa: PLR2004 - how often, and on which
    days = parts.get("BYDAY", "").split(",")
    if rule == "FREQ=DAILY":
        return {"repeat": "daily"}
    if simple and parts["FREQ"] == "WEEKLY" and set(days) <= set(DAYS):
        return {"repeat": "weekly", "weekdays": days}
    if simple and parts["FREQ"] == "MONTHLY" and parts.get("BYMONTHDAY", "").isdigit():
        return {"repeat": "monthly", "month_day": int(parts["BYMONTHDAY"])}
    return {"repeat": "rule", "rule": rule}


NEW = {
    "kind": "daily", "level": "grid", "repeat": "daily", "from_hour": "09:30",
    "until_hour": "18:30", "holidays": "skip",
}  # fmt: skip


# -- stops -----------------------------------------------------------------------------------


class Choosable:
    """One place of the area, with the checklist that is gone through there."""

    def __init__(self, place: PlaceInfo, chosen: Mapping[int, str]) -> None:
        self.place = place
        self.kind = pick(scheme().place_kinds.get(place.kind, {})) or place.kind
        self.chosen = place.id in chosen
        fits = [one for one in infos() if place.kind in one.body["fits"]]
        wanted = chosen.get(place.id)
        if wanted and wanted not in {one.key for one in fits}:
            fits += [one for one in infos() if one.key == wanted]
        self.options = [(one.key, pick(one.body["title"])) for one in fits]
        self.checklist = wanted if wanted is not None else ""


def stops_of(
    sent: Mapping[str, Any], places: Sequence[PlaceInfo], notes: Mapping[int, Any]
) -> list[dict[str, Any]]:
    """The stops that a sent form ticks; notes on places stay as they were."""
    return [
        {
            "place": one.id, "checklist": str(sent.get(f"checklist_{one.id}", ""))[:64],
            "note": notes.get(one.id) or {},
        }
        for one in places if sent.get(f"place_{one.id}")
    ]  # fmt: skip


def excuses() -> list[tuple[str, Any]]:
    return list(reasons.MISSED.items())


def titles() -> dict[str, str]:
    """Names of the checklists in force."""
    listed: list[ChecklistInfo] = infos()
    return {one.key: pick(one.body["title"]) for one in listed}
