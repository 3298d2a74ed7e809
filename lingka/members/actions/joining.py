"""Joining, correcting what is kept, agreeing anew, leaving: by one's own hand, or by the years."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lingka.areas.selectors import day_of
from lingka.core import clock, contents
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import seal, sha256, unseal
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.members import rules, selectors
from lingka.members.actions.signing_in import new_session
from lingka.members.events import (
    MemberChanged,
    MemberConsented,
    MemberJoined,
    MemberLeft,
    MemberWarned,
)
from lingka.members.models import Code, Member, Reach, Session

NAME = "member-name"  # kind of the content row


def join(
    token: str, *, name: str, area: int, language: str, workplace: int | None = None, old: str = ""
) -> str:
    """Take part with the address that this browser has proved; returns the session's key."""
    _check(name, area, workplace)
    try:
        with transaction.atomic():
            member = _made(_proven(token), name, area, workplace, language)
            return new_session(member.pk, old)
    except IntegrityError:  # the same address in another browser, a moment ago
        said = _("This number takes part already. Please sign in with a new code.")
        raise Problem("taken", said, status=409) from None


def _proven(token: str) -> Code:
    rows = Code.objects.select_for_update().filter(hash=sha256(token.encode()))
    code = rows.filter(expires_at__gt=clock.now()).exclude(proven_at=None).first()
    if code is None:
        said = _("That took too long. Please begin again with your number.")
        raise Problem("over", said, status=409)
    return code


def _made(code: Code, name: str, area: int, workplace: int | None, language: str) -> Member:
    kept = contents.keep(NAME, name.strip(), language)
    now, version = clock.now(), rules.consent().version
    member = Member.objects.create(
        uuid=uuid7(), area_id=area, name=kept.id, workplace_id=workplace, language=language,
        consent=version, consented_at=now, joined_at=now, month=selectors.this_month(),
    )  # fmt: skip
    held = unseal(bytes(code.sealed))
    Reach.objects.create(
        member=member, sealed=seal({one: held[one] for one in ("kind", "to")}), mac=bytes(code.mac)
    )
    code.delete()
    told = MemberJoined(version, kept.as_json())
    record(told, stream_id=member.uuid, actor=Actor("member", member.pk))
    return member


def _check(name: str, area: int, workplace: int | None) -> None:
    if not 1 <= len(name.strip()) <= rules.NAME_LENGTH:
        said = _("Between 1 and %(most)s signs, please.") % {"most": rules.NAME_LENGTH}
        raise Problem("name", said, field="name", status=422)
    if not selectors.is_community(area):
        raise Problem("area", _("Choose the community you live in."), field="area", status=422)
    if workplace is not None and workplace not in dict(selectors.workplace_choices(area)):
        wrong = _("This workplace has not checked in with that community.")
        raise Problem("workplace", wrong, field="workplace", status=422)


@transaction.atomic
def correct(*, actor: Actor, **values: Any) -> list[str]:
    """Change `name`, `area`, `language` or `workplace`; returns which fields are other now.

    Who moves to another community keeps their workplace only if it checked in there too.
    """
    member = _own(actor)
    assert member.name is not None  # of members who have not left
    said = str(contents.read([member.name]).get(member.name, ""))
    before: dict[str, Any] = {"name": said, "area": member.area_id, "language": member.language,
              "workplace": member.workplace_id}  # fmt: skip
    after = before | values
    if "area" in values and "workplace" not in values:
        known = dict(selectors.workplace_choices(int(after["area"] or 0)))
        after["workplace"] = member.workplace_id if member.workplace_id in known else None
    _check(str(after["name"]), int(after["area"] or 0), after["workplace"])
    changed = [one for one in before if after[one] != before[one]]
    if not changed:
        return []
    if "name" in changed:
        contents.erase([member.name])
        member.name = contents.keep(NAME, str(after["name"]).strip(), member.language).id
    member.area_id, member.workplace_id = after["area"], after["workplace"]
    member.language = str(after["language"])
    member.save(update_fields=["name", "area", "workplace", "language"])
    record(MemberChanged(changed), stream_id=member.uuid, actor=actor)
    return changed


@transaction.atomic
def consent(*, actor: Actor) -> None:
    """Agree to the text as it now is."""
    member = _own(actor)
    version = rules.consent().version
    if member.consent != version:
        member.consent, member.consented_at = version, clock.now()
        member.save(update_fields=["consent", "consented_at"])
        record(MemberConsented(version), stream_id=member.uuid, actor=actor)


@transaction.atomic
def leave(*, actor: Actor) -> None:
    """Out, at once: name, number, community, workplace and every signed-in browser are gone.

    Modules above hear of it and let go what they keep. Twice is once.
    """
    _let_go(_own(actor), "own", actor)


def _own(actor: Actor) -> Member:
    """The member who acts, locked."""
    rows = Member.objects.select_for_update(of=("self",))
    mine = actor.id if actor.kind == "member" and actor.id else 0
    found = rows.filter(pk=mine, left_at=None).first()
    if found is None:
        raise PermissionRefused(Denied("not_member", _("Only the member may do this.")))
    return found


def _let_go(member: Member, why: str, actor: Actor) -> None:
    contents.erase([member.name] if member.name else [])
    Reach.objects.filter(member=member).delete()
    Session.objects.filter(member=member).delete()
    Code.objects.filter(member=member).delete()
    member.area = member.workplace = None
    member.name = member.month = member.warned_on = None
    member.language, member.left_at = "", clock.now()
    member.save()
    record(MemberLeft(why), stream_id=member.uuid, actor=actor)


def warn_inactive(*, dry_run: bool = False) -> list[UUID]:
    """Tell those who have not come by for long that their entry goes; returns who they are."""
    today = day_of(None)
    long_ago = today - rules.inactive() + rules.notice()
    away = Member.objects.filter(left_at=None, warned_on=None, month__lt=long_ago)
    found = list(away.order_by("id").values_list("uuid", flat=True))
    goes = (today + rules.notice()).isoformat()
    for uuid in [] if dry_run else found:
        with transaction.atomic():
            if away.filter(uuid=uuid).update(warned_on=today):  # they may come by just now
                record(MemberWarned(goes), stream_id=uuid, actor=SYSTEM)
    return found


def lapse(*, dry_run: bool = False) -> list[UUID]:
    """Let go those who were told and did not come by; returns who they are."""
    due = day_of(None) - rules.notice() - timedelta(days=1)  # the last day is theirs whole
    told = Member.objects.filter(left_at=None, warned_on__lte=due)
    found = list(told.order_by("id").values_list("uuid", flat=True))
    for uuid in [] if dry_run else found:
        with transaction.atomic():
            rows = Member.objects.select_for_update(of=("self",))
            member = rows.filter(uuid=uuid, left_at=None, warned_on__lte=due).first()
            if member is not None:  # they may come by at this moment
                _let_go(member, "inactive", SYSTEM)
    return found
