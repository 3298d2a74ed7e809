"""What is written on the pages of councils."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.ids import uuid7
from lingka.core.text import pick
from lingka.deliberation import rules
from lingka.deliberation.selectors import CouncilInfo, TopicInfo
from lingka.members import selectors as members
from lingka.units import selectors as units
from lingka.voting.forms import sizes_field, sizes_of

CODES = [code for code, _name in settings.LANGUAGES]
MOST_MONEY = 100_000_000


def area_of_text(label: Any, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea({"rows": 4}), **more
    )  # fmt: skip


class ProposalForm(forms.Form):
    title = forms.CharField(label=_("The matter in a few words"), max_length=rules.TITLE)
    text = area_of_text(
        _("What should be other than it is?"), rules.TEXT,
        help_text=_("Things and places, please: no names or numbers of people."),
    )  # fmt: skip
    thanked = forms.BooleanField(
        label=_("Thank me with points if it is adopted"), required=False,
        help_text=_(
            "Only if you take part in the points bank. When you take back that you stand behind it,"
            " this goes with it."
        ),
    )  # fmt: skip
    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, member: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not member:
            del self.fields["thanked"]

    def clean_idempotency_key(self) -> Any:
        return self.cleaned_data.get("idempotency_key") or uuid7()


class Once(forms.Form):
    """A form that is sent twice is one deed."""

    idempotency_key = forms.UUIDField(required=False, initial=uuid7, widget=forms.HiddenInput)

    def clean_idempotency_key(self) -> Any:
        return self.cleaned_data.get("idempotency_key") or uuid7()


class TalkForm(Once):
    answers = forms.UUIDField(required=False, widget=forms.HiddenInput)
    text = area_of_text(
        _("What do you think should be done?"), rules.TEXT,
        help_text=_("In your own language. Things and places, no names or numbers of people."),
    )  # fmt: skip


class RaiseForm(Once):
    title = forms.CharField(label=_("The matter in a few words"), max_length=rules.TITLE)
    text = area_of_text(_("What should be other than it is?"), rules.TEXT)
    case = forms.CharField(
        label=_("Number of the case, if one grew into it"), max_length=16, required=False
    )


class CouncilForm(forms.Form):
    """A new council: its area and unit, and its words in every language."""

    kind = forms.ChoiceField(label=_("Kind"))
    area = forms.TypedChoiceField(label=_("Community"), coerce=int)
    unit = forms.TypedChoiceField(label=_("Who keeps the table"), coerce=int)
    key = forms.SlugField(
        label=_("Its address"), max_length=64, help_text=_("Letters and digits, as in tea-house.")
    )
    seats = forms.IntegerField(
        label=_("Seats, where the quorum is a share of them"), required=False, min_value=1,
        max_value=1000,
    )  # fmt: skip

    def __init__(self, *args: Any, paths: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(key, one.name) for key, one in rules.kinds().items()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["area"].choices = members.communities(paths)  # type: ignore[attr-defined]
        self.fields["unit"].choices = unit_choices(paths)  # type: ignore[attr-defined]
        name, about = _("Name"), _("When and where it sits")
        for code, language in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=f"{name} · {language}", max_length=rules.TITLE,
                widget=forms.TextInput({"lang": code}),
            )  # fmt: skip
            self.fields[f"about_{code}"] = forms.CharField(
                label=f"{about} · {language}", max_length=rules.WHERE,
                required=False, widget=forms.TextInput({"lang": code}),
            )  # fmt: skip

    def given(self) -> dict[str, Any]:
        """For the action, once it is valid."""
        data = self.cleaned_data
        plain = {one: data[one] for one in ("kind", "area", "unit", "key", "seats")}
        return plain | self.texts()

    def texts(self) -> dict[str, dict[str, str]]:
        data = self.cleaned_data
        return {
            part: {code: data[f"{part}_{code}"].strip() for code in CODES}
            for part in ("name", "about")
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        return data if self.errors else data | {"given": self.given()}


class ChangeForm(CouncilForm):
    """What can be other of a council that sits already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "area", "key"):
            del self.fields[name]

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {one: data[one] for one in ("unit", "seats")} | self.texts()


