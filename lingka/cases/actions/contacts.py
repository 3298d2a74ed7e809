"""Contact data: sealed, read with a reason, erased when its purpose has ended."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from lingka.cases import permissions, receipts, rows
from lingka.cases.events import ContactChanged, ContactErased
from lingka.cases.models import Case, Contact, ContactReading, Receipt
from lingka.core import clock, events
from lingka.core.actors import SYSTEM, Actor
from lingka.core.crypto import mac, reseal, seal, unseal
from lingka.core.events import EventData, Head, record
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.core.text import dialled

WAYS = ("phone", "email", "push")
# Who works on a case, or answers for it by name.
READERS = frozenset(
    {"dispatcher", "lead_handler", "co_handler", "caller", "supervisor", "named_lead"}
)
KEPT_AFTER_CLOSING = timedelta(days=getattr(settings, "CONTACT_DAYS", 30))


@dataclass(frozen=True)
class ContactData:
    """How one reporter can be reached; every field may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    push: str = ""  # a Web Push subscription, JSON

    def __bool__(self) -> bool:
        return bool(self.phone or self.email or self.push or self.name)


def sealed(contact: ContactData, receipt: Receipt) -> Contact:
    """An unsaved, encrypted contact row."""
    digits = dialled(contact.phone)
    return Contact(
        receipt=receipt,
        sealed=seal(asdict(contact)),
        phone_mac=mac("phone", digits) if digits else None,
    )


def was_left(receipt: Receipt, contact: ContactData | None) -> bool:
    """Is this the contact that came with a receipt? True where it was changed or erased since."""
    said = contact or ContactData()
    kept = Contact.objects.filter(receipt=receipt).first()
    held = ContactData(**unseal(bytes(kept.sealed))) if kept else ContactData()
    if replace(held, push="") == replace(said, push=""):  # a device may have been added since
        return True
    told = (one.data for one in events.history(receipt.case.uuid))
    return not kept and any(
        isinstance(one, ContactErased) and one.receipt == str(receipt.uuid) for one in told
    )


def read_contact(receipt_uuid: UUID, *, actor: Actor, reason: str) -> ContactData | None:
    """Open a contact for a stated reason; the reading is logged and the reporter can see it.

    None where no contact was left or it was erased. Staff need a relation to the case.
    """
    if not reason.strip():
        raise Problem("reason", _("Please say why you need the contact."), field="reason")
    with transaction.atomic():
        receipt = Receipt.objects.select_related("case").filter(uuid=receipt_uuid).first()
        if receipt is None:
            raise Problem("unknown", _("No such receipt."), status=404)
        _permit(receipt.case, actor)
        contact = Contact.objects.filter(receipt=receipt).first()
        if contact is None:
            return None
        user = actor.id if actor.kind == "user" else None
        ContactReading.objects.create(receipt=receipt, user_id=user, reason=reason.strip()[:200])
        return ContactData(**unseal(bytes(contact.sealed)))


@dataclass(frozen=True)
class Holder:
    """A receipt's holder as a message needs them: the contact, and where to read on."""

    contact: ContactData
    token: str
    short_code: str


def read_for_sending(receipt_uuid: UUID, *, reason: str) -> Holder | None:
    """The same for the system's own messages, which go out all day: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [receipt_uuid, reason, clock.now()])
        found = cursor.fetchone()
    if found is None:
        return None
    contact, key, code = found
    token = receipts.token_of(receipt_uuid, key)
    return Holder(ContactData(**unseal(bytes(contact))), token, code)


_READ = """
WITH found AS (
    SELECT receipt.id, contact.sealed, receipt.token_key, receipt.short_code
    FROM cases_receipt receipt JOIN cases_contact contact ON contact.receipt_id = receipt.id
    WHERE receipt.uuid = %s
), logged AS (
    INSERT INTO cases_contactreading (receipt_id, reason, read_at) SELECT id, %s, %s FROM found
)
SELECT sealed, token_key, short_code FROM found
"""


def _permit(case: Case, actor: Actor) -> None:
    if actor.kind == "system":
        return
    held = permissions.relations(case, rows.state_of(case), actor)
    if not held & READERS:
        raise PermissionRefused(
            Denied("contact", _("Only those who work on this case may see the contact."))
        )


def erase_due_contacts(*, dry_run: bool = False, limit: int = 1000) -> list[str]:
    """Erase contacts whose case has been closed long enough; returns the receipts' ids."""
    now = clock.now()
    due = Contact.objects.filter(erase_at__lte=now).values_list("receipt__uuid", flat=True)
    found = list(due[:limit])
    if not dry_run:  # asked again under lock: a case may be reopened meanwhile
        found = [one for one in found if _erase(one, SYSTEM, "retention", erase_at__lte=now)]
    return [str(one) for one in found]


