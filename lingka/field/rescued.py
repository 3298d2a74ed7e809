"""The rescue file of a phone as it is read: what was written down there and never arrived."""

import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from lingka.core.problems import Problem
from lingka.field.answers import read
from lingka.field.shapes import Schema

MOST = 5000  # records of one file
LIST = "records.json"
LARGEST_LIST, LARGEST = 20_000_000, 20 * 1024 * 1024  # bytes, unpacked
SENT = ("op_id", "seq", "kind", "record", "base_version", "depends_on", "occurred_at", "data")
BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, ValueError, RuntimeError,
    NotImplementedError, MemoryError,
)  # fmt: skip


class _Lenient(BaseModel):
    """A newer app may say more."""

    model_config = ConfigDict(extra="ignore")


class Packed(_Lenient):
    """A photo or voice note of a record, and under which name it lies in the file."""

    id: UUID
    media: Annotated[str, StringConstraints(max_length=80)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    file: Annotated[str, StringConstraints(max_length=120)]


class _Listed(_Lenient):
    title: str = ""
    place: str = ""
    attachments: Annotated[list[Packed], Field(max_length=40)] = []


class _File(_Lenient):
    lingka: Literal["field"]
    device: UUID | None = None
    schema_: Annotated[Schema, Field(alias="schema")] = 1
    records: Annotated[list[dict[str, Any]], Field(max_length=MOST)]
    drafts: list[Any] = []


@dataclass(frozen=True)
class Record:
    title: str
    operation: dict[str, Any]  # as the phone would have sent it
    files: list[Packed]


class Rescue:
    """An opened rescue file. What lies in it is read one by one, and none larger than it may be."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._packed = zipfile.ZipFile(file)
            given = json.loads(self._read(LIST, LARGEST_LIST))
        except (*BROKEN, RecursionError):
            raise _unreadable() from None
        try:
            said = read(_File, given)
            self.records = [_record(one) for one in said.records]
        except Problem:
            raise _unreadable() from None
        self.device, self.schema, self.drafts = said.device, said.schema_, len(said.drafts)

    def data(self, one: Packed) -> bytes | None:
        """The bytes of a file; None where it is not there, or not what the list says."""
        try:
            return self._read(one.file, LARGEST)
        except BROKEN:
            return None

    def _read(self, name: str, most: int) -> bytes:
        with self._packed.open(name) as file:
            found = file.read(most + 1)
        if len(found) > most:
            raise ValueError(name)
        return found


def _record(given: dict[str, Any]) -> Record:
    listed = read(_Listed, {key: given.get(key) for key in ("title", "place", "attachments")})
    title = " · ".join(part for part in (listed.title, listed.place) if part)
    return Record(title, {key: given.get(key) for key in SENT}, listed.attachments)


def _unreadable() -> Problem:
    return Problem(
        "rescue", _("This is no rescue file of the field app."), field="file", status=422
    )
