"""`lingka exchange`: what the worker does every five minutes, by hand, and what differs."""

from pathlib import Path

from django.utils import translation

from lingka.core.problems import Problem
from lingka.exchange import actions, selectors
from lingka.ops.run import say

WITH_FILE = {"take": actions.take, "compare": actions.compare}
WITHOUT = {"send": actions.send, "pull": actions.pull, "push": actions.push}
NAMES = {
    "theirs_only": "only they have", "ours_only": "only we have", "differing": "status differs",
    "untold": "not told yet",
}  # fmt: skip


def run(do: str, peer: str, file: Path | None) -> int:
    """Do one thing with one platform; 1 where it failed."""
    if do in WITH_FILE and (file is None or not file.is_file()):
        say("Name a file that exists.")
        return 1
    with translation.override("en"):  # as the rest of what the terminal says
        try:
            return _done(do, peer, file)
        except Problem as problem:
            say(str(problem.message))
            return 1


def _done(do: str, peer: str, file: Path | None) -> int:
    if do == "run":
        failed = actions.run(peer)
        for one in failed:
            say(one)
        return 1 if failed else 0
    if do == "report":
        return _report(peer)
    counts = WITH_FILE[do](peer, file) if do in WITH_FILE and file else WITHOUT[do](peer)
    say(", ".join(f"{name} {number}" for name, number in counts.items()))
    return 0


def _report(peer: str) -> int:
    if selectors.peer(peer) is None:
        say("There is no such platform.")
        return 1
    found = selectors.reconciliation(peer)
    for name, one in found.rows():
        say(f"{NAMES[name]}: {one.their_id} {one.number}".rstrip())
    say(f"{found.agreeing} agree.")
    return 0
