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
DECK = 997  # prime, so that types and stages do not fall together
MARK = re.compile("〔[0-9]+〕")
Pools = tuple[list[Any], list[Any]]  # closed ones, open ones


def seed(keys: Keys, count: int, start: int = 0) -> None:
    """Add `count` cases to the database that DATABASE_URL names; `start` were added before."""
    from django.db import connection, transaction

    from lingka.demo import copying
    from lingka.ledgers import actions as ledgers
    from lingka.partners import actions as partners
    from lingka.proofs import actions as proofs

    made = patterns.make(keys)
    deck = _deck(_patterns([*made, *patterns.lived(made)]), patterns.shares())
    with transaction.atomic(), connection.cursor() as cursor:
        maker = copying.Copier(cursor, start)
        numbers = range(start, start + count)
        copying.write((_case(maker, number, deck) for number in numbers), cursor)
        maker.settle(cursor)
    copying.all_heard(os.cpu_count() or 1)
    ledgers.rebuild()
    partners.recount_calls()
    proofs.append_all()  # as if the worker had kept up all along
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _case(maker: Any, number: int, deck: list[Pools]) -> list[Any]:
    """The rows of one copy, its words marked by a number of their own."""
    closed, still_open = deck[number * 7919 % len(deck)]
    pool = (still_open or closed) if number % 1000 < 1000 * OPEN_SHARE else (closed or still_open)
    mark = f"〔{number}〕"

    def marked(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return MARK.sub(mark, value) if MARK.search(value) else value + mark

    rows = list(maker.copy(pool[number // len(deck) * 7919 % len(pool)], say=marked))
    return rows + (list(_photo(maker)) if number % PHOTO_EVERY == 0 else [])


def _photo(maker: Any) -> Iterator[tuple[str, str]]:
    """One whose file was put away since, as those of old cases are."""
    from lingka.core.ids import uuid7

    case = str(maker.ids["cases_case"] - 1)
    row = (str(uuid7()), "photo", secrets.token_hex(32), r"\N", "case", "1", "now", "now")
    values = (maker.next_id("cases_attachment"), *row, r"\N", r"\N", case)
    yield "cases_attachment", "\t".join(values) + "\n"


def _patterns(uuids: list[Any]) -> dict[str, Pools]:
    """These cases cut up, by type: closed ones and open ones."""
    from lingka.cases.models import Case
    from lingka.demo import copying

    found: dict[str, Pools] = {}
    for case in Case.objects.filter(uuid__in=uuids).order_by("id"):
        pools = found.setdefault(case.case_type, ([], []))
        pools[case.stage != "closed"].append(copying.cut(case))
    return found


def _deck(pools: dict[str, Pools], shares: dict[str, float]) -> list[Pools]:
    """The pools of each type as often as its share says."""
    known = {key: share for key, share in shares.items() if key in pools}
    whole, deck, passed = sum(known.values()), [], 0.0
    for key, share in known.items():
        passed += share
        deck += [pools[key]] * (round(DECK * passed / whole) - len(deck))
    return deck
