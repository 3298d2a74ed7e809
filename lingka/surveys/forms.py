"""The form that opens a survey. It asks and tidies; the action decides."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lingka.core.text import pick
from lingka.surveys import rules


class OpenForm(forms.Form):
    template = forms.ChoiceField(label=_("Questions asked"))
    area = forms.TypedChoiceField(label=_("Which area"), coerce=int)
    until = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, areas: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = rules.shipped()["surveys"]
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            (key, pick(one["name"])) for key, one in asked.items()
        ]
        self.fields["area"].choices = areas  # type: ignore[attr-defined]

    def clean_until(self) -> datetime:
        """The end of that day on the town's calendar."""
        day = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(day, time(23, 59)))
