"""A list, a project, and what changes of it, as forms."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.projects import rules
from lingka.projects.actions import Draft
from lingka.projects.labels import SHOWS
from lingka.projects.selectors import Step

LABELS = {"title": _("Title"), "text": _("What is done, and for whom"), "where": _("Where")}
LENGTHS = {"title": rules.TITLE, "text": rules.TEXT, "where": rules.WHERE}


def day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


def why(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=rules.WHY, required=required, widget=forms.Textarea({"rows": 2})
    )


def yuan(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=rules.MOST_COST)


class ListForm(forms.Form):
    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2999)

    def __init__(self, *args: Any, areas: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class PhotoForm(forms.Form):
    """A photo for everybody: what it shows, in words as well."""

    photo = forms.FileField(
        label=_("Photo"), widget=forms.FileInput({"accept": "image/*"}),
        help_text=_("Of the place and the work: nobody may be recognised."),
    )  # fmt: skip
    shows = forms.ChoiceField(label=_("What it shows"), choices=list(SHOWS.items()))
    milestone = forms.TypedChoiceField(
        label=_("Milestone"), coerce=UUID, required=False, empty_value=None
    )
    caption = forms.CharField(label=_("In words"), max_length=rules.CAPTION)

    def __init__(self, *args: Any, steps: tuple[Step, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("None")), *((str(one.uuid), one.title) for one in steps)]
        self.fields["milestone"].choices = choices  # type: ignore[attr-defined]


class TakeDownForm(forms.Form):
    photo = forms.UUIDField(widget=forms.HiddenInput)


class Worded(forms.Form):
    """Texts in every language; `said` gathers them."""

    texts: tuple[str, ...] = ("title",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in settings.LANGUAGES:
            for name in self.texts:
                attrs = {"lang": code, **({"rows": 3} if name == "text" else {})}
                widget = forms.Textarea(attrs) if name == "text" else forms.TextInput(attrs)
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{LABELS[name]} · {language}", max_length=LENGTHS[name], widget=widget
                )

    def said(self, name: str) -> dict[str, str]:
        data = self.cleaned_data
        return {code: data.get(f"{name}_{code}", "") for code, _name in settings.LANGUAGES}


class ProjectForm(Worded):
    texts = ("title", "text", "where")
    owner = forms.TypedChoiceField(label=_("Who owns it"), coerce=int)
    planned = yuan(_("Planned cost in yuan"))
    due = day(_("Done by"))

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", _("Choose…")), *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        draft = Draft(
            self.said("title"), self.said("text"), self.said("where"), data["owner"],
            data["planned"], data["due"],
        )  # fmt: skip
        return {**data, "draft": draft}


class MilestoneForm(Worded):
    due = day(_("Reached by"))

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or self.cleaned_data), "title": self.said("title")}


class ReachForm(forms.Form):
    milestone = forms.UUIDField(widget=forms.HiddenInput)


class MoveForm(forms.Form):
    due = day(_("The new day"))
    why = why(_("Why (everybody reads it)"))


class WhyForm(forms.Form):
    why = why(_("Why (everybody reads it)"))


class SpendForm(forms.Form):
    spent = yuan(_("Spent so far, in yuan"))
    why = why(_("Why, if it is more than planned"), required=False)
