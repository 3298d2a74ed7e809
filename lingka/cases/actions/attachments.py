"""Files that come with a case: kept until used, counted while used, swept when nobody does."""

import datetime as dt
from collections.abc import Collection
from itertools import islice
from pathlib import Path
from typing import IO
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lingka.cases import media
from lingka.cases.models import Attachment, Blob
from lingka.core import clock
from lingka.core.actors import Actor
from lingka.core.ids import unordered, uuid7
from lingka.core.problems import Problem

UNATTACHED_KEPT = dt.timedelta(hours=24)
ORPHANS_AT_ONCE = 1000


def add_attachment(
    file: IO[bytes] | bytes, *, actor: Actor, kind: str, uuid: UUID | None = None
) -> UUID:
    """Keep a photo or voice note until a case takes it; raises Problem when it cannot be one.

    Software that names its files before they are sent gives `uuid`.
    """
    del actor  # nothing is known of a file yet: the case that takes it records who brought it
    received = file if isinstance(file, bytes) else file.read(media.MAX_BYTES + 1)
    made = media.make(received, kind)
    with transaction.atomic():
        attachment = Attachment.objects.create(
            uuid=uuid or uuid7(),
            kind=kind,
            blob_id=_put(made.data, made.media_type),
            thumbnail_id=_put(made.thumbnail, "image/webp") if made.thumbnail else None,
            received_sha256=made.received_sha256,
            seconds=made.seconds,
            created_at=clock.now(),
        )
    return attachment.uuid


def _put(data: bytes, media_type: str) -> str:
    """Count one more use of these bytes and lay them down, under the row's lock."""
    sha256 = media.digest(data)
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO cases_blob (sha256, media_type, size, "references")'
            " VALUES (%s, %s, %s, 1) ON CONFLICT (sha256)"
            ' DO UPDATE SET "references" = cases_blob."references" + 1',
            [sha256, media_type, len(data)],
        )
    media.write(data)
    return sha256


def waiting_attachments(ids: Collection[UUID | str]) -> list[Attachment]:
    """Files that wait to be used, locked; Problem 422 where one is unknown or used already."""
    if not ids:
        return []
    found = list(
        Attachment.objects.select_for_update().filter(
            uuid__in=ids, case__isnull=True, erased_at__isnull=True
        )
    )
    if len(found) != len(set(ids)):
        raise Problem(
            "photo", _("A photo is no longer there. Please add it again."), field="attachments",
            status=422,
        )  # fmt: skip
    return found


def hold_attachments(ids: list[UUID]) -> int:
    """Keep uploads of a report that no case has taken yet, however long it waits for a look."""
    return Attachment.objects.filter(uuid__in=ids, case__isnull=True).update(held=True)


def lay_apart(ids: list[UUID], day: dt.date) -> int:
    """Keep files that belong to no case, and forget in which order and when on the day they came:
    those of a round would say where its walker was."""
    with transaction.atomic():
        rows = Attachment.objects.select_for_update().filter(uuid__in=ids, case__isnull=True)
        for row in list(rows):
            came = dt.datetime.combine(day, dt.time(), dt.UTC)
            Attachment.objects.filter(id=row.pk).update(
                id=unordered(), held=True, created_at=came
            )  # fmt: skip
    return len(ids)


def erase_attachments(ids: list[UUID], *, unused: bool = False) -> int:
    """Take the files away for good; what the events say of them stays, and stays provable.

    With `unused`, only those that no case has taken.
    """
    chosen = Q(case__isnull=True) if unused else Q()
    with transaction.atomic():
        rows = list(
            Attachment.objects.select_for_update()
            .filter(chosen, uuid__in=ids, erased_at__isnull=True)
            .order_by("id")
        )
        for row in rows:
            _release(row)
            row.erased_at = clock.now()
            row.blob = row.thumbnail = None
            row.save(update_fields=["erased_at", "blob", "thumbnail"])
    return len(rows)


def _release(row: Attachment) -> None:
    for sha256 in filter(None, (row.blob_id, row.thumbnail_id)):
        with connection.cursor() as cursor:
            cursor.execute(
                'UPDATE cases_blob SET "references" = "references" - 1 WHERE sha256 = %s',
                [sha256],
            )


def sweep_files(*, limit: int = 1000) -> int:
    """Forget uploads that no case took, then bytes that nobody uses; returns how many went."""
    before = clock.now() - UNATTACHED_KEPT
    with transaction.atomic():
        left = list(
            Attachment.objects.select_for_update(skip_locked=True)
            .filter(case__isnull=True, held=False, erased_at__isnull=True, created_at__lt=before)
            .order_by("id")[:limit]
        )
        for row in left:
            _release(row)
            row.delete()
    with transaction.atomic():
        unused = Blob.objects.select_for_update(skip_locked=True).filter(references__lte=0)
        for blob in unused[:limit]:
            media.remove(blob.sha256)  # the lock is held: whoever adds them again waits
            blob.delete()
    return len(left)


def sweep_orphans() -> int:
    """Find files without a row (rolled back, or halves left by a crash); returns how many.

    A whole file is given a row with no references rather than deleted: the insert waits for a
    transaction that is just adding the same bytes, and the next `sweep_files` removes the rest.
    """
    before = (clock.now() - UNATTACHED_KEPT).timestamp()
    old = (path for path in media.stored() if path.stat().st_mtime < before)
    found = 0
    while paths := list(islice(old, ORPHANS_AT_ONCE)):
        found += _sweep_orphans(paths)
    return found


def _sweep_orphans(paths: list[Path]) -> int:
    whole = {path.name: path for path in paths if len(path.name) == media.NAME_LENGTH}
    halves = [path for path in paths if len(path.name) != media.NAME_LENGTH]
    for path in halves:
        path.unlink(missing_ok=True)
    known = Blob.objects.filter(sha256__in=whole).values_list("sha256", flat=True)
    lost = whole.keys() - set(known)
    rows = [Blob(sha256=name, media_type="", size=whole[name].stat().st_size) for name in lost]
    Blob.objects.bulk_create(rows, ignore_conflicts=True)
    return len(halves) + len(lost)
