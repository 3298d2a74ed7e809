"""Sending: take a message on a lease, send it, mark it. Killed in between, it goes out again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from lingka.accounts import selectors as accounts
from lingka.cases import actions as case_actions
from lingka.cases import selectors as cases
from lingka.core import clock, saying
from lingka.core.actors import SYSTEM
from lingka.core.text import pick
from lingka.members import actions as members
from lingka.notifications import channels, texts, unsubscribing
from lingka.notifications.channels import Gone, Letter
from lingka.notifications.models import Message, Subscription
from lingka.points import selectors as points
from lingka.rooms import actions as rooms
from lingka.units import selectors as units

log = structlog.get_logger()
BATCH = 20
LEASE = timedelta(minutes=5)
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))
KEPT = timedelta(days=90)
REASON = "notification"


def send_some(limit: int = BATCH) -> int:
    """Send a few that are due; returns how many were taken."""
    taken = _take(limit)
    for message in taken:
        if _still_leased(message):
            _send(message)
    return len(taken)


def forget_old() -> int:
    """Delete settled messages past their time. Their events are too old to be told again."""
    settled = Message.objects.exclude(state=Message.State.QUEUED)
    return settled.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def _take(limit: int) -> list[Message]:
    """Lease due messages to this process; others skip them until the lease ends."""
    now = clock.now()
    with transaction.atomic():
        return sorted(Message.objects.raw(_TAKE, [now + LEASE, now, limit]), key=_turn)


_TAKE = """
UPDATE notifications_message SET attempts = attempts + 1, next_try_at = %s
WHERE id IN (
    SELECT id FROM notifications_message WHERE state = 'queued' AND next_try_at <= %s
    ORDER BY next_try_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING *
"""


def _turn(message: Message) -> int:
    return message.id


def _still_leased(message: Message) -> bool:
    """Renew a lease that runs out because those before it waited long for the network.

    Otherwise another process would send the rest of the batch a second time.
    """
    now = clock.now()
    if message.next_try_at - now > LEASE / 2:
        return True
    ours = Message.objects.filter(
        id=message.id, state=Message.State.QUEUED, next_try_at=message.next_try_at
    )
    return bool(ours.update(next_try_at=now + LEASE))


def _send(message: Message) -> None:
    """One try. The network is never waited for inside a transaction."""
    try:
        by = _deliver(message)
    except Exception as error:  # noqa: BLE001 - whatever it was, the next one must go out
        _put_back(message, error)
    else:
        _settle(message, by)


def _settle(message: Message, by: str) -> None:
    state = Message.State.SENT if by else Message.State.DROPPED
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [state, by, clock.now() if by else None, message.id])


_SETTLE = """
UPDATE notifications_message SET state = %s, sent_by = %s, sent_at = %s, error = '',
    recipient = CASE WHEN position < 0 THEN '' ELSE recipient END
WHERE id = %s
"""


def _put_back(message: Message, error: Exception) -> None:
    """Wait longer after each try, and give up after the last. Only the kind of error is kept."""
    kind = type(error).__name__
    log.warning("message_not_sent", message=message.id, attempts=message.attempts, error=kind)
    last = message.attempts > len(BACK_OFF)
    wait = timedelta() if last else BACK_OFF[message.attempts - 1]
    Message.objects.filter(id=message.id).update(
        state=Message.State.FAILED if last else Message.State.QUEUED,
        recipient="" if last and message.position < 0 else message.recipient,
        next_try_at=clock.now() + wait,
        error=kind[:200],
    )


def _deliver(message: Message) -> str:
    """Send by the recipient's channel; returns which one took it, "" when there is nobody."""
    kind, _, key = message.recipient.partition(":")
    if kind == "receipt":
        return _to_resident(message, UUID(key))
    if kind == "member":
        return _to_member(message, UUID(key))
    if kind == "booking":
        return _to_group(message, UUID(key))
    return _to_staff(message, int(key))


def _to_resident(message: Message, receipt: UUID) -> str:
    holder = case_actions.read_for_sending(receipt, reason=REASON)
    if holder is None:
        return ""
    link = f"{settings.PUBLIC_ORIGIN}/r/{holder.token}"
    stop = f"{settings.PUBLIC_ORIGIN}{unsubscribing.path(receipt)}"
    letter = _letter(message, message.language, link=link, code=holder.short_code, stop=stop)
    try:
        return channels.to_contact(holder.contact, replace(letter, one_click=True))
    except Gone:
        case_actions.set_push(receipt, actor=SYSTEM, subscription="")
        return ""


def _to_member(message: Message, member: UUID) -> str:
    found = members.read_for_sending(member)
    if found is None or not _still_true(message, member):
        return ""
    address, _language = found
    link = f"{settings.PUBLIC_ORIGIN}{message.values['page']}"
    stop = f"{settings.PUBLIC_ORIGIN}/me/kept/"
    letter = _letter(message, message.language, link=link, code="", stop=stop)
    send = channels.email if address.kind == "email" else channels.text_message
    return send(address.to, letter)


def _still_true(message: Message, member: UUID) -> bool:
    """Points that go are read for the letter alone; whoever left them is told nothing."""
    night = message.values.get("night")
    going = points.told_in(UUID(night)).get(member) if night else None
    if going:
        said = {"number": str(going.points), "last_day": going.expires_on.isoformat()}
        message.values = {**message.values, **said}
    return not night or going is not None


def _to_group(message: Message, date: UUID) -> str:
    found = rooms.read_for_sending(date)
    if found is None:
        return ""
    link = f"{settings.PUBLIC_ORIGIN}/bookings/{found.token}"
    letter = _letter(message, message.language, link=link, code="", stop=link)
    return channels.text_message(found.phone, letter)


def _to_staff(message: Message, user: int) -> str:
    person = accounts.users([user]).get(user)
    if person is None:
        return ""
    language = person.language or settings.LANGUAGE_CODE
    page = message.values.get("page") or f"/desk/cases/{message.values['number']}/"
    link = f"{settings.PUBLIC_ORIGIN}{page}"
    stop = f"{settings.PUBLIC_ORIGIN}/desk/notices/"
    letter = _letter(message, language, link=link, code="", stop=stop)
    if message.channel == "email":
        return channels.email(person.email, letter) if person.email else ""
    return _push_all(user, letter)


def _push_all(user: int, letter: Letter) -> str:
    """Every browser of a colleague; one that is gone is forgotten.

    Where one took it and another failed, it is sent: trying again would tell the first one twice.
    """
    sent, failed = "", None
    for row in Subscription.objects.filter(user_id=user):
        try:
            sent = channels.push({"endpoint": row.endpoint, "keys": row.keys}, letter) or sent
        except Gone:
            row.delete()
        except Exception as error:  # noqa: BLE001 - the other browsers must hear of it
            failed = error
    if failed and not sent:
        raise failed
    return sent


def _until(given: dict[str, Any]) -> str:
    """A moment, or the whole of a last day."""
    if day := given.get("last_day"):
        return saying.day(date.fromisoformat(day))
    return saying.moment(datetime.fromisoformat(given["due"])) if given.get("due") else ""


def _letter(message: Message, language: str, *, link: str, code: str, stop: str) -> Letter:
    language = language or settings.LANGUAGE_CODE
    given = message.values
    with translation.override(language):
        values = {
            "type": cases.type_info(given["type"], language).name if "type" in given else "",
            "number": given.get("number", ""),
            "unit": pick(units.unit(given["unit"]).name) if given.get("unit") else "",
            "due": _until(given),
            "link": link,
            "code": code,
            "what": pick(given["what"]) if given.get("what") else "",
            "why": given.get("why", ""),
        }
    body = texts.render(message.key, language, values)
    return Letter(
        name=f"{message.position}.{message.id}", key=message.key, language=language,
        subject=texts.subject(body, link), body=body, link=link, stop=stop, values=values,
    )  # fmt: skip
