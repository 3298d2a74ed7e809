"""Who read contact data, when and why: in full for those who oversee a case, by unit and role for
the person whose data it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from lingka.accounts import selectors as accounts
from lingka.cases.models import Case, ContactReading
from lingka.cases.selectors.rows import unit_name

Held = Mapping[int, list[tuple[accounts.PostInfo, date, date | None]]]


@dataclass(frozen=True)
class ReadBy:
    """One reading. `who` is a name, for colleagues alone; empty: the machine sent a message."""

    at: datetime
    who: str
    unit: str
    role: str
    reason: str
    receipt: int  # the how many-th reporter's


def readings_of(case: Case) -> list[ReadBy]:
    """All readings of a case's contacts, the newest first. Three statements."""
    numbers = {pk: at for at, pk in enumerate(
        case.receipts.order_by("id").values_list("id", flat=True), start=1)}  # fmt: skip
    rows = list(ContactReading.objects.filter(receipt__in=numbers).order_by("-id"))
    users = {row.user_id for row in rows if row.user_id}
    names, held = accounts.users(users), accounts.posts_once(users)
    return [
        ReadBy(
            row.read_at,
            names[row.user_id].name if row.user_id in names else "",
            *acting(held, row.user_id, row.read_at, case.area_path),
            said(row.reason, by_machine=row.user_id is None),
            numbers[row.receipt_id],
        )
        for row in rows
    ]


def readers(
    users: Iterable[int], readings: Iterable[tuple[int | None, datetime]], area_path: str
) -> list[tuple[str, str]]:
    """Unit and role of each reader at the time: all that the person needs to know of them."""
    held = accounts.posts_once(users)
    return [acting(held, user, at, area_path) for user, at in readings]


def acting(held: Held, user: int | None, at: datetime, area_path: str) -> tuple[str, str]:
    """Unit and role by which somebody stood near the case on that day, else their first."""
    if user is None:
        return "", ""
    day = accounts.today(at)
    then = [
        post
        for post, since, until in held.get(user, ())
        if since <= day and (until is None or day < until)
    ]
    near = [post for post in then if area_path.startswith(post.area_path)]
    for post in (*near, *then):
        return unit_name(post.unit_id), accounts.role_name(post.role)
    return "", ""


def said(reason: str, *, by_machine: bool) -> str:
    if by_machine:
        return _("By the machine, to send a message")
    if reason == ContactReading.PRESENTED:
        return _("The number came with a call.")
    return reason
