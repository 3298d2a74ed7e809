"""How this reader wants pages: larger letters, light or dark, the desk's list and case side by side
or one at a time. A cookie each, no account."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

SIZES = ("", "elder")
THEMES = ("", "light", "dark")
SPLITS = ("", "single")  # of the desk: list and case side by side, or one at a time
WISHES = {"size": SIZES, "theme": THEMES, "split": SPLITS}
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Display:
    size: str = ""
    theme: str = ""
    split: str = ""

    @property
    def elder(self) -> bool:
        return self.size == "elder"


def display_of(request: HttpRequest) -> Display:
    """The reader's wishes; anything unknown in a cookie counts as no wish."""
    wished = {name: request.COOKIES.get(name, "") for name in WISHES}
    return Display(**{name: said for name, said in wished.items() if said in WISHES[name]})


def known_language(wanted: str) -> str:
    """The code of a language that Lingka speaks; the reader's own for any other."""
    own = translation.get_language() or settings.LANGUAGE_CODE
    return wanted if wanted in dict(settings.LANGUAGES) else own


def for_another(request: HttpRequest) -> AbstractContextManager[None]:
    """What is made inside is for somebody else's eyes, in the language that `in` names."""
    return translation.override(known_language(request.GET.get("in", "")))


def context(request: HttpRequest) -> dict[str, object]:
    """Template context processor: `display` and the address to come back to; whether the page
    answers a form, so that its switches open another tab: what was typed stays in this one."""
    return {
        "display": display_of(request),
        "here": request.get_full_path(),
        "answers_form": request.method == "POST",
    }
