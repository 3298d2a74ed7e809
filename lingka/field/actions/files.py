"""Files arrive piece by piece; whole ones are verified, recognised and made anew."""

import io
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lingka.cases import actions as cases
from lingka.cases import selectors
from lingka.core import clock
from lingka.core.ids import unordered
from lingka.core.problems import Problem
from lingka.field import uploading
from lingka.field.actions.settling import settle
from lingka.field.answers import members
from lingka.field.models import Operation, Upload
from lingka.field.senders import Sender
from lingka.field.uploading import Readable

Status = Upload.Status
WAITING = 2000  # files of one phone that are not whole, or that no case has yet
KEPT = timedelta(days=180)  # as long as operations of old apps are taken


@dataclass(frozen=True)
class Announced:
    """What a phone says of a file before it sends it."""

    attachment: UUID
    record: UUID
    kind: str
    length: int
    sha256: str


def begin_file(sender: Sender, said: Announced) -> Upload:
    """Make a file known, or find it again as far as it is. A refused one may be tried anew."""
    found = Upload.objects.filter(attachment=said.attachment).first()
    if found is None:
        if selectors.is_file(said.attachment):  # an id that the server gave to another file
            raise _reused()
        _room(sender)
        try:
            with transaction.atomic():
                return Upload.objects.create(
                    id=unordered(), attachment=said.attachment, device=sender.device,
                    record=said.record, kind=said.kind, length=said.length, sha256=said.sha256,
                    begun_at=clock.now(),
                )  # fmt: skip
        except IntegrityError:
            found = Upload.objects.get(attachment=said.attachment)
    if not _mine(sender, found) or (found.length, found.sha256) != (said.length, said.sha256):
        raise _reused()
    if found.status == Status.REFUSED:
        found.status, found.problem = Status.RECEIVING, None
        found.save(update_fields=["status", "problem"])
    finish_file(sender, found)
    return found


def _reused() -> Problem:
    return Problem("key_reused", _("This was sent before with other content."), status=409)


def _room(sender: Sender) -> None:
    """A lost phone must not fill the disk before somebody misses it."""
    waiting = Upload.objects.filter(device=sender.device, used=False)
    if waiting[:WAITING].count() == WAITING:
        message = _("Too many files are waiting here. Let what is begun arrive first.")
        raise Problem("often", message, status=429, headers={"Retry-After": "3600"})


def sweep_files() -> int:
    """Give up what was begun half a year ago and is with no case; returns how many.

    What a held operation names stays: it may yet be done.
    """
    before = clock.now() - KEPT
    held = Operation.objects.filter(status=Operation.Status.HELD).values_list("attachments")
    named = {one for (listed,) in held for one in listed}
    old = Upload.objects.filter(used=False, begun_at__lt=before).exclude(attachment__in=named)
    gone = dict(old.order_by("id").values_list("attachment", "status")[:1000])
    whole = [one for one, status in gone.items() if status == Status.VERIFIED]
    cases.erase_attachments(whole, unused=True)
    for attachment in gone:
        uploading.forget(attachment)
    Upload.objects.filter(attachment__in=list(gone)).delete()
    return len(gone)


def file_of(sender: Sender, attachment: UUID) -> Upload:
    """A file that one of this worker's phones began; Problem 404 for any other."""
    found = Upload.objects.filter(attachment=attachment).first()
    if found is None or not _mine(sender, found):
        raise Problem("missing", _("This file was not begun here. Begin it anew."), status=404)
    return found


def _mine(sender: Sender, upload: Upload) -> bool:
    return upload.device_id == sender.device.pk or upload.device.user_id == sender.user


def take_piece(sender: Sender, upload: Upload, offset: int, source: Readable, length: int) -> int:
    """Add a piece at the end; returns how far the file is. The last one has the whole verified."""
    if upload.status == Status.RECEIVING:
        return _append(sender, upload, offset, source, length)
    if offset != upload.length or length:
        raise _offset(upload.length)
    return upload.length


def finish_file(sender: Sender, upload: Upload) -> None:
    """Verify a file whose bytes are all here: the request that brought the last may have failed."""
    if upload.status == Status.RECEIVING and uploading.received(upload) == upload.length:
        _append(sender, upload, upload.length, io.BytesIO(), 0)


def _append(sender: Sender, upload: Upload, offset: int, source: Readable, length: int) -> int:
    with uploading.opened(upload) as file:
        upload.refresh_from_db(fields=["status"])
        here = file.tell() if upload.status == Status.RECEIVING else upload.length
        if offset != here:
            raise _offset(here)
        if here + length > upload.length:
            raise Problem("large", _("This is more than was announced."), status=413)
        uploading.append(file, source, length)
        here = file.tell()
        if here == upload.length and upload.status == Status.RECEIVING:
            _complete(sender, upload)
    if here == upload.length:
        uploading.forget(upload.attachment)
        settle(sender)
    return here


def _offset(here: int) -> Problem:
    message = _("The file does not go on from there.")
    return Problem("offset", message, status=409, headers={"Upload-Offset": str(here)})


def _complete(sender: Sender, upload: Upload) -> None:
    """The receipt: the bytes are those that were announced, and they are what they say."""
    data = uploading.whole(upload)
    if uploading.digest(data) != upload.sha256:
        uploading.forget(upload.attachment)
        message = _("The file did not arrive as it was. It is sent again.")
        raise Problem("checksum", message, status=460, headers={"Upload-Offset": "0"})
    try:
        with transaction.atomic():
            cases.add_attachment(data, actor=sender.actor, kind=upload.kind, uuid=upload.attachment)
            cases.hold_attachments([upload.attachment])
            Upload.objects.filter(id=upload.pk).update(
                status=Status.VERIFIED, verified_at=clock.now()
            )
    except Problem as problem:
        raise _refused(upload, Problem(problem.code, str(problem), status=422)) from None
    except IntegrityError:  # an id that the server gave to another file meanwhile
        raise _refused(upload, _reused()) from None
    upload.status = Status.VERIFIED


def _refused(upload: Upload, problem: Problem) -> Problem:
    """It stays known as refused, so that its record is not taken for complete."""
    uploading.forget(upload.attachment)
    told = members(problem)
    Upload.objects.filter(id=upload.pk).update(status=Status.REFUSED, problem=told)
    return problem
