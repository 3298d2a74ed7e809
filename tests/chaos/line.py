"""A bad line between the phone and the server: a small proxy whose faults come from a seed.

It cuts requests and answers at a random byte, swallows acknowledgements, sends a request twice at
once, and keeps one back until others have overtaken it. It can be away altogether, and it can serve
the app as another build.
"""

import asyncio
import contextlib
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

PATIENCE = 20.0  # seconds for one request, whatever happens to it
BEHIND = 2  # how many others overtake one that is kept back
FAULTS = ("cut_request", "cut_answer", "lost", "doubled", "late", "again")
PIECE = re.compile(rb"((?:assets|\.)/[\w.-]+-[\w-]{8})\.js")
BUILT = re.compile(rb"\.b\d+\.js")
GONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class Request:
    """One request as it came, byte by byte."""

    head: bytes
    body: bytes
    phone: asyncio.StreamReader | None = None  # says when the phone gave it up

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode("latin-1")

    @property
    def changes(self) -> bool:
        """Only these are sent twice or late: a browser does so with nothing else."""
        return self.head.startswith((b"POST /field/", b"PATCH /field/"))

    def sent(self) -> bytes:
        """For the server: one request on each connection, and an answer that can be read here."""
        lines = [
            one for one in self.head.split(b"\r\n")
            if not one.lower().startswith((b"connection:", b"accept-encoding:"))
        ]  # fmt: skip
        lines[0] = BUILT.sub(b".js", lines[0])
        return b"\r\n".join([*lines, b"Connection: close", b"", b""]) + self.body


class Plant:
    """A fault put in on purpose between the phone and the server."""

    def on_way(self, request: Request) -> Request:
        return request

    def back(self, _request: Request, answer: bytes) -> bytes:
        return answer


@dataclass
class Line:
    """Listens on a port of its own, so that the browser holds nothing of the day before."""

    upstream: int
    roll: random.Random
    plant: Plant | None = None
    port: int = 0
    badness: float = 0.0  # how likely a fault is
    away: bool = False
    stalls: list[bytes] = field(
        default_factory=list
    )  # what begins so stops moving, one after another
    carrying: int = 0
    build: int = 1
    answered: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.late: list[tuple[int, Request]] = []
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result(PATIENCE)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _listen(self) -> int:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self.server.sockets[0].getsockname()[1])

    def close(self) -> None:
        async def end() -> None:
            self.server.close()
            others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
            for one in others:
                one.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(PATIENCE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()

    def has_carried(self, more: int, patience: float) -> bool:
        """Wait until so many further requests came to an end, good or bad."""
        goal, deadline = self.answered + more, time.monotonic() + patience
        with self.changed:
            while self.answered < goal:
                if not self.changed.wait(deadline - time.monotonic()):
                    return False
        return True

    def is_quiet(self) -> None:
        """Wait until nothing is on its way any more."""
        deadline = time.monotonic() + PATIENCE
        with self.changed:
            while self.carrying:
                assert self.changed.wait(deadline - time.monotonic()), "the line is never quiet"

    # -- one connection --------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.carrying += 1
        with contextlib.suppress(OSError, EOFError, TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(2 * PATIENCE):
                await self._carry(await _read(reader), writer)
        with contextlib.suppress(OSError):
            writer.close()
        with self.changed:
            self.answered += 1
            self.carrying -= 1
            self.changed.notify_all()

    async def _carry(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if self.away:
            self.faults["away"] += 1
            return
        fault = self._fault(request)
        self.faults[fault] += 1
        await getattr(self, f"_{fault}")(request, writer)
        due = [one for one in self.late if one[0] <= self.answered]
        self.late = [one for one in self.late if one[0] > self.answered]
        for _when, one in due:
            await self._ask(one)

    def _fault(self, request: Request) -> str:
        if self.stalls and request.head.startswith(self.stalls[0]):
            del self.stalls[0]
            return "stalled"
        if self.roll.random() >= self.badness:
            return "carried"
        return self.roll.choice(FAULTS if request.changes else FAULTS[:3])

    async def _carried(self, request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(await self._ask(request))
        await writer.drain()

    async def _cut_request(self, request: Request, writer: asyncio.StreamWriter) -> None:
        whole = request.sent()
        _reader, up = await asyncio.open_connection("127.0.0.1", self.upstream)
        up.write(whole[: self.roll.randrange(len(whole))])
        await up.drain()
        up.close()

    async def _stalled(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """Half of what it says goes on, and nothing more, until the phone gives up."""
        whole = request.sent()
        _reader, up = await asyncio.open_connection("127.0.0.1", self.upstream)
        up.write(whole[: len(whole) - len(request.body) // 2])
        await up.drain()
        try:
            with contextlib.suppress(OSError):
                assert request.phone is not None
                await request.phone.read(-1)
            self.faults["given_up"] += 1
        finally:
            up.close()

    async def _cut_answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        answer = await self._ask(request)
        writer.write(answer[: self.roll.randrange(len(answer) or 1)])
        await writer.drain()

    async def _lost(self, request: Request, writer: asyncio.StreamWriter) -> None:
        await self._ask(request)

    async def _doubled(self, request: Request, writer: asyncio.StreamWriter) -> None:
        answers = await asyncio.gather(self._ask(request), self._ask(request))
        writer.write(self.roll.choice(answers))
        await writer.drain()

    async def _late(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.late.append((self.answered + BEHIND, request))

    async def _again(self, request: Request, writer: asyncio.StreamWriter) -> None:
        await self._carried(request, writer)
        await self._late(request, writer)

    async def _ask(self, request: Request) -> bytes:
        if self._is_gone(request):
            return GONE
        if self.plant:
            request = self.plant.on_way(request)
        async with asyncio.timeout(PATIENCE):
            reader, up = await asyncio.open_connection("127.0.0.1", self.upstream)
            try:
                up.write(request.sent())
                await up.drain()
                answer = await reader.read(-1)
            finally:
                up.close()
        answer = self._as_built(request, answer)
        return self.plant.back(request, answer) if self.plant else answer

    def _is_gone(self, request: Request) -> bool:
        """What belongs to an earlier build is on the server no longer."""
        piece = "/static/field/dist/assets/" in request.path and request.path.endswith(".js")
        return self.build > 1 and piece and not request.path.endswith(f".b{self.build}.js")

    def _as_built(self, request: Request, answer: bytes) -> bytes:
        """The same app with other names for all its pieces: to the browser a new version."""
        if self.build == 1 or not re.search(r"(/field/|\.js)(\?|$)", request.path):
            return answer
        head, _, body = answer.partition(b"\r\n\r\n")
        body = PIECE.sub(rb"\1.b%d.js" % self.build, body)
        body = re.sub(rb"([\"`']/field/[\"`'],revision:[\"`'])", rb"\1b%d" % self.build, body)
        return changed(head, body)


def changed(head: bytes, body: bytes) -> bytes:
    """An answer with another body."""
    lines = [one for one in head.split(b"\r\n") if not one.lower().startswith((b"content-length:", b"etag:", b"transfer-encoding:"))]  # fmt: skip  # noqa: E501
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", b""]) + body


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).removesuffix(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return Request(head, body, reader)
