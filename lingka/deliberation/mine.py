"""What a member sees of councils on their own page: what they stand behind, what became of it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lingka.deliberation import selectors, talked
from lingka.members.parts import Part, register
from lingka.members.selectors import MemberInfo


def _context(_request: HttpRequest, me: MemberInfo) -> dict[str, Any]:
    return {
        "mine": selectors.own(me.uuid),
        "hidden": [one for one in talked.by(me.uuid) if one.rule],
    }


def _rows(me: MemberInfo) -> list[tuple[str, str]]:
    own = selectors.own(me.uuid)
    behind, told = _("You stand behind it"), _("You are told of it")
    wished = _("You wished points for it if it is adopted")
    return [
        *((one.topic.title, behind if one.supports else told) for one in own),
        *((one.topic.title, wished) for one in own if one.thanked),
        *((_("What you wrote"), one.text) for one in talked.by(me.uuid)),
    ]


def _export(me: MemberInfo) -> list[dict[str, Any]]:
    return [
        {
            "topic": str(one.topic.uuid),
            "title": one.topic.title,
            "supports": one.supports,
            "thanked": one.thanked,
        }
        for one in selectors.own(me.uuid)
    ] + [
        {"topic": str(one.topic), "wrote": one.text, "at": one.at.isoformat()}
        for one in talked.by(me.uuid)
    ]


register(
    Part(
        "councils", gettext_lazy("Topics of councils"), 25, "deliberation/_mine.html", _context,
        _rows, _export,
    )
)  # fmt: skip
