"""An activity as a form: words in every language; when it takes place; when somebody went."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.core.text import pick
from lingka.members import rules as kinds
from lingka.members import selectors as members
from lingka.volunteering import kinds as all_kinds
from lingka.volunteering import rules, teaming
from lingka.volunteering.actions import Crew, Draft
from lingka.volunteering.labels import OFF
from lingka.volunteering.matching import LANGUAGES

LABELS = {"title": _("Title"), "text": _("What there is to do"), "where": _("Meeting point")}
LENGTHS = {"title": rules.TITLE, "text": rules.TEXT, "where": rules.WHERE}


def moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
    )


class ActivityForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"))
    training = forms.BooleanField(
        label=_("It is a training: the record shows it as one"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = members.kinds()  # type: ignore[attr-defined]
        for code, language in settings.LANGUAGES:
            for name, label in LABELS.items():
                attrs = {"lang": code, **({"rows": 4} if name == "text" else {})}
                widget = forms.Textarea(attrs) if name == "text" else forms.TextInput(attrs)
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{label} · {language}", max_length=LENGTHS[name], widget=widget
                )

    def clean(self) -> dict[str, Any]:
        """Adds what is wanted as a whole, for the action."""
        data = super().clean() or self.cleaned_data
        return {**data, "wanted": self._wanted(data)}

    def _wanted(self, data: dict[str, Any]) -> Draft:
        def said(name: str) -> dict[str, str]:
            return {code: data.get(f"{name}_{code}", "").strip() for code, _n in settings.LANGUAGES}

        return Draft(
            data.get("kind", ""), said("title"), said("text"), said("where"),
            bool(data.get("training")),
        )  # fmt: skip


class NewForm(ActivityForm):
    """Where it is, too: a community that one's posts cover."""

    area = forms.TypedChoiceField(label=_("Community"), coerce=int)

    def __init__(self, *args: Any, paths: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose…")), *members.communities(paths)
        ]  # fmt: skip


class ShiftForm(forms.Form):
    begins = moment(_("Begins"))
    ends = moment(_("Ends"))
    places = forms.IntegerField(
        label=_("Number of places"), min_value=1, max_value=rules.MOST_PLACES
    )


class OffForm(forms.Form):
    why = forms.ChoiceField(label=_("Why"), choices=[("", "—"), *OFF.items()])


class ReturnForm(forms.Form):
    words = forms.CharField(
        label=_("What should change"), max_length=rules.ASKED, widget=forms.Textarea({"rows": 3})
    )


class WentForm(forms.Form):
    service = forms.UUIDField(widget=forms.HiddenInput)
    went = moment(_("Went at"))


class LineForm(forms.Form):
    """One line of a list."""

    service = forms.UUIDField(widget=forms.HiddenInput)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the team"), max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip


def languages(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple,
        choices=settings.LANGUAGES,
    )  # fmt: skip


class CrewForm(forms.Form):
    """A team as whoever leads it wants it."""

    name = forms.CharField(label=_("Name of the team"), max_length=teaming.NAME)
    kind = forms.ChoiceField(label=_("What kind of help"))
    skills = forms.MultipleChoiceField(
        label=_("What you can do"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = languages(_("Languages that you speak"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = members.kinds()  # type: ignore[attr-defined]
        self.fields["skills"].choices = [  # type: ignore[attr-defined]
            (key, pick(names)) for key, names in teaming.skills().items()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        wanted = Crew(
            data.get("name", ""), data.get("kind", ""), data.get("skills", ()),
            data.get("languages", ()),
        )  # fmt: skip
        return {**data, "wanted": wanted}


class RightForm(forms.Form):
    """What is right instead of minutes that were confirmed."""

    service = forms.UUIDField(widget=forms.HiddenInput)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440)


class TimedForm(forms.Form):
    """What is needed or lent, in every language, and when."""

    area = forms.TypedChoiceField(label=_("Community"), coerce=int)
    kind = forms.ChoiceField(label=_("What kind of help"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days"), coerce=int, widget=forms.CheckboxSelectMultiple,
        choices=list(kinds.WEEKDAYS.items()),
        error_messages={"required": _("Choose at least one day.")},
    )  # fmt: skip
    times = forms.MultipleChoiceField(
        label=_("At what time"), widget=forms.CheckboxSelectMultiple,
        choices=list(kinds.TIMES.items()), error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages that are spoken there"), widget=forms.CheckboxSelectMultiple,
        choices=list(LANGUAGES.items()), required=False,
    )  # fmt: skip
    until = forms.DateField(
        label=_("Needed until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, areas: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", _("Choose…")), *areas]  # type: ignore[attr-defined]
        for code, language in settings.LANGUAGES:
            for name in ("title", "text"):
                attrs = {"lang": code, **({"rows": 3} if name == "text" else {})}
                widget = forms.Textarea(attrs) if name == "text" else forms.TextInput(attrs)
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{LABELS[name]} · {language}", max_length=LENGTHS[name], widget=widget
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data

        def said(name: str) -> dict[str, str]:
            return {code: data.get(f"{name}_{code}", "").strip() for code, _n in settings.LANGUAGES}

        if self.errors:
            return data
        given = {one: data[one] for one in ("kind", "weekdays", "times", "languages", "until")}
        return {**data, "given": given | {"title": said("title"), "text": said("text")}}


class NeedForm(TimedForm):
    """What a community needs: hands, or a thing that stands idle elsewhere."""

    def __init__(self, *args: Any, paths: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, areas=members.communities(paths), **kwargs)
        self.fields["kind"].choices = all_kinds.choices()  # type: ignore[attr-defined]


class ResourceForm(TimedForm):
    """What stands idle in a unit, for whom and when."""

    unit = forms.TypedChoiceField(label=_("Whose it is"), coerce=int)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, areas=members.communities(), **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        lent = all_kinds.choices(of=all_kinds.resources())
        self.fields["kind"].choices = lent  # type: ignore[attr-defined]
        self.fields["kind"].label = _("What is lent")
        self.fields["until"].label = _("Lent until")


class BackForm(forms.Form):
    resource = forms.UUIDField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    """A need that nobody delivers: it hangs as a wish, became a project, or is declined."""

    became = forms.CharField(label=_("Its code"), max_length=16)


class DeclineForm(forms.Form):
    why = forms.CharField(
        label=_("Why (everybody reads it)"), max_length=rules.TEXT,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


class PickForm(forms.Form):
    unit = forms.TypedChoiceField(label=_("Who sees to it"), coerce=int)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
