"""Hears what happens to cases and writes down who is to be told. Sending comes later, apart."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from lingka.accounts.selectors import PostInfo
from lingka.cases import owed
from lingka.cases import selectors as cases
from lingka.cases.events import (
    CaseActed,
    CaseFollowed,
    CaseOpened,
    CasesMerged,
    ClockBreached,
    ClockWarned,
    ColleaguesMentioned,
    PartEnded,
    ReceiptSentAgain,
)
from lingka.cases.selectors import CaseNotice, Reachable
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.events import EventData, StoredEvent
from lingka.core.receivers import batch_receiver, receiver
from lingka.deliberation import selectors as deliberation
from lingka.deliberation import talked
from lingka.deliberation.events import ContributionMoved, TopicMoved
from lingka.insight.events import AppealDecided
from lingka.members import selectors as members
from lingka.members.events import MemberWarned
from lingka.notices.events import NoticeProlonged, NoticePublished
from lingka.notifications import texts
from lingka.notifications.audience import Audience
from lingka.notifications.models import Message
from lingka.notifications.tasks import wake
from lingka.patrols import selectors as patrols
from lingka.patrols.events import RoundMissed
from lingka.points import selectors as points
from lingka.points.events import HoldersTold
from lingka.rooms import actions as rooms
from lingka.rooms.events import BookingMovedUp
from lingka.units.events import AgreementExpired, AgreementRunsOut
from lingka.volunteering import selectors as volunteering
from lingka.volunteering.events import PlaceCalledOff, PlaceMovedUp, PlaceNear, PlaceTaken
from lingka.voting import selectors as voting
from lingka.voting.events import VoteCounted, VoteNear, VoteOpened

OF_A_RECEIPT: dict[type[EventData], str] = {
    CaseOpened: "opened",
    CaseFollowed: "followed",
    ReceiptSentAgain: "again",
    CasesMerged: "merged",
}
AGREEMENTS: dict[type[EventData], str] = {
    AgreementRunsOut: "agreement_soon",
    AgreementExpired: "agreement_over",
}
OF_A_PLACE: dict[type[EventData], str] = {
    PlaceMovedUp: "place_free",
    PlaceCalledOff: "place_off",
    PlaceNear: "place_near",
    PlaceTaken: "place_for_you",
}
OF_A_VOTE: dict[type[EventData], str] = {
    VoteOpened: "vote_opened",
    VoteNear: "vote_near",
    VoteCounted: "vote_counted",
}
CLAIM, LAST = "claim", 75  # the clock of a claimed wish, and its last warning, in percent
OF_A_TOPIC = {"in_work", "returned", "done", "rejected"}  # states that its people are told of
OF_TALK = {
    "written": "talk_replied", "hidden": "talk_hidden", "shown": "talk_shown",
    "kept_hidden": "talk_stays",
}  # fmt: skip
BESIDE = {"extension": "to_grant", "dispute": "to_rule", "listing": "to_list"}  # texts, by OWED
ASKED_BY = {"supervise": "until", "call_meeting": "at"}  # the moment told of is the one given
Told = tuple[str, str, Sequence[PostInfo]]  # topic, text, whose posts it concerns
STALE = timedelta(days=7)  # older news (an import, a rebuilt log) would only confuse


@batch_receiver(
    "notifications.tell",
    CaseOpened,
    CaseActed,
    CaseFollowed,
    CasesMerged,
    ClockWarned,
    ClockBreached,
    ReceiptSentAgain,
    AppealDecided,
    NoticePublished,
    NoticeProlonged,
    ColleaguesMentioned,
    PartEnded,
)
def tell(events: Sequence[StoredEvent]) -> None:
    """Write the messages of a batch: two reads when nobody can be reached, five at most.

    Delivered twice, it writes nothing new: a message is unique by event, recipient, channel.
    """
    events = [event for event in events if clock.now() - event.occurred_at < STALE]
    streams = {_case_of(event) for event in events}
    reachable: dict[UUID, list[Reachable]] = {}
    for one in cases.reachable(streams):
        reachable.setdefault(one.case_uuid, []).append(one)
    audience = Audience()
    if not reachable and not audience:
        return
    wanted = streams if audience else reachable.keys() & streams
    notices = cases.case_notices(wanted)
    messages = [
        message
        for event in events
        if (case := notices.get(_case_of(event))) is not None
        for message in (
            *_residents(event, case, reachable.get(_case_of(event), ())),
            *_staff(event, case, audience),
        )
    ]
    if messages:
        Message.objects.bulk_create(messages, ignore_conflicts=True)
        wake()


@receiver("notifications.agreements", AgreementRunsOut, AgreementExpired)
def tell_of_agreement(event: StoredEvent) -> None:
    """Tell both sides, the unit and the desks of the areas, before an agreement ends and after."""
    data = event.data
    assert isinstance(data, AgreementRunsOut | AgreementExpired)
    if clock.now() - event.occurred_at >= STALE or not (audience := Audience()):
        return
    page = reverse("agreement", args=[event.stream_id])
    pages = {post.user_id: "/desk/" for post in audience.unit(data.unit)}
    pages |= {post.user_id: page for area in data.areas for post in audience.desks(area)}
    values = {"unit": data.unit, "last_day": _last_day(data.valid_to)}
    messages = [
        _queued(
            event, f"user:{user}", channel, AGREEMENTS[type(data)],
            audience.people[user].language, values=values | {"page": where},
        )
        for user, where in pages.items()
        for channel in audience.channels(user, "agreements")
    ]  # fmt: skip
    if messages:
        Message.objects.bulk_create(messages, ignore_conflicts=True)
        wake()


@receiver(
    "notifications.members", PlaceMovedUp, PlaceCalledOff, PlaceNear, PlaceTaken, MemberWarned
)
def tell_a_member(event: StoredEvent) -> None:
    """Tell somebody of what they signed up for, or that their entry goes; unless they left."""
    data = event.data
    place = None if isinstance(data, MemberWarned) else volunteering.place_of(event.stream_id)
    who = members.member(UUID(getattr(data, "member", "")) if place else event.stream_id)
    if who is None or clock.now() - event.occurred_at >= STALE:
        return
    if isinstance(data, PlaceTaken) and event.actor.get("id") == who.id:
        return  # their own doing, not their captain's
    values: dict[str, Any] = {"page": "/me/"}
    if isinstance(data, MemberWarned):
        values["last_day"] = data.goes_on
    elif place is not None:
        activity, shift = place
        begins = shift.starts_at.isoformat()
        values = {"page": f"/v/{activity.code}", "what": activity.titles, "due": begins}
        with translation.override(who.language):
            values["why"] = str(shift.why_off)
    key = OF_A_PLACE.get(type(data), "member_goes")
    made = _queued(event, f"member:{who.uuid}", "contact", key, who.language, values=values)
    Message.objects.bulk_create([made], ignore_conflicts=True)
    wake()


@receiver("notifications.rooms", BookingMovedUp)
def tell_a_group(event: StoredEvent) -> None:
    """Tell a group that waited for a room that it has it, if it left a number."""
    found = rooms.freed(event.stream_id)
    if found is None or clock.now() - event.occurred_at >= STALE:
        return
    values = {"what": dict(found.room), "due": found.starts_at.isoformat()}
    made = _queued(
        event, f"booking:{event.stream_id}", "contact", "room_free", found.language, values=values
    )
    Message.objects.bulk_create([made], ignore_conflicts=True)
    wake()


@receiver("notifications.topics", TopicMoved)
def tell_of_a_topic(event: StoredEvent) -> None:
    """Tell those behind a council's topic, and those who asked to be told, what becomes of it."""
    data = event.data
    assert isinstance(data, TopicMoved)
    if data.state not in OF_A_TOPIC or clock.now() - event.occurred_at >= STALE:
        return
    undecided = event.actor["kind"] != "system" or deliberation.voted_back(event.stream_id)
    if data.state == "returned" and undecided:
        return  # it left an agenda or a vote undecided: that is not being late
    title, backers = deliberation.told_of(event.stream_id)
    page = reverse("deliberation:topic", args=[event.stream_id])
    values = {"page": page, "what": {settings.LANGUAGE_CODE: title}}
    made = [
        _queued(
            event, f"member:{who.uuid}", "contact", f"topic_{data.state}", who.language,
            values=values,
        )
        for who in members.members(backers).values()
    ]  # fmt: skip
    if made:
        Message.objects.bulk_create(made, ignore_conflicts=True)
        wake()


