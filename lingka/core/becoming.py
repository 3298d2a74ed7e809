"""What a need can become elsewhere. Whoever keeps wishes or projects says in a module called
`becoming` which codes are there, so that whoever keeps needs has to know none of them."""

from collections.abc import Callable
from functools import cache

from django.utils.module_loading import autodiscover_modules

KNOWN: dict[str, Callable[[str], bool]] = {}  # by the state in which the need ends


def register(state: str, known: Callable[[str], bool]) -> None:
    KNOWN[state] = known


@cache
def _discover() -> None:
    autodiscover_modules("becoming")


def is_there(state: str, code: str) -> bool:
    """Whether there is such a wish or project; a kind that nobody keeps has none."""
    _discover()
    return state in KNOWN and KNOWN[state](code)
