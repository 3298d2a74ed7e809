"""How this reader wants pages: larger letters, light or dark. Two cookies, no account."""

from dataclasses import dataclass

from django.http import HttpRequest

SIZES = ("", "elder")
THEMES = ("", "light", "dark")
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Display:
    size: str = ""
    theme: str = ""

    @property
    def elder(self) -> bool:
        return self.size == "elder"


def display_of(request: HttpRequest) -> Display:
    """The reader's wishes; anything unknown in a cookie counts as no wish."""
    size = request.COOKIES.get("size", "")
    theme = request.COOKIES.get("theme", "")
    return Display(size if size in SIZES else "", theme if theme in THEMES else "")


def context(request: HttpRequest) -> dict[str, object]:
    """Template context processor: `display` and the address to come back to."""
    return {"display": display_of(request), "here": request.get_full_path()}
