"""The wishes that a member has claimed, on their own page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lingka.core import saying
from lingka.ledgers import selectors
from lingka.members.parts import Part, register
from lingka.members.selectors import MemberInfo


def _context(_request: HttpRequest, me: MemberInfo) -> dict[str, Any]:
    return {"claimed": selectors.claimed_by(me.id)}


def _rows(me: MemberInfo) -> list[tuple[str, str]]:
    return [
        (one.words, saying.moment(one.until) if one.until else "")
        for one in selectors.claimed_by(me.id)
    ]


def _export(me: MemberInfo) -> Any:
    return [one.words for one in selectors.claimed_by(me.id)]


register(
    Part("claimed_wishes", _("Wishes claimed"), 15, "ledgers/_mine.html", _context, _rows, _export)
)
