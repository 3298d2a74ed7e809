"""Where the pieces of a file lie until it is whole: the file's own length says how far it is."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from lingka.core.problems import Problem
from lingka.field.models import Upload

BLOCK = 64 * 1024


def path_of(attachment: UUID) -> Path:
    return Path(settings.INCOMING_ROOT) / str(attachment)


def received(upload: Upload) -> int:
    """How many bytes of it are here."""
    if upload.status != Upload.Status.RECEIVING:
        return upload.length
    try:
        return path_of(upload.attachment).stat().st_size
    except FileNotFoundError:
        return 0


@contextmanager
def opened(upload: Upload) -> Iterator[IO[bytes]]:
    """Its bytes so far, for one writer: whoever comes second is told to come again."""
    path = path_of(upload.attachment)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = _("Another request is sending this file just now.")
            raise Problem("locked", message, status=423) from None
        yield file


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def append(file: IO[bytes], source: Readable, most: int) -> None:
    """Add what comes, up to `most` bytes. Where the line breaks, what came stays."""
    while most > 0:
        try:
            block = source.read(min(BLOCK, most))
        except OSError:
            break
        if not block:
            break
        file.write(block)
        most -= len(block)
    file.flush()


def whole(upload: Upload) -> bytes:
    return path_of(upload.attachment).read_bytes()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def forget(attachment: UUID) -> None:
    path_of(attachment).unlink(missing_ok=True)
