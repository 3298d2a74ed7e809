"""A place in a form: offered from near by, found by a search; what was there stays, also without
JavaScript."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from lingka.areas import selectors as areas
from lingka.areas.selectors import PlaceInfo
from lingka.core.text import pick

MOST = 30  # places in one list: others are found by more of their name
LONGEST = 60
FIND, SENT = "find_", "_sent"


@dataclass(frozen=True)
class Search:
    """Which places do: near by before anything is searched, within all areas of the reader after.

    `by` is what the form sends of a place: its "id" or its "uuid". `ahead` are offered first; of no
    kinds all do.
    """

    near: int
    within: tuple[int, ...]
    kinds: tuple[str, ...] = ()
    by: str = "uuid"
    without: frozenset[int] = frozenset()
    ahead: tuple[PlaceInfo, ...] = ()

    def found(self, text: str) -> list[PlaceInfo]:
        coded = areas.place_by_code(text) if text else None
        if coded is not None and self._does(coded):
            return [coded]
        scope = self.within if text else (self.near,)
        first = () if text else self.ahead
        without = self.without | {one.id for one in first}
        found = areas.places_named(text, scope, MOST, kinds=self.kinds, without=without)
        return [*first, *found][:MOST]

    def _does(self, one: PlaceInfo) -> bool:
        return one.id not in self.without and (not self.kinds or one.kind in self.kinds)

    def one(self, given: str) -> PlaceInfo | None:
        """What was there or was chosen, wherever it lies."""
        try:
            if self.by == "id":
                return areas.places([int(given)]).get(int(given)) if len(given) < LONGEST else None
            return next(iter(areas.places_by_uuid([UUID(given)])), None)
        except (ValueError, OverflowError):
            return None

    def choices(self, found: Iterable[PlaceInfo], given: str) -> dict[str, str]:
        listed = {str(getattr(one, self.by)): _called(one) for one in found}
        if given and given not in listed and (there := self.one(given)) is not None:
            listed = {given: _called(there), **listed}
        return listed


def _called(one: PlaceInfo) -> str:
    return f"{pick(one.name)} · {pick(areas.area(one.grid_id).name)}"


class SearchingForm(forms.Form):
    """A form with places to search for. `sought` says what each list was found by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sought: dict[str, str] = {}
        self._found: dict[str, set[str]] = {}

    def add_place(self, key: str, label: Any, search: Search, *, required: bool) -> None:
        """A field to search by, and a list of what it finds."""
        text = self._typed(FIND + key)[:LONGEST]
        found = search.found(text)
        self.sought[FIND + key] = text
        self._found[key] = {str(getattr(one, search.by)) for one in found}
        self.fields[FIND + key] = forms.CharField(
            label=_("Search for a place"), required=False, max_length=LONGEST,
            help_text=_("By name, address or the code on its door."),
        )  # fmt: skip
        help_text = _("These are the first; search for others.") if len(found) == MOST else ""
        if text and not found:
            help_text = _("Nothing found by that.")
        listed = search.choices(found, self._said(key))
        self.fields[key] = forms.ChoiceField(
            label=label, required=required, choices=[("", "—"), *listed.items()],
            help_text=help_text,
        )  # fmt: skip
        if text and len(found) == 1 and not self.is_bound:
            self.initial[key] = next(iter(self._found[key]))

    def _said(self, name: str) -> str:
        """What the browser sent or, before, what was there."""
        return str((self.data if self.is_bound else self.initial).get(name) or "")

    def _typed(self, name: str) -> str:
        return self._said(name).replace("\x00", "").strip()  # no database takes a NUL

    def clean(self) -> dict[str, Any]:
        """What was typed and not searched for is not passed over."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for key, found in self._found.items():
            text, chosen = self.sought[FIND + key], given.get(key)
            if text and text != self._typed(FIND + key + SENT) and chosen not in found:
                said = _("Please choose one of those found, or empty the search.")
                self.errors.pop(key, None)
                self.add_error(key, said)
        return given


def looked_up(sent: Mapping[str, Any]) -> bool:
    """Whether the button beside a search was pressed."""
    return sent.get("do") == "find"
