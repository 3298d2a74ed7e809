"""Phones that come back at once after a day out of reach: how long until the server has it all.

Each speaks the protocol of docs/sync.md as the app does: it makes itself known, pushes fifty
reports, sends twenty photos of them by tus in pieces, fetches its rows, and asks whether all is
complete. It gives a request a minute, as the app does, and comes again after 1, 2, 4 … seconds.
"""

import asyncio
import base64
import hashlib
import json
import random
import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from bench import world

RECORDS, PHOTOS = 50, 20
PIECE = 384 * 1024
WAVES = 8  # of the 64 in a JPEG's table of quantisation
PATIENCE = 60.0
LONGEST = 60.0  # seconds between two tries
PUSHED = "/field/api/v1/push"


@dataclass
class Tally:
    """What all phones saw."""

    answers: Counter[str] = field(default_factory=Counter)
    again: int = 0  # requests given up after a minute, or told to come later
    errors: list[str] = field(default_factory=list)
    sent: int = 0  # bytes of photos and records, each counted once
    done: list[float] = field(default_factory=list)  # seconds until a phone was through


class Line:
    """One kept-open connection, as a browser has it."""

    def __init__(self, cookies: dict[str, str], tally: Tally) -> None:
        self.cookies, self.tally = cookies, tally
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Until it is answered: what is given up or too much just now is asked again."""
        for turn in range(40):
            try:
                async with asyncio.timeout(PATIENCE):
                    status, told, data = await self._once(method, path, body, headers)
            except (OSError, EOFError, TimeoutError):
                status, told, data = 0, {}, b""
                self.close()
            if status and status not in {423, 429} and status < 500:
                self.tally.answers[str(status)] += 1
                if status >= 400:
                    self.tally.errors.append(f"{method} {path}: {status} {data[:200]!r}")
                return status, told, data
            if status >= 500:
                self.tally.errors.append(f"{method} {path}: {status}")
            self.tally.again += 1
            await asyncio.sleep(min(LONGEST, 2**turn) * (0.5 + random.random()))
        raise RuntimeError(f"{method} {path} was never answered")

    async def _once(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", int(world.PORT))
        assert self.reader
        lines = {
            "Host": f"127.0.0.1:{world.PORT}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Length": str(len(body)),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self.writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        await self.writer.drain()
        status, told = await self._head()
        data = b"" if method == "HEAD" or status == 204 else await self._body(told)
        if told.get("connection") == "close":
            self.close()
        return status, told, data

    async def _head(self) -> tuple[int, dict[str, str]]:
        assert self.reader
        first, *rest = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        told = {}
        for line in filter(None, rest):
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                cookie, _, kept = value.strip().partition("=")
                self.cookies[cookie] = kept.partition(";")[0]
            told[name.lower()] = value.strip()
        return int(first.split()[1]), told

    async def _body(self, told: dict[str, str]) -> bytes:
        assert self.reader
        if told.get("transfer-encoding") != "chunked":
            return await self.reader.readexactly(int(told.get("content-length", "0")))
        whole = b""
        while size := int(await self.reader.readline(), 16):
            whole += await self.reader.readexactly(size + 2)
            whole = whole[:-2]
        await self.reader.readline()
        return whole

    def close(self) -> None:
        if self.writer:
            self.writer.close()
        self.reader = self.writer = None


@dataclass
class Phone:
    """What one worker carries home."""

    session: str
    point: tuple[float, float]
    photos: list[bytes]
    tally: Tally

    async def syncs(self, began: float) -> None:
        line = Line({"sessionid": self.session}, self.tally)
        await line.ask("GET", "/field/?csrf")
        token = await self._known(line)
        files = [(uuid4(), uuid4(), marked(photo)) for photo in self.photos]
        await self._pushes(line, token, files)
        for attachment, record, data in files:
            await self._sends(line, token, attachment, record, data)
        await self._fetches(line, token)
        await self._compares(line, token)
        line.close()
        self.tally.done.append(time.monotonic() - began)

    async def _known(self, line: Line) -> str:
        body = json.dumps({"name": "Redmi 9A", "app": "2026.11.21", "schema": 1}).encode()
        headers = {"Content_Type": "application/json", "X_CSRFToken": line.cookies["csrftoken"]}
        _status, _told, data = await line.ask("POST", "/field/api/v1/devices", body, **headers)
        return f"Device {json.loads(data)['token']}"

    async def _pushes(self, line: Line, token: str, files: list[tuple[UUID, UUID, bytes]]) -> None:
        pictures: list[tuple[UUID, list[str]]] = [(record, [str(one)]) for one, record, _ in files]
        plain: list[tuple[UUID, list[str]]] = [
            (uuid4(), []) for _ in range(RECORDS - len(pictures))
        ]
        operations = [
            self._report(number, record, photos)
            for number, (record, photos) in enumerate(pictures + plain, 1)
        ]
        body = json.dumps(
            {
                "protocol": 1, "app": "2026.11.21", "schema": 1, "checklists": {},
                "sent_at": datetime.now(UTC).isoformat(), "operations": operations,
                "left": {"operations": 0, "attachments": len(files)},
            }, ensure_ascii=False,
        ).encode()  # fmt: skip
        self.tally.sent += len(body)
        _status, _told, data = await line.ask(
            "POST", PUSHED, body, Authorization=token, Content_Type="application/json"
        )
        results = Counter(one["status"] for one in json.loads(data)["results"])
        if set(results) - {"applied", "duplicate"}:
            self.tally.errors.append(f"push: {dict(results)}")

    def _report(self, number: int, record: UUID, photos: list[str]) -> dict[str, Any]:
        lon, lat = self.point
        return {
            "op_id": str(uuid4()), "seq": number, "kind": "report", "record": str(record),
            "base_version": None, "depends_on": [], "occurred_at": datetime.now(UTC).isoformat(),
            "data": {"type": "light.out", "words": f"第 {number} 根灯杆的灯不亮", "lon": lon,
                     "lat": lat, "attachments": photos},
        }  # fmt: skip

    async def _sends(
        self, line: Line, token: str, attachment: UUID, record: UUID, data: bytes
    ) -> None:
        digest = hashlib.sha256(data).hexdigest()
        said = {"attachment": attachment, "record": record, "sha256": digest, "media": "image/jpeg"}
        metadata = ",".join(
            f"{name} {base64.b64encode(str(value).encode()).decode()}"
            for name, value in said.items()
        )
        tus = {"Authorization": token, "Tus_Resumable": "1.0.0"}
        _status, told, _data = await line.ask(
            "POST", "/field/files/", **tus, Upload_Length=str(len(data)), Upload_Metadata=metadata
        )
        place, receipt = int(told.get("upload-offset", "0")), ""
        while not receipt:
            piece = data[place : place + PIECE]
            kind = "application/offset+octet-stream"
            status, told, _data = await line.ask(
                "PATCH", f"/field/files/{attachment}", piece,
                **tus, Upload_Offset=str(place), Content_Type=kind,
            )  # fmt: skip
            if status == 409:  # it had arrived, and its answer had been given up
                self.tally.errors.pop()
                self.tally.answers["409"] -= 1
                _status, told, _data = await line.ask("HEAD", f"/field/files/{attachment}", **tus)
            place, receipt = int(told["upload-offset"]), told.get("upload-sha256", "")
        self.tally.sent += len(data)
        if receipt != digest:
            self.tally.errors.append(f"{attachment} arrived with other bytes")

    async def _fetches(self, line: Line, token: str) -> None:
        cursor, more = "", True
        while more:
            _status, _told, data = await line.ask(
                "GET", f"/field/api/v1/pull?cursor={cursor}", Authorization=token
            )
            page = json.loads(data)
            cursor, more = page["cursor"], page["more"]

    async def _compares(self, line: Line, token: str) -> None:
        _status, _told, data = await line.ask("GET", "/field/api/v1/standing", Authorization=token)
        complete = sum(one["complete"] for one in json.loads(data)["operations"])
        if complete != RECORDS:
            self.tally.errors.append(f"{complete} of {RECORDS} records are complete")


def marked(photo: bytes) -> bytes:
    """The same picture as a file of its own, also once the server has taken out what is no picture:
    its coarse waves are a little weaker or stronger than in any other."""
    first = photo.index(b"\xff\xdb") + 6  # the table's second value (ISO 10918-1, B.2.4.1)
    waves = photo[first : first + WAVES]
    shifted = bytes(min(255, one + random.randrange(8)) for one in waves)
    return photo[:first] + shifted + photo[first + WAVES :]


def pictures() -> list[bytes]:
    """Twenty photos as the app stores them: 1600 px, of some 330 kB each."""
    from PIL import Image, ImageFilter

    made = []
    for number in range(PHOTOS):
        rough = Image.effect_noise((200, 150), 60 + number).resize((1600, 1200))
        picture = Image.merge("RGB", [rough, rough.filter(ImageFilter.BLUR), rough])
        file = BytesIO()
        picture.save(file, "JPEG", quality=80)
        made.append(file.getvalue())
    return made


def workers(many: int) -> list[tuple[str, tuple[float, float]]]:
    """Sessions of as many grid workers, spread over the city's grids, and where each stands."""
    from django.test import Client

    from lingka.accounts.models import Post, Role, User
    from lingka.accounts.selectors import forget
    from lingka.core.ids import uuid7

    first = list(Post.objects.filter(role=Role.GRID_WORKER).select_related("area"))
    made = []
    for number in range(many):
        like = first[number % len(first)]
        uuid = uuid7()  # part of the name, so that a city can be measured again
        user = User.objects.create(uuid=uuid, username=f"bench-{uuid}", name=f"网格员 {number}")
        Post.objects.create(
            user=user, role=Role.GRID_WORKER, unit_id=like.unit_id, area=like.area,
            valid_from=like.valid_from,
        )  # fmt: skip
        client = Client()
        client.force_login(user)
        made.append((client.cookies["sessionid"].value, (like.area.lon, like.area.lat)))
    forget()
    return made


