"""Where the pieces of a file lie until it is whole: the file's own length says how far it is."""

from pathlib import Path
from uuid import UUID

from django.conf import settings

from lingka.field.models import Upload


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