@receiver("notifications.talk", ContributionMoved)
def tell_who_wrote(event: StoredEvent) -> None:
    """Tell whoever wrote something that somebody else replied; or that it is hidden, so that they
    can object, and what came of that. What is kept of this leads neither to what they wrote nor to
    the topic."""
    data = event.data
    assert isinstance(data, ContributionMoved)
    key = OF_TALK.get(data.what)
    if key is None or clock.now() - event.occurred_at >= STALE:
        return
    moved = UUID(data.contribution)
    contribution = talked.answered(moved) if data.what == "written" else moved
    wrote = talked.author(contribution) if contribution else None
    who = members.member(wrote) if wrote else None
    if contribution is None or who is None:
        return
    at = talked.blinded(contribution, event.position)
    if Message.objects.filter(position=at).exists():
        return
    values = {"page": "/me/"}
    made = _queued(event, f"member:{who.uuid}", "contact", key, who.language, values=values)
    hour = made.created_at.replace(minute=0, second=0, microsecond=0)
    made.position, made.created_at, made.next_try_at = at, hour, hour
    Message.objects.bulk_create([made], ignore_conflicts=True)
    wake()


@receiver("notifications.votes", VoteOpened, VoteNear, VoteCounted)
def tell_of_a_vote(event: StoredEvent) -> None:
    """Tell those in the roll who asked for it, all alike: who has voted plays no part."""
    vote, counted = voting.vote(event.stream_id), isinstance(event.data, VoteCounted)
    if vote is None or clock.now() - event.occurred_at >= STALE:
        return
    if not counted and (vote.state != "open" or vote.closes_at <= clock.now()):
        return
    page = reverse("voting:vote", args=[event.stream_id])
    values = {"page": page, "what": vote.questions, "due": vote.closes_at.isoformat()}
    made = [
        _queued(
            event, f"member:{who.uuid}", "contact", OF_A_VOTE[type(event.data)], who.language,
            values=values,
        )
        for who in members.members(voting.followers(event.stream_id)).values()
    ]  # fmt: skip
    if made:
        Message.objects.bulk_create(made, ignore_conflicts=True)
        wake()


