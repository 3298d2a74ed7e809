"""The points bank and volunteering beside pgbench on the same PostgreSQL: redemptions and
check-ins a second, and a whole street that checks in at one event from shaky telephones.

A redemption is reserving a good and handing it over. The street comes over HTTP, all by one
address as behind a carrier's gateway: a code is scanned, a button pressed; one request in ten
fails, half of them before they are sent, half after they were done; whoever failed comes again.
"""

import asyncio
import itertools
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID, uuid4

from bench import world, yardstick
from bench.phones import Line, Tally

CLIENTS = 4  # processes that redeem and check in at once
ONE_BY_ONE = 200  # redemptions and check-ins of each
AT_ONCE = 40  # telephones of the street under way at the same moment
FAILS = 0.1  # of all requests
LONGEST = 600  # seconds that the processes wait for each other
DONE, ALREADY = 200, 409
SECONDS = 300  # in which the whole street has come
GOODS = 20
POINTS = 10


def measure(street: int, each: int = ONE_BY_ONE, seconds: int = 5) -> dict[str, Any]:
    """`street` people at one event, after `each` redemptions and check-ins of every client."""
    yardstick.prepare()
    yard = yardstick.measure(seconds)
    people = [_member(number) for number in range(max(street, CLIENTS * each))]
    goods = _goods(CLIENTS * each)
    redeemed = _at_once(_redeem, [(who.uuid, goods[at % GOODS]) for at, who
                                  in enumerate(people[: CLIENTS * each])])  # fmt: skip
    smaller = _event(CLIENTS * each)
    came = _at_once(_check_in, [(who.member, smaller) for who in people[: CLIENTS * each]])
    return {
        "tps": round(yard.tps, 1), "redemptions_per_s": redeemed, "check_ins_per_s": came,
        **_come(people[:street], _event(street)),
    }  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A member with a telephone."""

    member: int
    uuid: UUID
    key: str


def _member(number: int) -> Person:
    from lingka.core.crypto import unseal
    from lingka.members import actions, selectors
    from lingka.members.models import Code

    home = selectors.communities()[0][1][0][0]
    to, source = f"street{uuid4().hex}@example.org", f"bench {number}"
    token = actions.ask(to, language="zh-hans", source=source)
    digits = unseal(bytes(Code.objects.latest("id").sealed))["digits"]
    actions.enter(token, digits, source=source)
    key = actions.join(token, name=f"{number}号门", area=home, language="zh-hans")
    found = selectors.by_key(key)
    assert found is not None
    return Person(found.id, found.uuid, key)


def _desk(*roles: str) -> Any:
    """Somebody of these roles over the whole town, or as much of it as there is."""
    from lingka.accounts.models import Post
    from lingka.core.actors import Actor

    post = Post.objects.filter(role__in=roles).order_by("area__path", "id")[0]
    return Actor("user", post.user_id)


def _said(text: str) -> dict[str, str]:
    return {"zh-hans": text, "bo": "སྡེ་ཁུལ།", "en": text}


def _goods(many: int) -> list[UUID]:
    """As many goods as are wanted, on one market."""
    from lingka.core.actors import SYSTEM
    from lingka.members import selectors
    from lingka.points import actions
    from lingka.units import selectors as units

    home, unit = selectors.communities()[0][1][0][0], units.units()[0].id
    shop = actions.set_shop(
        None, actor=SYSTEM, unit=unit, area=home, name=_said("集市"), where=_said("广场")
    )
    made = [
        actions.set_good(shop, None, actions.Offer(_said(f"第 {one} 样"), POINTS), actor=SYSTEM)
        for one in range(GOODS)
    ]
    for good in made:
        actions.deliver(good, many, actor=SYSTEM)
    return made


def _event(places: int) -> UUID:
    """One that begins in ten minutes: whoever comes now is early, and welcome."""
    from lingka.core import clock
    from lingka.members import selectors
    from lingka.volunteering import actions

    home = selectors.communities()[0][1][0][0]
    desk, other = _desk("dispatcher"), _desk("supervisor", "administrator")
    wanted = actions.Draft("environment", _said("大扫除"), _said("一条街"), _said("街口"))
    code = actions.draft(home, wanted, actor=desk)
    begins = clock.now() + timedelta(minutes=10)
    shift = actions.add_shift(code, begins, begins + timedelta(hours=2), places, actor=desk)
    actions.approve(code, actor=other)
    actions.publish(code, actor=desk)
    return shift


def _at_once(deed: Callable[[list[Any]], tuple[float, float]], jobs: list[Any]) -> float:
    """How many of these a second, done by several processes at once."""
    spawn = multiprocessing.get_context("spawn")
    shares = [jobs[at::CLIENTS] for at in range(CLIENTS)]
    line = spawn.Barrier(CLIENTS)
    with ProcessPoolExecutor(
        CLIENTS, mp_context=spawn, initializer=_ready, initargs=(line,)
    ) as pool:
        list(pool.map(_awake, range(CLIENTS)))  # all have started
        spans = list(pool.map(deed, shares))
    return round(len(jobs) / (max(last for _f, last in spans) - min(first for first, _l in spans)))


LINE: list[Barrier] = []  # of a process: where it waits for the others


def _ready(line: Barrier) -> None:
    import django

    LINE.append(line)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def _awake(_number: int) -> None:
    from lingka.points.models import Account

    Account.objects.exists()
    LINE[0].wait(LONGEST)


def _redeem(jobs: list[tuple[UUID, UUID]]) -> tuple[float, float]:
    """Once everybody, of every process, has points: measured is what follows."""
    from lingka.core.actors import SYSTEM
    from lingka.points import actions

    accounts = []
    for member, _good in jobs:
        account = actions.open_account("points", actor=SYSTEM, member=member)
        actions.earn(account, POINTS, "service", actor=SYSTEM, key=uuid4())
        accounts.append(account)
    LINE[0].wait(LONGEST)  # nobody is measured while another still prepares
    began = time.monotonic()
    for (_member, good), account in zip(jobs, accounts, strict=True):
        made = actions.reserve(good, account, actor=SYSTEM, key=uuid4())
        actions.hand_over(made.uuid, actor=SYSTEM)
    return began, time.monotonic()


def _check_in(jobs: list[tuple[int, UUID]]) -> tuple[float, float]:
    from lingka.core.actors import Actor
    from lingka.volunteering import actions

    began = time.monotonic()
    for member, shift in jobs:
        actions.check_in(shift, actor=Actor("member", member))
    return began, time.monotonic()


class Shaky(Line):
    """A connection on which one request in ten fails, before it was sent or after it was done.

    Whoever did not hear that it was done, and asks again, is told that it is done already."""

    unheard = False

    async def _once(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        luck = random.random()
        if luck < FAILS / 2:
            self.close()
            raise ConnectionResetError
        status, told, data = await super()._once(method, path, body, headers)
        again, self.unheard = self.unheard, luck < FAILS
        if self.unheard:
            self.close()
            raise ConnectionResetError
        return (DONE if again and status == ALREADY else status), told, data


def _come(people: list[Person], shift: UUID) -> dict[str, Any]:
    """The street comes; then what the database has of it is held against who came."""
    from lingka.volunteering import selectors

    secret, tally = selectors.secret_of(shift) or b"", Tally()
    with world.serving() as servers:
        before, began = world.cpu_seconds(servers), time.monotonic()
        came = asyncio.run(_street(people, shift, secret, tally))
        seconds = time.monotonic() - began
        cpu = world.cpu_seconds(servers) - before
    here, told = _kept(shift)
    return {
        "street": len(people), "seconds": round(seconds, 1), "cpu_seconds": round(cpu, 1),
        "failed_requests": tally.again, "lost": len(people) - len(set(here)),
        "doubled": len(here) - len(set(here)) + told - len(set(here)),
        "growth": _growth(came), "late": round(max(0.0, seconds - SECONDS), 1),
        "errors": len(tally.errors),
        "first_errors": tally.errors[:3],
    }  # fmt: skip


async def _street(people: list[Person], shift: UUID, secret: bytes, tally: Tally) -> list[float]:
    """When each of them was in."""
    waiting: Iterator[Person] = iter(people)
    came: list[float] = []

    async def telephones() -> None:
        for one in itertools.islice(waiting, None):
            await _arrives(one, shift, secret, tally)
            came.append(time.monotonic())

    await asyncio.gather(*(telephones() for _ in range(AT_ONCE)))
    return came


def _growth(came: list[float]) -> float:
    """How much longer the last quarter of a street takes than the second, which is warm as well:
    what a check-in costs beside those who are there already."""
    quarter = len(came) // 4
    second, last = came[2 * quarter - 1] - came[quarter - 1], came[-1] - came[-1 - quarter]
    return round(last / second, 2)


async def _arrives(one: Person, shift: UUID, secret: bytes, tally: Tally) -> None:
    """Scan what is shown at this moment, look at the page, press the button."""
    from lingka.core import clock
    from lingka.volunteering import rules

    line = Shaky({"member": one.key}, tally)
    shown = rules.code_of(secret, rules.step_of(clock.now()))
    await line.ask("GET", f"/v/in/{shift}/{shown}")
    await line.ask("GET", "/v/here/")
    given = {"Content_Type": "application/x-www-form-urlencoded",
             "X_CSRFToken": line.cookies.get("csrftoken", "")}  # fmt: skip
    await line.ask("POST", "/v/here/", b"do=in", **given)
    line.close()


def _kept(shift: UUID) -> tuple[list[UUID], int]:
    """Who is here by the list, and how many check-ins the log tells of."""
    from lingka.core.models import Event
    from lingka.volunteering.models import Service

    rows = Service.objects.filter(shift__uuid=shift, state="here").values_list("member", flat=True)
    told = Event.objects.filter(type="volunteering.CheckedIn", data__shift=str(shift)).count()
    return [one for one in rows if one], told
