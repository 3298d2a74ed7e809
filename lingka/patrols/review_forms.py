"""A decision of the monthly review as a form: what, and what it becomes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.patrols import plans
from lingka.patrols.actions import NewCase, NewRule
from lingka.patrols.actions.reviewing import LONGEST
from lingka.patrols.finding import Search, SearchingForm

BECOMES = {"case": _("A case: somebody sees to it"), "plan": _("A plan that is changed")}
Choices = Sequence[tuple[Any, str]]


class DecisionForm(SearchingForm):
    """Each decision becomes something: none is only written down. What it becomes is asked first,
    so that only what is needed for that is asked then."""

    words = forms.CharField(
        label=_("What was decided"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, becomes: str, plans: Choices = (), kinds: Choices = (), search: Search,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.becomes = becomes
        if becomes == "case":
            listed = [("", "—"), *kinds]
            self.fields["case_type"] = forms.ChoiceField(label=_("Kind of case"), choices=listed)
            self.add_place("place", _("Where"), search, required=False)
        else:
            self._ask_for_plan(plans)

    def _ask_for_plan(self, listed: Choices) -> None:
        self.fields["plan"] = forms.ChoiceField(label=_("Which plan"), choices=[("", "—"), *listed])
        self.fields["rule"] = forms.ChoiceField(
            label=_("Walked from now on"), choices=list(plans.OFTEN.items())
        )

    def outcome(self) -> NewCase | NewRule:
        given = self.cleaned_data
        if self.becomes == "case":
            return NewCase(given["case_type"], int(given["place"]) if given["place"] else None)
        return NewRule(UUID(given["plan"]), given["rule"])

    def refuse(self, refused: Exception) -> None:
        field = getattr(refused, "field", None)
        self.add_error(field if field in self.fields else None, str(refused))
