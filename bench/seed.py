"""Many cases in minutes: the patterns of `bench.patterns` copied by `lingka.demo.copying`."""

import os
import re
import secrets
from collections.abc import Iterator
from typing import Any

from bench import patterns
from bench.world import Keys

OPEN_SHARE = 0.06
PHOTO_EVERY = 50
MARK = re.compile("〔[0-9]+〕")


def seed(keys: Keys, count: int, start: int = 0) -> None:
    """Add `count` cases to the database that DATABASE_URL names; `start` were added before."""
    from django.db import connection, transaction

    from lingka.demo import copying
    from lingka.proofs import actions as proofs

    closed, still_open = _patterns(patterns.make(keys))
    with transaction.atomic(), connection.cursor() as cursor:
        maker = copying.Copier(cursor, start)
        numbers = range(start, start + count)
        copying.write((_case(maker, number, closed, still_open) for number in numbers), cursor)
        maker.settle(cursor)
    copying.all_heard(os.cpu_count() or 1)
    proofs.append_all()  # as if the worker had kept up all along
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _case(maker: Any, number: int, closed: list[Any], still_open: list[Any]) -> list[Any]:
    """The rows of one copy, its words marked by a number of their own."""
    pool = still_open if number % 1000 < 1000 * OPEN_SHARE else closed
    mark = f"〔{number}〕"

    def marked(value: Any) -> Any:
        return MARK.sub(mark, value) if isinstance(value, str) else value

    rows = list(maker.copy(pool[number * 7919 % len(pool)], say=marked))
    return rows + (list(_photo(maker)) if number % PHOTO_EVERY == 0 else [])


def _photo(maker: Any) -> Iterator[tuple[str, str]]:
    """One whose file was put away since, as those of old cases are."""
    from lingka.core.ids import uuid7

    case = str(maker.ids["cases_case"] - 1)
    row = (str(uuid7()), "photo", secrets.token_hex(32), r"\N", "case", "1", "now", "now")
    values = (maker.next_id("cases_attachment"), *row, r"\N", r"\N", case)
    yield "cases_attachment", "\t".join(values) + "\n"


def _patterns(uuids: list[Any]) -> tuple[list[Any], list[Any]]:
    """These cases cut up: closed ones and open ones."""
    from lingka.cases.models import Case
    from lingka.demo import copying

    closed, still_open = [], []
    for case in Case.objects.filter(uuid__in=uuids):
        (closed if case.stage == "closed" else still_open).append(copying.cut(case))
    return closed, still_open
