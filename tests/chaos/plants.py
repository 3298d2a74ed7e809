"""Faults put in on purpose, one at a time, to see that a day finds them (PLANT=name)."""

import json
from collections.abc import Callable

from tests.chaos.line import Request, changed
from tests.chaos.phone import Phone

Plant = Callable[[Request, bytes], bytes]

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
    return {"silent_eviction": _silent, "false_receipt": _false_receipt}.get(name)


def into(name: str, phone: Phone) -> None:
    """A fault of the app."""
    script = {"forgets": FORGETS, "too_early": TOO_EARLY}.get(name)
    if script:
        phone.page.add_init_script(script)
        phone.reloads()


def _silent(request: Request, answer: bytes) -> bytes:
    """The server knows of the cleared storage, and does not say so."""
    if request.path != "/field/api/v1/devices":
        return answer
    head, _, body = answer.partition(b"\r\n\r\n")
    return changed(head, json.dumps({**json.loads(body), "evicted": None}).encode())


def _false_receipt(request: Request, answer: bytes) -> bytes:
    """Everything that is held or refused is said to be applied."""
    if request.path != "/field/api/v1/push":
        return answer
    head, _, body = answer.partition(b"\r\n\r\n")
    told = json.loads(body)
    for one in told.get("results", []):
        one.update(status="applied", problem=None)
    return changed(head, json.dumps(told).encode())
