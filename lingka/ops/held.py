"""`lingka held`: what was not passed on, for those who have a terminal and no browser."""

from lingka.core import delivery
from lingka.core.actors import SYSTEM
from lingka.core.problems import Problem
from lingka.ops import actions
from lingka.ops.run import say


def run(do: str, held: int | None) -> int:
    """List, or retry all or one, or skip one. Returns 1 while something is still held."""
    if do == "skip" and held is None:
        say("Which one? `lingka held` shows their numbers: lingka held skip NUMBER")
        return 2
    try:
        if do == "skip" and held is not None:
            actions.skip_delivery(held, actor=SYSTEM)
            say(f"{held} is given up. What waited behind it goes on with the next look.")
        elif do == "retry":
            say(f"{actions.retry_deliveries(actor=SYSTEM, held=held)} deliveries went through.")
    except Problem as problem:
        say(str(problem))
        return 1
    return _list()


def _list() -> int:
    for one in delivery.waiting():
        say(f"{one.receiver}: {one.behind} on the way, {one.held} held")
    found = delivery.held()
    for held in found:
        say(
            f"{held.id}  {held.type} at {held.position} for {held.receiver}: {held.error}"
            f" (tried {held.attempts} times, {held.behind} behind it)"
        )
    return 1 if found else 0
