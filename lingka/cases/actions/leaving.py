"""A reporter takes back their own part of what others named too: the case goes on for those."""

from lingka.cases.actions.contacts import tell
from lingka.cases.events import ContactErased
from lingka.cases.models import Case, Contact, Receipt
from lingka.core.actors import Actor

LEFT = "left"  # the kind of a receipt whose holder has no part in the case any more


def leave(case: Case, *, actor: Actor) -> None:
    """The receipt still opens its page, and does nothing; its contact has no purpose any more.

    In the transaction of the action, whose row is locked.
    """
    mine = Receipt.objects.get(id=actor.id or 0, case=case)
    Receipt.objects.filter(id=mine.pk).update(kind=LEFT)
    name_reporter(case)
    erased, _rows = Contact.objects.filter(receipt=mine).delete()
    if erased:
        tell(case, ContactErased(str(mine.uuid), "withdrawn", {}), actor=actor)


def name_reporter(case: Case) -> None:
    """Whoever named it first of those who follow it is the reporter of a case without one."""
    if Receipt.objects.filter(case=case, kind="reporter").exists():
        return
    followers = Receipt.objects.filter(case=case, kind="follower")
    heir = followers.order_by("created_at", "id").values_list("id", flat=True).first()
    Receipt.objects.filter(id=heir or 0).update(kind="reporter")