@receiver("notifications.points", HoldersTold)
def tell_whose_points_go(event: StoredEvent) -> None:
    """Tell members that points of theirs will go. How many is read when it is sent: no message
    keeps a number by which an entry of the ledger could be found."""
    if clock.now() - event.occurred_at >= STALE:
        return
    values = {"page": reverse("points:mine"), "night": str(event.stream_id)}
    made = [
        _queued(
            event, f"member:{who.uuid}", "contact", "points_go", who.language, values=values
        )
        for who in members.members(points.told_in(event.stream_id)).values()
    ]  # fmt: skip
    if made:
        Message.objects.bulk_create(made, ignore_conflicts=True)
        wake()


@receiver("notifications.claims", ClockWarned)
def tell_of_a_claim(event: StoredEvent) -> None:
    """Remind a member of the wish that they claimed, before it is free for others again."""
    data = event.data
    assert isinstance(data, ClockWarned)
    if data.clock != CLAIM or data.percent < LAST or clock.now() - event.occurred_at >= STALE:
        return
    number = cases.claimant(event.stream_id)
    who = members.of_actor(Actor("member", number)) if number else None
    if who is not None:
        values = {"page": "/me/", "due": data.due}
        made = _queued(
            event, f"member:{who.uuid}", "contact", "wish_near", who.language, values=values
        )
        Message.objects.bulk_create([made], ignore_conflicts=True)
        wake()


