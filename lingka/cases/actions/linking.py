"""Links by which a unit without accounts accepts and reports one assignment."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import inputs, links, permissions, rows
from lingka.cases.actions.contacts import tell
from lingka.cases.events import LinkMade, LinkRevoked
from lingka.cases.models import AssignmentLink, Case
from lingka.core import clock, contents
from lingka.core.actors import Actor
from lingka.core.crypto import current_key_number
from lingka.core.ids import uuid7
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import written_in

DAYS = (3, 7, 14)  # how long a link may work


def make_link(case_uuid: UUID, *, actor: Actor, unit_id: int, note: str, days: int) -> str:
    """A link for a unit that leads or helps now; returns its token. `note`: what it is asked."""
    words = inputs.text("note", note, 1000)
    if not words:
        raise Problem("missing", _("Please fill this in."), field="note", status=422)
    if days not in DAYS:
        raise Problem("days", _("Please choose one of these."), field="days", status=422)
    with transaction.atomic():
        case, unit = _open_to(case_uuid, actor)
        kind = next(
            (one["kind"] for one in case.assignments
             if one["unit"] == unit_id and not one["ended"]), None,
        )  # fmt: skip
        if kind is None:
            message = _("This unit has no part in the case now.")
            raise Problem("unit", message, field="unit", status=409)
        language = written_in(words)
        kept = contents.keep("note", words, language).as_json()
        uuid, number = uuid7(), current_key_number()
        token, now = links.token_of(uuid, number), clock.now()
        made = AssignmentLink.objects.create(
            uuid=uuid, case=case, unit_id=unit_id, kind=kind, token_hash=links.hash_of(token),
            token_key=number, note=kept["content"], made_at=now,
            expires_at=now + timedelta(days=days),
        )  # fmt: skip
        said = {"name": "note", "audience": "staff", "language": language, **kept}
        data = LinkMade(str(uuid), unit, {"unit": unit_id}, made.expires_at.isoformat(), {}, [said])
        tell(case, data, actor=actor)
    return token


def revoke_link(case_uuid: UUID, link: UUID, *, actor: Actor) -> None:
    """Let a link open nothing any more; one revoked already stays so."""
    with transaction.atomic():
        case, unit = _open_to(case_uuid, actor)
        held = AssignmentLink.objects.filter(uuid=link, case=case).first()
        if held is None:
            raise Problem("unknown", _("There is no such link."), status=404)
        if held.revoked_at is None:
            held.revoked_at = clock.now()
            held.save(update_fields=["revoked_at"])
            data = LinkRevoked(str(link), unit, {"unit": held.unit_id}, {})
            tell(case, data, actor=actor)


def _open_to(case_uuid: UUID, actor: Actor) -> tuple[Case, int | None]:
    """The case under lock, and the unit that the actor speaks for; or a refusal."""
    case = Case.objects.select_for_update().filter(uuid=case_uuid).first()
    if case is None:
        raise Problem("unknown_case", _("There is no such case."), status=404)
    standing = permissions.standing(case, rows.state_of(case), actor)
    verdict = permissions.may_link(standing.relations)
    if isinstance(verdict, Denied):
        raise PermissionRefused(verdict)
    return case, standing.unit
