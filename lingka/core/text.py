"""Authored text in several languages: {"zh-hans": …, "bo": …, "en": …}; what numbers look like."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language

PHONE = re.compile(r"^\+?[0-9 ()-]{5,20}$")


def pick(names: Mapping[str, str], language: str | None = None) -> str:
    """The text in the language asked for or active, else in Chinese, else in any there is."""
    wanted = language or get_language() or settings.LANGUAGE_CODE
    for code in (wanted, settings.LANGUAGE_CODE, "en"):
        if names.get(code):
            return names[code]
    return next(iter(names.values()), "")