@receiver("notifications.rounds", RoundMissed)
def tell_of_a_missed_round(event: StoredEvent) -> None:
    """Tell once whoever answers for it at the level it was brought to; not if it was walked since,
    by a phone that came late."""
    data = event.data
    assert isinstance(data, RoundMissed)
    missed = patrols.round_of(event.stream_id)
    late = clock.now() - event.occurred_at >= STALE
    if late or missed is None or missed.state != "missed" or not (audience := Audience()):
        return
    page = reverse("patrols:round", args=[event.stream_id])
    values = {"unit": missed.unit_id, "last_day": str(missed.day), "page": page}
    messages = [
        _queued(
            event, f"user:{user}", channel, "round_missed", audience.people[user].language,
            values=values,
        )
        for user in dict.fromkeys(post.user_id for post in audience.planners(data.brought_to))
        for channel in audience.channels(user, "rounds")
    ]  # fmt: skip
    if messages:
        Message.objects.bulk_create(messages, ignore_conflicts=True)
        wake()


def _last_day(valid_to: str) -> str:
    return (date.fromisoformat(valid_to) - timedelta(days=1)).isoformat()


def _case_of(event: StoredEvent) -> UUID:
    """The case that an event is about: its own stream, or one that it names."""
    named = getattr(event.data, "case", None)
    return UUID(named) if named else event.stream_id


def _key(event: StoredEvent, case: CaseNotice, to: Reachable) -> str | None:
    """Which text tells this holder of the event; None when it is their own doing or nothing."""
    data = event.data
    residents = texts.data()["residents"]
    if isinstance(data, CaseOpened | CaseFollowed | ReceiptSentAgain | CasesMerged):
        named = data.receipts if isinstance(data, CasesMerged) else [data.receipt]
        mine = str(to.receipt_uuid) in named
        return str(residents[OF_A_RECEIPT[type(data)]]) if mine else None
    if not isinstance(data, CaseActed):
        return _to_all(data, case)
    own = event.actor.get("kind") == "resident" and event.actor.get("id") == to.receipt_id
    if own or to.kind == "left":
        return None
    key = texts.for_resident(data.action, data.from_state, data.to_state)
    return None if key == "asked" and to.kind != "reporter" else key


def _to_all(data: EventData, case: CaseNotice) -> str | None:
    """What everybody who follows the case is told alike."""
    residents = texts.data()["residents"]
    if isinstance(data, AppealDecided):  # not counted: the holder may object until then
        return str(residents["not_counted"]) if data.upheld and data.told else None
    if isinstance(data, NoticePublished | NoticeProlonged):
        return str(residents["notices"][type(data).__name__])
    if isinstance(data, PartEnded):  # the last one of those that there are
        ended = data.changes["facts"]["ended"]
        return str(residents["parts_ended"]) if len(ended) == case.parts else None
    return None


def _residents(
    event: StoredEvent, case: CaseNotice, holders: Iterable[Reachable]
) -> Iterator[Message]:
    for to in holders:
        if key := _key(event, case, to):
            yield _message(event, case, f"receipt:{to.receipt_uuid}", "contact", key, to.language)


def _staff(event: StoredEvent, case: CaseNotice, audience: Audience) -> Iterator[Message]:
    if not audience:
        return
    who = event.actor.get("id") if event.actor.get("kind") == "user" else None
    for topic, text, posts in (_told(event.data, case, audience), *_beside(event, case, audience)):
        for user in dict.fromkeys(post.user_id for post in posts if post.user_id != who):
            language = audience.people[user].language
            for channel in audience.channels(user, topic):
                yield _message(event, case, f"user:{user}", channel, text, language)


def _beside(event: StoredEvent, case: CaseNotice, audience: Audience) -> Iterator[Told]:
    """Whoever owes the case something from this act on, though another relation has it."""
    owes = owed.begun(event.data.changes) if isinstance(event.data, CaseActed) else None
    if owes and owes.key in case.beside:
        now = "urgent" if case.urgent else "to_do"
        yield now, BESIDE[owes.key], audience.beside(case, owes)


