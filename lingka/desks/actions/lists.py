"""Lists taken out as Excel files: made in the background, batch by batch, each of them kept.

What a batch wrote counts only when its transaction has committed: a worker that is killed leaves a
torn end behind the last known byte, which the next one cuts off before it goes on.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lingka.accounts import selectors as accounts
from lingka.core import clock, limits
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.listings import Listing, listing
from lingka.core.permissions import Denied, PermissionRefused
from lingka.core.problems import Problem
from lingka.desks import files, permissions
from lingka.desks.events import ListTaken
from lingka.desks.models import ListFile

BATCH = 500
KEPT = timedelta(days=2)
OFTEN = (20, 3600)  # so many lists, in so many seconds
FILTER = re.compile(r"[a-z_]{1,24}=[\w.:/-]{0,120}\Z", re.ASCII)


@transaction.atomic
def take_list(key: str, query: Mapping[str, str], *, actor: Actor, language: str) -> UUID:
    """Ask for a list as a file. Its rows are those of this moment; they are written later."""
    posts = accounts.posts_of(actor.id) if actor.kind == "user" and actor.id else []
    chosen = listing(key)
    verdict = permissions.may_take(chosen, posts)
    if isinstance(verdict, Denied) or chosen is None:
        raise PermissionRefused(verdict if isinstance(verdict, Denied) else Denied("list", ""))
    if not limits.hit("lists", str(actor.id), *OFTEN):
        raise Problem("limit", _("Many lists in one hour. Please wait a while."), status=429)
    with translation.override(language or settings.LANGUAGE_CODE):
        rows = chosen.keys(actor, posts, query)
    kept = _kept(chosen, query)
    made = ListFile.objects.create(
        uuid=uuid7(), user_id=actor.id or 0, posts=[post.id for post in posts], listing=key,
        query=kept, language=language, keys=rows, asked_at=clock.now(),
        expires_at=clock.now() + KEPT,
    )  # fmt: skip
    record(ListTaken(key, kept, len(rows)), stream_id=made.uuid, actor=actor)
    return made.uuid


def _kept(chosen: Listing, query: Mapping[str, str]) -> dict[str, str]:
    """The history of what was taken keeps it for ever: filters, never somebody's own words."""
    return {
        name: value
        for name, value in query.items()
        if name not in chosen.words and FILTER.match(f"{name}={value}")
    }


def make_some(uuid: UUID) -> bool:
    """Write one batch of a list's rows, or put the whole together; True while there is more."""
    with transaction.atomic():
        found = ListFile.objects.select_for_update(skip_locked=True).filter(
            uuid=uuid, state__in=[ListFile.State.WAITING, ListFile.State.MAKING]
        )
        one = found.first()
        if one is None:
            return False  # done, gone, or in another worker's hands
        with translation.override(one.language):
            return _go_on(one)


def _go_on(one: ListFile) -> bool:
    chosen = listing(one.listing)
    posts = [post for post in accounts.posts_of(one.user_id) if post.id in one.posts]
    if chosen is None or not permissions.may_take(chosen, posts):
        return _ended(one, ListFile.State.FAILED)
    batch = one.keys[one.done : one.done + BATCH]
    shown = chosen.shown(posts)
    if batch:
        cells = chosen.cells(batch, Actor("user", one.user_id), posts)
        rows = [[row[place] for place in shown] for row in cells]
        one.written = files.append(folder(), one.uuid, one.written, rows)
        one.done += len(batch)
        one.state = ListFile.State.MAKING
        one.save(update_fields=["written", "done", "state"])
        return True
    columns = [chosen.columns[place] for place in shown]
    files.put_together(folder(), one.uuid, one.written, str(chosen.name), columns, one.asked_at)
    return _ended(one, ListFile.State.DONE)


def _ended(one: ListFile, state: str) -> bool:
    one.state, one.finished_at, one.keys = state, clock.now(), []
    one.save(update_fields=["state", "finished_at", "keys"])
    return False


def sweep_lists() -> int:
    """Delete files whose time is over, row and bytes; returns how many went."""
    due = ListFile.objects.filter(expires_at__lte=clock.now())
    number = 0
    for one in due:
        files.erase(folder(), one.uuid)
        one.delete()
        number += 1
    return number


def folder() -> Path:
    """Apart from photos and backups: a list is of its moment, and gone in two days."""
    return Path(settings.LISTS_ROOT)
