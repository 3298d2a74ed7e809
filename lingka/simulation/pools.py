"""Staff as a queue sees them: jobs wait, whoever is on duty takes the next one."""

import heapq
from bisect import bisect_right
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from simpy import Environment
from simpy.events import Event

from lingka.core.actors import Actor

Steps = Generator[Event, Any, Any]
Spans = Sequence[tuple[float, float]]  # minutes since the begin, in order


@dataclass
class Job:
    """Something that somebody of a pool has to do.

    `begin` is asked when its turn has come: how many minutes it takes, or None where it is
    nobody's business any more. `finish` does it. `done` tells that it is over.
    """

    begin: Callable[[], float | None]
    finish: Callable[[Actor], Any]
    done: Event
    urgent: bool = False
    person: Actor | None = None  # nobody else can
    asked: float = 0.0


@dataclass
class Tally:
    """What became of a pool's jobs, and how its people spent their time; all in minutes."""

    asked: int = 0
    begun: int = 0
    waits: list[float] = field(default_factory=list)
    area: float = 0.0  # under the curve of the queue's length
    seen: float = 0.0  # when that was last added to
    busy: float = 0.0
    longest: int = 0


class Pool:
    """One queue and its people."""

    def __init__(self, env: Environment, key: str, group: str) -> None:
        self.env, self.key, self.group = env, key, group
        self.workers: list[Worker] = []
        self.idle: list[Worker] = []
        self.queue: list[tuple[bool, int, Job]] = []
        self.numbers = count()
        self.tally = Tally()

    @property
    def actors(self) -> list[Actor]:
        return [one.actor for one in self.workers if not one.on_call]

    @property
    def duty(self) -> float:
        """Minutes on duty up to now, of all people; those on call besides do not count."""
        return sum(one.on_duty(self.env.now) for one in self.workers if not one.on_call)

    def ask(self, job: Job) -> Event:
        """Put a job into the queue; the event comes when it is over."""
        job.asked = self.env.now
        self._count()
        heapq.heappush(self.queue, (not job.urgent, next(self.numbers), job))
        self.tally.asked += 1
        self.tally.longest = max(self.tally.longest, len(self.queue))
        fit = next((one for one in self.idle if one.takes(job)), None)
        if fit:
            self.idle.remove(fit)
            fit.wake()
        return job.done

    def take(self, worker: "Worker") -> Job | None:
        """The next job for this worker: urgent ones first, else in the order they came."""
        found = next((one for one in self._in_order() if worker.takes(one[2])), None)
        if found is None:
            return None
        self._count()
        self.queue.remove(found)
        heapq.heapify(self.queue)
        self.tally.begun += 1
        self.tally.waits.append(self.env.now - found[2].asked)
        return found[2]

    def _in_order(self) -> list[tuple[bool, int, Job]]:
        """All that waits; the first alone where that is enough for everybody."""
        first = self.queue[:1]
        return first if first and first[0][2].person is None else sorted(self.queue)

    def mean_queue(self) -> float:
        """The queue's length, averaged over all time up to now."""
        self._count()
        return self.tally.area / self.env.now if self.env.now else 0.0

    def _count(self) -> None:
        self.tally.area += len(self.queue) * (self.env.now - self.tally.seen)
        self.tally.seen = self.env.now


class Worker:
    """One person: on duty at set times, does one thing after the other.

    What is not finished when duty ends is gone on with when it begins again. Whoever is only on
    call takes what is urgent, and does it at once at any time.
    """

    def __init__(self, pool: Pool, actor: Actor, spans: Spans, *, on_call: bool = False) -> None:
        self.pool, self.env, self.actor, self.on_call = pool, pool.env, actor, on_call
        self.spans = spans
        self.starts = [start for start, _end in spans]
        self.woken: Event = self.env.event()
        pool.workers.append(self)
        self.env.process(self.work())

    def takes(self, job: Job) -> bool:
        if job.person is not None and job.person.id != self.actor.id:
            return False
        return job.urgent or not self.on_call

    def wake(self) -> None:
        self.woken.succeed()

    def on_duty(self, until: float) -> float:
        return sum(min(end, until) - start for start, end in self.spans if start < until)

    def work(self) -> Steps:
        while span := self._span(self.env.now):
            start, end = span
            if start > self.env.now:
                yield self.env.timeout(start - self.env.now)
            while self.env.now < end:
                job = self.pool.take(self)
                if job:
                    yield from self._do(job)
                else:
                    yield from self._wait(end)

    def _span(self, at: float) -> tuple[float, float] | None:
        """When duty is, or begins next; None when it never does again."""
        index = max(bisect_right(self.starts, at) - 1, 0)
        return next((span for span in self.spans[index:] if span[1] > at), None)

    def _wait(self, end: float) -> Steps:
        self.woken = self.env.event()
        self.pool.idle.append(self)
        yield self.woken | self.env.timeout(end - self.env.now)
        if self in self.pool.idle:
            self.pool.idle.remove(self)

    def _do(self, job: Job) -> Steps:
        minutes = job.begin()
        if minutes is None:
            job.done.succeed()
            return
        while minutes > 0:
            span = self._span(self.env.now)
            if span is None:
                return  # nobody comes back to it
            start, end = span
            if start > self.env.now:
                yield self.env.timeout(start - self.env.now)
            spent = min(minutes, end - self.env.now)
            yield self.env.timeout(spent)
            minutes -= spent
            self.pool.tally.busy += 0 if self.on_call else spent
            if minutes < 1e-6:  # noqa: PLR2004 - a rest of rounding
                break
        job.done.succeed(job.finish(self.actor))
