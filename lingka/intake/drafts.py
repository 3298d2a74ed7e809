"""Keys by which a form keeps its uploaded files between attempts, without a session or cookie.

A key is the attachment's id, signed: whoever holds the form may show the file and send it along,
and nobody can name a file that another form uploaded.
"""

from uuid import UUID

from django.core import signing

from lingka.cases import waiting

_SALT = "intake.draft"
_SIMILAR_SALT = "intake.similar"
LIVES = waiting.LIVES
MOST_FILES = 6


def key_for(attachment: UUID, kind: str) -> str:
    """Return the key that the form carries for one uploaded file."""
    return waiting.key_for(attachment, kind, _SALT)


def opened(key: str) -> tuple[str, UUID] | None:
    """Return kind and id behind a key, or None when it is forged or too old."""
    return waiting.opened(key, _SALT)


def all_opened(keys: list[str]) -> list[tuple[str, str, UUID]]:
    """Return (key, kind, id) of those that hold, each once, at most as many as a case takes."""
    found = {key: opened(key) for key in keys}
    return [(key, *value) for key, value in found.items() if value][:MOST_FILES]


def offer_for(case: UUID) -> str:
    """Return a signed name of a case that was offered as similar."""
    return signing.TimestampSigner(salt=_SIMILAR_SALT).sign(case.hex)


def offered(key: str) -> UUID | None:
    """Return the case that was offered under this name, if it was."""
    try:
        return UUID(signing.TimestampSigner(salt=_SIMILAR_SALT).unsign(key, max_age=LIVES))
    except (signing.BadSignature, ValueError):
        return None