def measure(many: int) -> dict[str, Any]:
    """Their day comes in; how long it takes, beside what the bytes alone take on the loopback."""
    tally = Tally()
    taken = pictures()
    carried = [Phone(session, point, taken, tally) for session, point in workers(many)]
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with world.serving() as servers:
        cpu = world.cpu_seconds(servers)
        began = time.monotonic()
        asyncio.run(_all(carried, began))
        seconds = time.monotonic() - began
        cpu = world.cpu_seconds(servers) - cpu
    loopback = asyncio.run(_bytes_alone(tally.sent))
    done = sorted(tally.done)
    return {
        "phones": many,
        "records": many * RECORDS,
        "photos": many * PHOTOS,
        "megabytes": round(tally.sent / 1e6, 1),
        "seconds": round(seconds, 1),
        "half_through_seconds": round(done[len(done) // 2], 1) if done else None,
        "loopback_seconds": round(loopback, 2),
        "cpu_seconds": round(cpu, 1),
        "asked_again": tally.again,
        "errors": len(tally.errors),
        "first_errors": tally.errors[:5],
    }


async def _all(phones: list[Phone], began: float) -> None:
    ended = await asyncio.gather(*(one.syncs(began) for one in phones), return_exceptions=True)
    for one in ended:
        if isinstance(one, BaseException):
            phones[0].tally.errors.append(repr(one))


async def _bytes_alone(size: int) -> float:
    """As many bytes through one socket of the loopback, into nothing."""
    over = asyncio.Event()

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(PIECE):
            pass
        writer.close()
        over.set()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    began = time.monotonic()
    _reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    piece = bytes(PIECE)
    for _piece in range(size // PIECE + 1):
        writer.write(piece)
        await writer.drain()
    writer.close()
    await over.wait()
    server.close()
    return time.monotonic() - began
