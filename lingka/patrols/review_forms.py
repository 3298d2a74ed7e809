"""A decision of the monthly review as a form: what, and what it becomes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.patrols import plans
from lingka.patrols.actions import NewCase, NewRule
from lingka.patrols.actions.reviewing import LONGEST

BECOMES = {"case": _("A case: somebody sees to it"), "plan": _("A plan that is changed")}
Choices = Sequence[tuple[Any, str]]
NEEDED = {"case": "case_type", "plan": "plan"}


class DecisionForm(forms.Form):
    """Each decision becomes something: none is only written down."""

    words = forms.CharField(
        label=_("What was decided"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    becomes = forms.ChoiceField(label=_("It becomes"), choices=list(BECOMES.items()))
    case_type = forms.ChoiceField(label=_("Kind of case"), required=False)
    place = forms.TypedChoiceField(label=_("Where"), coerce=int, required=False, empty_value=None)
    plan = forms.ChoiceField(label=_("Which plan"), required=False)
    rule = forms.ChoiceField(
        label=_("Walked from now on"), required=False, choices=list(plans.OFTEN.items())
    )

    def __init__(
        self, *args: Any, plans: Choices = (), places: Choices = (), kinds: Choices = (),
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name, listed in (("plan", plans), ("place", places), ("case_type", kinds)):
            self.fields[name].choices = [("", "—"), *listed]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        field = NEEDED.get(given.get("becomes", ""))
        if field and field not in self.errors and not given.get(field):
            self.add_error(field, _("Please fill this in for what you chose above."))
        return given

    def outcome(self) -> NewCase | NewRule:
        given = self.cleaned_data
        if given["becomes"] == "case":
            return NewCase(given["case_type"], given["place"])
        return NewRule(UUID(given["plan"]), given["rule"])

    def refuse(self, refused: Exception) -> None:
        field = getattr(refused, "field", None)
        self.add_error(field if field in self.fields else None, str(refused))