class CloseForm(forms.Form):
    successor = forms.ChoiceField(label=_("Where its topics go on"), required=False)
    why = area_of_text(
        _("Why it sits no more"), rules.TEXT, required=False,
        help_text=_("Everybody reads it. Needed where no other council goes on."),
    )  # fmt: skip

    def __init__(self, *args: Any, others: list[CouncilInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((one.key, one.name) for one in others)]
        self.fields["successor"].choices = choices  # type: ignore[attr-defined]


def unit_choices(paths: tuple[str, ...]) -> list[tuple[int, str]]:
    return _named(one for one in units.units() if one.area_path.startswith(paths))


def serving(path: str) -> list[tuple[int, str]]:
    """Units of an area and of all above it: those of elsewhere have no part in its matters."""
    return _named(
        one for one in units.units()
        if one.area_path.startswith(path) or path.startswith(one.area_path)
    )  # fmt: skip


def _named(found: Iterable[units.UnitInfo]) -> list[tuple[int, str]]:
    return sorted(((one.id, pick(one.name)) for one in found), key=lambda pair: pair[1])


class PlanForm(Once):
    starts_at = forms.DateTimeField(
        label=_("Begins"), input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    where = forms.CharField(label=_("Where"), max_length=rules.WHERE)


class DeclineForm(forms.Form):
    why = area_of_text(_("Why it is not for this council"), rules.TEXT)


class HideForm(forms.Form):
    contribution = forms.UUIDField(widget=forms.HiddenInput)
    rule = forms.CharField(max_length=16)


class JudgeForm(forms.Form):
    contribution = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.BooleanField(required=False)


class MaterialForm(forms.Form):
    name = forms.CharField(label=_("What it shows"), max_length=rules.TITLE)
    photo = forms.FileField(label=_("Picture or plan"))


class TopicForm(forms.Form):
    """One of the topics that can be put on the agenda."""

    topic = forms.TypedChoiceField(label=_("Topic"), coerce=UUID)

    def __init__(self, *args: Any, topics: list[TopicInfo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.uuid), one.title) for one in topics]
        self.fields["topic"].choices = choices  # type: ignore[attr-defined]


class InviteForm(TopicForm):
    name = forms.CharField(
        label=_("Which group"), max_length=rules.GROUP, required=False,
        help_text=_("As in: those who live in yard three. No person's name."),
    )  # fmt: skip
    unit = forms.TypedChoiceField(
        label=_("Or which unit"), coerce=int, required=False, empty_value=None
    )
    reason = forms.ChoiceField(label=_("Why they are asked"))
    field_order = ("topic", "name", "unit", "reason")

    def __init__(self, *args: Any, path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = [(key, pick(name)) for key, name in rules.reasons().items()]
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", "–"), *serving(path)]  # type: ignore[attr-defined]


class RecordForm(forms.Form):
    voice = forms.FileField(label=_("Voice note"))


class HoldForm(forms.Form):
    present = forms.IntegerField(
        label=_("How many were there"), min_value=1, max_value=rules.MOST_PRESENT,
        help_text=_("Those who scanned are counted; count also those who did not."),
    )  # fmt: skip
    minutes = area_of_text(
        _("What was said, in short"), rules.WORDS, help_text=_("Arguments, without names.")
    )


class DecideForm(TopicForm):
    yes = forms.IntegerField(label=_("Hands for it"), min_value=0, max_value=rules.MOST_PRESENT)
    no = forms.IntegerField(label=_("Hands against it"), min_value=0, max_value=rules.MOST_PRESENT)
    abstained = forms.IntegerField(
        label=_("Neither"), min_value=0, max_value=rules.MOST_PRESENT, initial=0
    )
    words = area_of_text(_("What was decided"), rules.TEXT)
    dissent = area_of_text(
        _("What was said on the other side"), rules.TEXT, required=False,
        help_text=_("Arguments, without names."),
    )  # fmt: skip


class VoteForm(forms.Form):
    """A proposal that goes to a vote: the question in every language, the rule, what it decides."""

    words = area_of_text(_("What is decided if it is carried"), rules.TEXT)
    rule = forms.ChoiceField(label=_("Voting rule"))

    def __init__(self, *args: Any, kind: rules.Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [
            (one.key, " · ".join((str(one.name), *map(str, one.said)))) for one in kind.ballots
        ]
        self.fields["rule"].choices = names  # type: ignore[attr-defined]
        for code, language in settings.LANGUAGES:
            self.fields[f"question_{code}"] = forms.CharField(
                label=f"{_('The question')} · {language}", max_length=rules.QUESTION,
                widget=forms.Textarea({"lang": code, "rows": 2}),
            )  # fmt: skip
        if kind.vote and kind.vote.roll == "flats":
            self.fields["sizes"] = sizes_field(required=True)
        self.order_fields([*(f"question_{code}" for code in CODES), "words", "rule"])

    def clean_sizes(self) -> list[Decimal]:
        return sizes_of(self.cleaned_data["sizes"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        return data | {"question": {code: data.get(f"question_{code}", "") for code in CODES}}


class ResolveForm(forms.Form):
    unit = forms.TypedChoiceField(label=_("Who carries it out"), coerce=int)
    until = forms.DateField(
        label=_("Done by"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    budget = forms.IntegerField(
        label=_("Budget in yuan, if there is one"), required=False, min_value=0,
        max_value=MOST_MONEY,
    )  # fmt: skip

    def __init__(self, *args: Any, path: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "–"), *serving(path)]  # type: ignore[attr-defined]
