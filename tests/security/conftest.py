"""One walk through the whole table, whose findings several tests judge."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from lingka.core import clock
from lingka.notifications import devices
from tests.cases.city import MONDAY
from tests.security import stage as stages
from tests.security import walking
from tests.security.stage import COLUMNS, SECRETS, Stage
from tests.security.walking import DENIED, Row


@dataclass
class Walk:
    """What came back, without the database it came from."""

    rows: list[Row]
    cells: dict[int, dict[str, str]] = field(default_factory=dict)  # by line of the table
    leaks: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)  # POST that went through without a token
    asked: list[str] = field(default_factory=list)  # declared free of it, but asks
    menus: dict[str, list[str]] = field(default_factory=dict)  # where each one's menu leads


@contextmanager
def staged(blocker: Any, media: Any) -> Iterator[Stage]:
    """A stage that is gone afterwards; not the fixture `db`, which lasts for one test only."""
    vapid, _public = devices.new_pair()
    with (
        blocker.unblock(),
        override_settings(
            MEDIA_ROOT=media, LISTS_ROOT=media / "lists", DEMO=False, VAPID_KEY=vapid
        ),
        clock.at(MONDAY),
        transaction.atomic(),
    ):
        yield stages.build()
        transaction.set_rollback(True)
    stages.forget()


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Walk:
    done = Walk(walking.table(walking.TABLE.read_text(encoding="utf-8")))
    with staged(django_db_blocker, tmp_path_factory.mktemp("media")) as stage:
        for row in done.rows:
            with override_settings(DEMO=row.section == "demo"):
                done.cells[row.line] = {who: _one(done, stage, row, who) for who in COLUMNS}
                if row.method == "POST":
                    _without_token(done, stage, row)
    return done


def _one(done: Walk, stage: Stage, row: Row, who: str) -> str:
    response = walking.answer(stage, row, who)
    if row.method == "GET" and not response.streaming:
        text = response.content.decode(errors="replace")
        if row.path == "/desk/":
            menu = text.partition('class="desk-nav"')[2].partition("<main")[0]
            done.menus[who] = re.findall(r'href="(/desk/[^"?]*)"', menu)
        done.leaks += [
            f"{row} tells {who}: {secret}"
            for secret, readers in SECRETS.items()
            if who not in readers and secret in text
        ]
    return walking.outcome(response)


def _without_token(done: Walk, stage: Stage, row: Row) -> None:
    """Once more without a CSRF token, by somebody who may."""
    able = [who for who in COLUMNS if done.cells[row.line][who] not in DENIED]
    if not able:
        return
    response = walking.answer(stage, row, able[0], enforce_csrf_checks=True)
    asks = bool(response.status_code == 403 and response.context and response.context.get("csrf"))
    if asks == row.free:
        (done.asked if asks else done.unasked).append(str(row))
