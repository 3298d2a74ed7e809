"""Votes on a member's own page: what they can vote on now, and in whose rolls they stand."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lingka.members.parts import Part, register
from lingka.members.selectors import MemberInfo
from lingka.voting import rules, selectors, showing
from lingka.voting.selectors import VoteInfo, VoterInfo

SAID = {"": _("not voted"), "online": _("voted"), "paper": _("on paper")}


def _own(me: MemberInfo, *states: str) -> list[tuple[VoteInfo, VoterInfo]]:
    found = [
        (one, selectors.voter(one.uuid, me.uuid)) for one in selectors.votes(states, member=me.uuid)
    ]
    return [(vote, voter) for vote, voter in found if voter is not None]


def _context(_request: HttpRequest, me: MemberInfo) -> dict[str, Any]:
    open_to = [(one, own) for one, own in _own(me, "open") if not own.voted]
    return {"votes": open_to, "follows": selectors.follows(me.uuid)}


def _chosen(vote: VoteInfo, own: VoterInfo) -> dict[str, str]:
    """What they chose, where it is kept by name."""
    return {} if own.choice is None else {"choice": showing.choice_name(vote, own.choice)}


def _said(vote: VoteInfo, own: VoterInfo) -> str:
    return " · ".join([gettext("In the roll"), str(SAID[own.voted]), *_chosen(vote, own).values()])


def _rows(me: MemberInfo) -> list[tuple[str, str]]:
    told = [(gettext("Told of votes"), gettext("yes"))] if selectors.follows(me.uuid) else []
    return told + [(one.question, _said(one, own)) for one, own in _own(me, *rules.STATES)]


def _export(me: MemberInfo) -> Any:
    return [
        {"vote": str(one.uuid), "number": own.number, "voted": own.voted} | _chosen(one, own)
        for one, own in _own(me, *rules.STATES)
    ]


register(Part("votes", _("Votes"), 5, "voting/_mine.html", _context, _rows, _export))