def plan_erasure(case: Case, *, closed: bool) -> None:
    """Closing a case sets the day on which its contacts go; reopening takes it back."""
    until = clock.now() + KEPT_AFTER_CLOSING if closed else None
    Contact.objects.filter(receipt__case=case).update(erase_at=until)


def reseal_contacts(*, batch: int = 500) -> int:
    """Encrypt every contact anew under the newest key.

    Older keys seal nothing then, but must stay: tokens and keyed hashes are derived from them.
    """
    done = last = 0
    while ids := list(
        Contact.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:batch]
    ):
        with transaction.atomic():
            for contact in Contact.objects.select_for_update().filter(id__in=ids):
                contact.sealed = reseal(bytes(contact.sealed))
                contact.save(update_fields=["sealed"])
                done += 1
        last = ids[-1]
    return done


def erase_contact(receipt_uuid: UUID, *, actor: Actor, reason: str) -> bool:
    """Erase one contact for good and tell so in the case's history."""
    return _erase(receipt_uuid, actor, reason)


def _erase(receipt_uuid: UUID, actor: Actor, reason: str, **only: datetime) -> bool:
    with transaction.atomic():
        receipt = Receipt.objects.get(uuid=receipt_uuid)
        case = Case.objects.select_for_update().get(id=receipt.case_id)
        erased, _rows = Contact.objects.filter(receipt=receipt, **only).delete()
        if not erased:
            return False
        tell(case, ContactErased(str(receipt.uuid), reason, {}), actor=actor)
    return True


def tell(case: Case, data: EventData, *, actor: Actor) -> int:
    """Put into a locked case's history what leaves its state as it is. Returns its position."""
    head = Head(case.version, bytes(case.head))
    done = record(data, stream_id=case.uuid, actor=actor, after=head)
    rows.put(case, rows.state_of(case), done)
    case.save(update_fields=["version", "head"])
    return done.position


def set_push(receipt_uuid: UUID, *, actor: Actor, subscription: str) -> None:
    """Let the device by which a receipt is read take its messages, or with "" no more.

    Kept with the contact, sealed and erased as it is; the newest device replaces the one before.
    """
    with transaction.atomic():
        receipt = Receipt.objects.get(uuid=receipt_uuid)
        if actor != SYSTEM and (actor.kind, actor.id) != ("resident", receipt.pk):
            raise PermissionRefused(Denied("holder", _("Only the holder of the receipt may.")))
        case = Case.objects.select_for_update().get(id=receipt.case_id)
        row = Contact.objects.filter(receipt=receipt).first()
        before = ContactData(**unseal(bytes(row.sealed))) if row else ContactData()
        after = replace(before, push=subscription)
        if after == before:
            return
        if not after:
            erase_contact(receipt_uuid, actor=actor, reason="unsubscribed")
            return
        made = sealed(after, receipt)
        made.pk = row.pk if row else None
        made.erase_at = row.erase_at if row else _until(case)
        made.save()
        ways = [name for name in WAYS if getattr(after, name)]
        tell(case, ContactChanged(str(receipt.uuid), ways, {}), actor=actor)


def _until(case: Case) -> datetime | None:
    return case.closed_at + KEPT_AFTER_CLOSING if case.closed_at else None
