"""The number that a telephone shows, matched against open cases (decision 21)."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.cases.models import Case, Contact, ContactReading, Stage
from lingka.core import limits
from lingka.core.actors import Actor
from lingka.core.crypto import mac
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import dialled

MATCHES = (120, 3600)  # a desk takes so many calls in an hour; a search over people needs more
SHOWN = 5


@dataclass(frozen=True)
class Match:
    """An open case whose reporter left this number."""

    case_uuid: UUID
    number: str
    case_type: str
    stage: str


def match_number(number: str, *, actor: Actor) -> list[Match]:
    """Open cases of the desk's own areas whose reporter left the number that now calls.

    There is no look-up behind it: nothing is found in closed cases or other desks' areas, each
    match is kept as a reading of the contact that its reporter can see, and one person can ask
    only as often as a desk takes calls. Raises Problem "many" (429) beyond that.
    """
    digits = dialled(number)
    paths = _desks(actor)
    if not digits:
        return []
    if not limits.hit("number", str(actor.id), *MATCHES):
        raise Problem("many", _("Too many numbers in an hour. Please ask the caller."), status=429)
    with transaction.atomic():
        found = [
            contact
            for contact in Contact.objects.filter(
                phone_mac=mac("phone", digits), receipt__case__isnull=False
            )
            .exclude(receipt__case__stage=Stage.CLOSED)
            .select_related("receipt__case")
            .order_by("-id")
            if contact.receipt.case.area_path.startswith(paths)
        ][:SHOWN]
        ContactReading.objects.bulk_create(
            ContactReading(receipt=one.receipt, user_id=actor.id, reason=ContactReading.PRESENTED)
            for one in found
        )
    return [_match(one.receipt.case) for one in found]


def _desks(actor: Actor) -> tuple[str, ...]:
    held = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else ()
    paths = tuple(post.area_path for post in held if post.role == "dispatcher")
    if not paths:
        raise PermissionRefused(Denied("desk", _("Only a desk that takes calls may do this.")))
    return paths


def _match(case: Case) -> Match:
    return Match(case.uuid, case.number, case.case_type, case.stage)
