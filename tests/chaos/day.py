"""A day of bad luck, made from a seed: what the worker does, and what happens meanwhile."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lingka.accounts.models import User
from lingka.cases.models import Attachment, Case
from lingka.core.models import Event
from lingka.field.models import Operation, Upload
from lingka.patrols.models import Submission
from tests.chaos.oracle import Found, key_of
from tests.chaos.phone import Phone
from tests.chaos.server import Server

# One of these in every day; which one is the seed's remainder, so that twenty days have them all.
MISFORTUNES = (
    "killed", "server", "restarted", "updated", "clock", "quota", "cleared", "killed_in_saving",
    "stalled", "hands",
)  # fmt: skip
HOUR = 3_600_000
CLOCKS = (-400 * 24 * HOUR, -3 * HOUR, 11 * 60_000, 26 * HOUR, 9 * 24 * HOUR)


@dataclass
class Day:
    seed: int
    phone: Phone
    server: Server
    worker: User
    case: Case
    place: str
    new_id: Callable[[], Any]
    roll: random.Random
    told: list[str] = field(default_factory=list)  # what happened, to be read when it went wrong
    evicted: set[str] = field(default_factory=set)
    evicted_files: set[str] = field(default_factory=set)
    kept: set[str] | None = None  # what stood in the tray where the day ended out of reach
    thrown: Counter[str] = field(default_factory=Counter)
    unspoken: int = 0
    began: float = field(default_factory=time.monotonic)

    def log(self, words: str) -> None:
        self.told.append(f"{time.monotonic() - self.began:5.1f} s  {words}")

    def run(self) -> None:
        self.phone.first_time(str(self.case.uuid))
        misfortune = MISFORTUNES[self.seed % len(MISFORTUNES)]
        steps = [self.roll.choice((self._report, self._report, self._act, self._check))
                 for _step in range(self.roll.randrange(3, 5))]  # fmt: skip
        place = self.roll.randrange(1, len(steps) + 1)
        self._network()
        for number, step in enumerate(steps):
            if number == place:
                self._happens(misfortune)
            step(number)
            if self.roll.random() < 0.4:
                self._network()
        if place == len(steps):
            self._happens(misfortune)
        self._bad_line()
        if self.seed % 3 or self.thrown["cleared"]:
            self._ends()
        else:
            self._ends_out_of_reach()

    def run_short(self, photos: int, misfortune: str) -> None:
        """What a planted fault needs: one report out of reach, perhaps a misfortune, and home."""
        self.phone.first_time(str(self.case.uuid))
        self.phone.is_online(False)
        self._saves("report", self.phone.report(f"{self.seed}-only", photos))
        if misfortune:
            self._happens(misfortune)
        self._ends()

    # -- what the worker does --------------------------------------------------------------------

    def _report(self, number: int) -> None:
        photos = self.roll.randrange(3)
        saved = self.phone.report(f"{self.seed}-{number}", photos)
        self._saves(f"report with {photos} photos", saved)

    def _act(self, number: int) -> None:
        photos = self.roll.randrange(2)
        saved = self.phone.act(str(self.case.uuid), f"{self.seed}-{number}", photos)
        self._saves(f"action with {photos} photos", saved)

    def _check(self, number: int) -> None:
        self._saves("checklist", self.phone.check(self.place, str(self.new_id())))

    def _saves(self, what: str, saved: object) -> None:
        """There is room, so nothing may be refused."""
        self.log(f"{what}: {'saved' if saved else 'not saved'}")
        assert saved, f"{what} was not saved though there is room"

    # -- what happens ----------------------------------------------------------------------------

    def _network(self) -> None:
        online = self.roll.random() < 0.4
        self.phone.line.badness = self.roll.choice((0.3, 0.6, 0.8))
        self.phone.is_online(online)
        self.log(f"network: {'bad' if online else 'none'}")

    def _bad_line(self) -> None:
        """The app tries to bring it in, over a line that breaks at every turn."""
        line = self.phone.line
        line.badness = 0.8
        self.phone.is_online(True)
        for _try in range(self.roll.randrange(2, 5)):
            self.phone.tries()
            line.has_carried(2, 2.0)
        self.log(f"line: {dict(line.faults)}")

    def _happens(self, misfortune: str) -> None:
        self.log(f"happens: {misfortune}")
        getattr(self, f"_{misfortune}")()
        self.thrown[misfortune] += 1

    def _killed(self) -> None:
        self.phone.dies()

    def _killed_in_saving(self) -> None:
        self.phone.writes(f"{self.seed}-dying")
        self.unspoken = 1
        self.phone.begins_to_save()
        self.phone.dies()

    def _server(self) -> None:
        """While the phone sends; it is back before the phone is."""
        self.phone.is_online(True)
        self.phone.tries()
        self.phone.line.has_carried(1, 1.0)
        self.server.dies()
        self.server.start()
        self.phone.tries()

    def _hands(self) -> None:
        """Killed while the phone sends: who works behind the server, and who answers for it."""
        self.phone.is_online(True)
        with self.server.works_behind():
            self.phone.tries()
            self.phone.line.has_carried(1, 1.0)
            self.server.loses_a_hand()
            self.phone.tries()
            self.phone.line.has_carried(1, 1.0)

    def _stalled(self) -> None:
        """Half of a push and half of a photo move, then nothing does: the app gives up both."""
        line = self.phone.line
        self.phone.is_online(False)
        self._saves("report with a photo", self.phone.report(f"{self.seed}-stalled", 1))
        self.phone.hurries()
        line.badness = 0
        line.stalls = [b"POST /field/api/v1/push", b"PATCH /field/files/"]
        self.phone.is_online(True)
        deadline = time.monotonic() + 20
        while line.faults["given_up"] < 2:
            assert time.monotonic() < deadline, f"never given up: {line.stalls} {line.faults}"
            self.phone.tries()
            self.phone.page.wait_for_timeout(300)

    def _restarted(self) -> None:
        self.phone.worker_restarts()
        self.phone.reloads()

    def _updated(self) -> None:
        self.phone.line.badness = 0
        self.phone.is_online(True)
        self.phone.updates()

    def _clock(self) -> None:
        wrong_by = self.roll.choice(CLOCKS)
        self.phone.clock(wrong_by)
        self.log(f"clock wrong by {wrong_by // 60_000} minutes")

    def _quota(self) -> None:
        """No room: the screen says so. When there is room again, what was typed is still there."""
        self.phone.dies(room=1000)
        assert not self.phone.report(f"{self.seed}-roomless", 0), "saved without any room"
        self.phone.quota(None)
        assert self.phone.keeps(), "not saved though there is room again"
        self.log("no room, said the screen; saved when there was some")

    def _cleared(self) -> None:
        """All that had not arrived by then is gone, and the app must say so once it can know."""
        badness = self.roll.choice((0, 0.3))
        app = self.roll.choice(("shut", "open", "writing"))
        if app == "writing":
            self.phone.writes(f"{self.seed}-writing")
        self.evicted, self.evicted_files = self.phone.waiting()
        if app == "shut":
            self.phone.page.goto("about:blank")
        self.phone.loses_storage()
        if app == "writing":
            self.log(f"report: {'saved' if self.phone.keeps() else 'not saved'}")
        self.phone.line.badness = 0  # with nothing kept, the app itself must come over the line
        self.phone.is_online(True)
        self.phone.goes("today")
        self.phone.reloads()
        self.phone.first_time(str(self.case.uuid))
        self.phone.line.badness = badness
        self.log(f"storage cleared while the app was {app}, with {len(self.evicted)} in the tray")

    # -- the end ---------------------------------------------------------------------------------

    def _ends(self) -> None:
        assert self.server.answers(), "the server did not come back"
        line = self.phone.line
        line.badness = 0
        self.phone.is_online(True)
        if self.thrown["cleared"]:
            told = self.phone.was_told()
            self.log(f"the app {'told' if told else 'did not tell'} of the cleared storage")
            if not told:
                self.evicted, self.evicted_files = set(), set()
        self.phone.brings_all_in()
        self.log("all is in, says the tray")

    def _ends_out_of_reach(self) -> None:
        """What has not arrived stands in the tray, and there is something."""
        self.phone.is_online(False)
        self._report(99)
        self.phone.line.is_quiet()
        self.kept = self.phone.shows_tray()
        self.thrown["out_of_reach"] += 1
        self.log(f"out of reach in the end, with {len(self.kept)} in the tray")
        assert self.phone.saved[-1].op in self.kept, "what cannot have arrived is not in the tray"

    def found(self) -> Found:
        here = Operation.objects.filter(device__user=self.worker).values_list("op_id", "status")
        whole = Upload.objects.filter(device__user=self.worker, status="verified", used=True)
        files = Attachment.objects.filter(uuid__in=whole.values("attachment"))
        return Found(
            operations=[(str(op), status) for op, status in here],
            effects=self._effects({str(op) for op, status in here if status == "applied"}),
            files={str(one.uuid): one.received_sha256 for one in files},  # of the bytes that came
            tray=self.phone.tray() if self.kept is None else self.kept,
            evicted=self.evicted,
            evicted_files=self.evicted_files,
            unspoken=self.unspoken,
        )

    def _effects(self, applied: set[str]) -> Counter[str]:
        """Which report became which case, which words are of which action, cannot be read off what
        they made: there are as many as there must be, or none of them counts as right."""
        saved = self.phone.saved
        acted = Event.objects.filter(
            stream_id=self.case.uuid, type="cases.CaseActed", data__action="protect"
        )
        made = {
            "act": acted.count(),
            "report": Case.objects.filter(pk__gt=self.case.pk).count(),
            "checklist": Submission.objects.filter(key__in=[one.record for one in saved]).count(),
        }
        gone = (self.evicted | (self.kept or set())) - applied
        wanted = Counter(one.kind for one in saved if one.op not in gone)
        wanted["report"] += len(applied - {one.op for one in saved}) if self.unspoken else 0
        return Counter(
            {
                key_of(one): 1 if made[one.kind] == wanted[one.kind] else made[one.kind]
                for one in saved
            }
        )
