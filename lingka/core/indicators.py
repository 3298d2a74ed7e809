"""What no indicator counts, anywhere: paper. Nobody may be asked to produce it as proof of work.

Whoever lets indicators be defined asks `faults` before a definition comes into force.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from lingka.core.faults import Fault

# Latin words as beginnings of words, others wherever they stand.
PAPER = (
    "form", "meeting", "ledger", "sheet", "questionnaire", "photo", "visit", "login",
    "click", "kilomet", "check-in",
    "表格", "填表", "报表", "会议", "开会", "台账", "台帐", "留痕", "照片数",
    "打卡", "登录", "里程",
    "རེའུ་མིག", "ཚོགས་འདུ", "ཐོ་དེབ", "འདྲ་པར་གྲངས",
)  # fmt: skip
_LATIN = tuple(word for word in PAPER if word.isascii())
_OTHERS = tuple(word for word in PAPER if not word.isascii())
_WORDS = re.compile(rf"(?:\b|_)(?:{'|'.join(_LATIN)})(?!al|at|er\b|ula)", re.IGNORECASE)


def paper_in(text: str) -> str:
    """The word by which a text names paper; "" where it names none."""
    found = _WORDS.search(text)
    if found:
        return found.group().strip("_")
    return next((word for word in _OTHERS if word in text), "")


def faults(key: str, counted: Mapping[str, Any]) -> list[Fault]:
    """What an indicator's definition counts that none may: every text in it is read."""
    named = {word: where for where, text in _texts(key, counted) if (word := paper_in(text))}
    return [paper(where, word) for word, where in named.items()]


def paper(where: str, word: str) -> Fault:
    said = _("“%(word)s” is paper; no indicator counts forms, meetings or ledger lines")
    return Fault("paper", where, said % {"word": word})


def _texts(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield f"{where}.{key}", str(key)
            yield from _texts(f"{where}.{key}", one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(where, one)
    elif isinstance(value, str):
        yield where, value
