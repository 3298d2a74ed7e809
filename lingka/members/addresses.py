"""A telephone number or an e-mail address, as somebody typed it, and how it is known again."""

from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from lingka.core.crypto import mac
from lingka.core.problems import Problem
from lingka.core.text import PHONE, dialled

LONGEST = 120
SHOWN = 3  # signs at its end
FEWEST, MOST = 7, 15  # digits with the country's number (E.164)


@dataclass(frozen=True)
class Address:
    kind: Literal["phone", "email"]
    to: str

    @property
    def known_by(self) -> str:
        """The same for every way of writing it."""
        return dialled(self.to) if self.kind == "phone" else self.to.casefold()

    @property
    def mac(self) -> bytes:
        return mac(f"member:{self.kind}", self.known_by)

    @property
    def hidden(self) -> str:
        """Enough for its owner to know which it is: "•••• 234", "b•••@example.org"."""
        if self.kind == "phone":
            return f"•••• {self.to[-SHOWN:]}"
        name, _at, host = self.to.partition("@")
        return f"{name[:1]}•••@{host}"

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "to": self.to}


def read(typed: str) -> Address:
    """Raises Problem beside the field for what is neither."""
    text = " ".join(typed.split())[:LONGEST]
    if "@" in text:
        try:
            validate_email(text)
        except ValidationError:
            raise _wrong() from None
        return Address("email", text)
    if not PHONE.match(text) or not FEWEST <= len(dialled(text)) <= MOST:
        raise _wrong()
    return Address("phone", text)


def _wrong() -> Problem:
    said = _("Enter a mobile number, like 139 0000 1234, or an e-mail address.")
    return Problem("to", said, field="to", status=422)
