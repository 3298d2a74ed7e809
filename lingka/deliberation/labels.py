"""What states, steps and origins are called."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.deliberation.models import Meeting, Topic

State = Topic.State
STATES: dict[str, Any] = {
    State.ASKED: _("to be looked at"),
    State.OPEN: _("to be talked over"),
    State.AGENDA: _("on the agenda"),
    State.VOTING: _("being voted on"),
    State.ADOPTED: _("adopted"),
    State.IN_WORK: _("being carried out"),
    State.RETURNED: _("back at the table"),
    State.DONE: _("carried out"),
    State.REJECTED: _("not adopted"),
    State.DECLINED: _("not for this council"),
}
COLLECTS = _("collecting voices")
ORIGINS: dict[str, Any] = {
    Topic.Origin.PROPOSAL: _("A neighbour's proposal"),
    Topic.Origin.OFFICE: _("Brought by the community"),
    Topic.Origin.CASE: _("From a case that grew large"),
}
STEPS: dict[str, Any] = {
    "support": _("Neighbours support it"),
    "invite": _("Invited, and why"),
    "materials": _("Materials laid out"),
    "meet": _("Talked over"),
    "talk": _("Talked over in writing"),
    "decide": _("Decided"),
    "carry_out": _("Carried out"),
    "read_out": _("Result read out"),
}
MEETINGS: dict[str, Any] = {
    Meeting.State.PLANNED: _("planned"),
    Meeting.State.CONVENED: _("invited to"),
    Meeting.State.HELD: _("held"),
    Meeting.State.CALLED_OFF: _("called off"),
}
