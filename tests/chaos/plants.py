"""Faults put in on purpose, one at a time, to see that a day finds them (PLANT=name)."""

import base64
import json
import re

from tests.chaos.line import Plant, Request, changed
from tests.chaos.phone import Phone

# The app forgets a record after it called it saved.
FORGETS = """(() => {
  const said = console.info.bind(console);
  console.info = (words) => {
    said(words);
    const [word, op] = String(words).split(" ");
    if (word !== "saved" || globalThis.forgot) return;
    globalThis.forgot = true;
    const open = indexedDB.open("lingka-field");
    open.onsuccess = () => {
      const kept = open.result.transaction("operations", "readwrite").objectStore("operations");
      kept.delete(op);
    };
  };
})()"""

# It says saved before anything is on the disk, and then does not write.
TOO_EARLY = """(() => {
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (value, ...more) {
    if (this.name !== "operations") return add.call(this, value, ...more);
    console.info(`saved ${value.op_id} ${value.kind} ${value.record}`);
    throw new DOMException("planted", "AbortError");
  };
})()"""


def of(name: str) -> Plant | None:
    """A fault of the server, as the phone sees it."""
    kinds: dict[str, type[Plant]] = {"silent_eviction": Silent, "false_receipt": FalseReceipt}
    return kinds[name]() if name in kinds else None


def into(name: str, phone: Phone) -> None:
    """A fault of the app."""
    script = {"forgets": FORGETS, "too_early": TOO_EARLY}.get(name)
    if script:
        phone.page.add_init_script(script)
        phone.reloads()


class Silent(Plant):
    """The server knows of the cleared storage, and does not say so."""

    def back(self, request: Request, answer: bytes) -> bytes:
        if request.path != "/field/api/v1/devices":
            return answer
        head, _, body = answer.partition(b"\r\n\r\n")
        return changed(head, json.dumps({**json.loads(body), "evicted": None}).encode())


class FalseReceipt(Plant):
    """A receipt for a file of which not one byte came."""

    def __init__(self) -> None:
        self.announced: dict[str, tuple[bytes, bytes]] = {}  # length and hash, as the phone said

    def on_way(self, request: Request) -> Request:
        if request.head.startswith(b"POST /field/files/"):
            length = re.search(rb"(?i)\r\nupload-length: *(\d+)", request.head)
            pairs = re.search(rb"(?i)\r\nupload-metadata: *([^\r]+)", request.head)
            if length and pairs:
                said = dict(one.split(b" ") for one in pairs[1].split(b","))
                name = base64.b64decode(said[b"attachment"]).decode()
                self.announced[name] = (length[1], base64.b64decode(said[b"sha256"]))
        if not request.head.startswith(b"PATCH /field/files/"):
            return request
        head = re.sub(rb"(?i)(\r\ncontent-length: *)\d+", rb"\g<1>0", request.head)
        return Request(head, b"")

    def back(self, request: Request, answer: bytes) -> bytes:
        said = self.announced.get(request.path.rsplit("/", 1)[-1])
        if said is None or not request.head.startswith(b"PATCH "):
            return answer
        return (
            b"HTTP/1.1 204 No Content\r\nTus-Resumable: 1.0.0\r\nConnection: close\r\n"
            b"Upload-Offset: %b\r\nUpload-Sha256: %b\r\n\r\n" % said
        )
