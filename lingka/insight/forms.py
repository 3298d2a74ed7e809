"""Forms of appeals. They ask and tidy; the actions decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.core.text import pick
from lingka.insight.actions.appeals import LONGEST
from lingka.insight.definitions import Definition


class Words(forms.CharField):
    def __init__(self, label: Any, help_text: Any = "") -> None:
        super().__init__(
            label=label, help_text=help_text, max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 3}),
        )  # fmt: skip


class AppealForm(forms.Form):
    """What is not to be counted, and on what ground: one choice."""

    what = forms.ChoiceField(label=_("What should not be counted, and why"))
    words = Words(_("In your words"), _("The reviewer reads this, and the resident if you win."))

    def __init__(self, *args: Any, by: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            ("", _("Please choose")),
            *(
                (
                    pick(kind.label),
                    [(f"{kind.key}:{code}", pick(by.grounds[code])) for code in kind.grounds],
                )
                for kind in by.appeals
            ),
        ]


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[("upheld", _("It is not counted")), ("refused", _("It is counted on"))],
        widget=forms.RadioSelect,
    )
    words = Words(_("Reason"), _("The unit reads this, and the resident where it is not counted."))


class ObjectionForm(forms.Form):
    words = Words(_("Why it should be counted"))
