"""How this reader wants pages: larger letters, light or dark, the desk's list and case side by side
or one at a time. A cookie each, no account."""

from dataclasses import dataclass

from django.http import HttpRequest

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


def context(request: HttpRequest) -> dict[str, object]:
    """Template context processor: `display` and the address to come back to."""
    return {"display": display_of(request), "here": request.get_full_path()}