def _told(data: EventData, case: CaseNotice, audience: Audience) -> Told:
    """Of an event: the topic, the text, and whose posts it concerns; nobody's, mostly."""
    now = "urgent" if case.urgent else "to_do"
    if isinstance(data, ClockBreached):
        late = audience.owing(case, data.clock)
        return "breached", "breached", [*late, *audience.above(data.area)]
    if isinstance(data, ClockWarned):
        return "warned", "warned", audience.owing(case, data.clock)
    if asked := _asked_of(data, case, audience):
        return asked
    if helper := _joined(data, case):
        return now, f"help_{now}", audience.handlers({helper})
    if _entered(data) == case.state:
        return now, now, audience.owners(case)
    return now, now, ()


def _asked_of(data: EventData, case: CaseNotice, audience: Audience) -> Told | None:
    """Whom somebody asks by name, or the level above for an answer."""
    if isinstance(data, ColleaguesMentioned):
        named = [post for post in audience.posts if post.user_id in data.users]
        return "mentioned", "mentioned", named
    if isinstance(data, CaseActed) and data.action == "call_meeting":
        return "to_do", "meeting", audience.handlers({case.lead_unit, *case.helpers})
    if isinstance(data, CaseActed) and data.action == "supervise":
        return "urgent", "supervised", audience.owners(case)
    if isinstance(data, CaseActed) and data.action == "name_lead":
        return "urgent", "leading", audience.person(data.given["leader"])
    return None


def _joined(data: EventData, case: CaseNotice) -> int | None:
    """The unit that an act asked to help, while its help is still waited for."""
    if not isinstance(data, CaseActed) or data.given.get("unit") not in case.helpers:
        return None
    asked: int = data.given["unit"]
    given = {"kind": "co", "unit": asked, "ended": None}
    now = data.changes.get("assignments", ())
    return asked if any(given.items() <= one.items() for one in now) else None


def _entered(data: EventData) -> str:
    """The state an event led to, "" where it led to none: who had to act before is past."""
    if isinstance(data, CaseOpened):
        return str(data.state["state"])
    if isinstance(data, CaseActed) and data.from_state != data.to_state:
        return data.to_state
    return ""


def _message(  # noqa: PLR0917
    event: StoredEvent, case: CaseNotice, recipient: str, channel: str, key: str, language: str
) -> Message:
    data = event.data
    values = {
        "number": case.number, "type": case.case_type,
        "unit": _unit(data, case), "due": _due(data, case, recipient, key),
    }  # fmt: skip
    return _queued(event, recipient, channel, key, language, values=values, case=case.uuid)


def _queued(
    event: StoredEvent, recipient: str, channel: str, key: str, language: str,
    *, values: dict[str, Any], case: UUID | None = None,
) -> Message:  # fmt: skip
    now = clock.now()
    return Message(
        position=event.position, recipient=recipient, channel=channel, key=key, language=language,
        case_uuid=case, created_at=now, next_try_at=now, values=values,
    )  # fmt: skip


def _unit(data: EventData, case: CaseNotice) -> int | None:
    """Who did it; of a case that was dispatched, who does it from now on."""
    acted = data.unit if isinstance(data, CaseActed) and _entered(data) != "dispatched" else None
    return acted or case.lead_unit


def _due(data: EventData, case: CaseNotice, recipient: str, key: str) -> str:
    """The deadline told of; to staff the next one, to residents the day it is solved by."""
    if key in BESIDE.values() and (due := _due_beside(data)):
        return due
    if isinstance(data, ClockBreached | ClockWarned):
        return data.due
    if isinstance(data, NoticePublished | NoticeProlonged):
        return data.ends
    if isinstance(data, CaseActed) and data.action == "promise":
        promised = data.changes.get("clocks", {}).get("promise")  # the same day again moves none
        return str(promised["due"]) if promised else _iso(case.promised_at)
    if isinstance(data, CaseActed) and data.action in ASKED_BY:
        return str(data.given[ASKED_BY[data.action]])
    return _iso(case.due_at if recipient.startswith("user:") else case.promised_at)


def _due_beside(data: EventData) -> str:
    """By when that is owed which an act began; "" where the town's rules know no deadline."""
    assert isinstance(data, CaseActed)
    owes = owed.begun(data.changes)
    return str(data.changes.get("clocks", {}).get(owes.clock, {}).get("due", "")) if owes else ""


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
