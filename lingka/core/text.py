"""Authored text in several languages: {"zh-hans": …, "bo": …, "en": …}; what numbers look like."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language

PHONE = re.compile(r"^\+?[0-9 ()-]{5,20}$")
LONG = 9  # digits that are left behind the country's number where it was written without its sign
SURE = frozenset({"zh-hans", "bo"})  # languages that letters alone tell


def dialled(number: str) -> str:
    """A number as it would be dialled from abroad, however it was written; empty without digits."""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    code, bare = settings.COUNTRY_CODE, digits.lstrip("0")
    abroad = number.strip().startswith("+") or digits.startswith("00")
    if bare.startswith(code) and (abroad or len(bare) - len(code) >= LONG):
        return str(code + bare[len(code) :].lstrip("0"))
    return bare if abroad or not bare else str(code + bare)


def pick(names: Mapping[str, str], language: str | None = None) -> str:
    """The text in the language asked for or active, else in Chinese, else in any there is."""
    wanted = language or get_language() or settings.LANGUAGE_CODE
    for code in (wanted, settings.LANGUAGE_CODE, "en"):
        if names.get(code):
            return names[code]
    return next(iter(names.values()), "")


def language_of(text: str) -> str:
    """For `lang`, so that the right font and voice are used: by letters, not by guessing."""
    if any("\u0f00" <= letter <= "\u0fff" for letter in text):
        return "bo"
    if any("\u4e00" <= letter <= "\u9fff" for letter in text):
        return "zh-hans"
    return "en" if text else ""


def written_in(text: str) -> str:
    """What somebody wrote in just now: by letters that only one language has, else that of the
    page which they write on."""
    found = language_of(text)
    return found if found in SURE else get_language() or found
