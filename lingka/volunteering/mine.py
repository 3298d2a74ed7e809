"""What a member sees of their activities on their own page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, saying
from lingka.members.parts import Part, register
from lingka.members.selectors import MemberInfo
from lingka.volunteering import records, selectors

SHOWN = 3  # of what others do, where one has little of one's own


def _context(_request: HttpRequest, me: MemberInfo) -> dict[str, Any]:
    mine = selectors.mine(me.uuid)
    coming = [one for one in mine if one.shift.ends_at > clock.now()]
    going = [one for one in coming if one.state in {"going", "waiting", "here", "off"}]
    held = {one.activity.code for one in going}
    others = [one for one in selectors.public(area=me.area_id) if one.code not in held]
    return {
        "going": sorted(going, key=lambda one: one.shift.starts_at), "others": others[:SHOWN],
        "hours": saying.served(selectors.minutes_of(me.uuid)),
        "waits": sum(one.state in {"gone", "review"} for one in mine),
    }  # fmt: skip


register(
    Part(
        "service_record", _("Places in activities"), 10, "volunteering/_mine.html", _context,
        records.rows, records.as_json,
    )
)  # fmt: skip
