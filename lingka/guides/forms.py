"""A guide as a form: each text in every language, papers a line each."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lingka.cases.selectors import case_types

SHORT, LONG = 200, 4000
CODES = [code for code, _name in settings.LANGUAGES]


def field_name(name: str, code: str) -> str:
    """The form's field for one language; problems of `rules` are said beside it."""
    return f"{name}_{code}"


class GuideForm(forms.Form):
    """Title, answer, papers and the rest; whole in every language, with source and date."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("answer", _("Answer")), ("service", _("Service with papers"))]
    )
    source_date = forms.DateField(
        label=_("Source is of"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    keywords = forms.CharField(
        label=_("Words by which people ask, with spaces between"), required=False, max_length=400
    )
    case_type = forms.ChoiceField(label=_("What it becomes when it is not enough"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", "—"), *((one.key, one.name) for one in case_types())]
        self.fields["case_type"].choices = kinds  # type: ignore[attr-defined]
        for code, language in settings.LANGUAGES:
            for name, label, long, needed in PARTS:
                field = _long(code) if long else _short(code)
                field.label, field.required = f"{label} · {language}", needed
                self.fields[field_name(name, code)] = field

    def clean(self) -> dict[str, Any]:
        """Adds `body`: the guide that the form says, as `actions.publish` takes it."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            given["body"] = self._body(given)
        return given

    def _body(self, given: Mapping[str, Any]) -> dict[str, Any]:
        body: dict[str, Any] = {
            "kind": given["kind"],
            "source_date": given["source_date"].isoformat(),
            "keywords": given["keywords"].split(),
            "case_type": given["case_type"],
            "papers": _papers(given),
        }
        for name, *_rest in PARTS:
            if name != "papers":
                texts = {code: given[field_name(name, code)].strip() for code in CODES}
                body[name] = texts if any(texts.values()) else {}
        return body


# name, label, in several lines, needed
PARTS: list[tuple[str, Any, bool, bool]] = [
    ("title", _("Question"), False, True),
    ("answer", _("Answer"), True, True),
    ("papers", _("Papers needed, one a line"), True, False),
    ("takes", _("How long it takes"), False, False),
    ("fee", _("Fee"), False, False),
    ("where", _("Where"), False, False),
    ("source", _("Source"), False, True),
]


def _short(code: str) -> forms.CharField:
    return forms.CharField(max_length=SHORT, widget=forms.TextInput(attrs={"lang": code}))


def _long(code: str) -> forms.CharField:
    return forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"lang": code, "rows": 4}))


def _papers(given: Mapping[str, Any]) -> list[dict[str, str]]:
    """The n-th lines of all languages are one paper; a line that one lacks is found by `rules`."""
    lines = {
        code: [line.strip() for line in given[field_name("papers", code)].splitlines() if line]
        for code in CODES
    }
    most = max(len(several) for several in lines.values())
    return [
        {code: lines[code][at] if at < len(lines[code]) else "" for code in CODES}
        for at in range(most)
    ]


def initial(body: Mapping[str, Any]) -> dict[str, Any]:
    """A guide's body as the form shows it."""
    shown: dict[str, Any] = {
        "kind": body["kind"],
        "source_date": body["source_date"],
        "keywords": " ".join(body.get("keywords", ())),
        "case_type": body.get("case_type", ""),
    }
    for code in CODES:
        for name, *_rest in PARTS:
            if name == "papers":
                papers = [paper[code] for paper in body.get("papers", ())]
                shown[field_name(name, code)] = "\n".join(papers)
            else:
                shown[field_name(name, code)] = (body.get(name) or {}).get(code, "")
    return shown
