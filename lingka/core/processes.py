"""Work shared by several processes of one installation. Imports no models: each process
imports this before Django is set up in it."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

Map = Callable[..., Iterable[Any]]


@contextmanager
def spread(processes: int) -> Iterator[Map]:
    """A `map` over so many processes, in order; with one, here.

    The function and what it gets and gives must be picklable. It sees the database as others do:
    nothing of the caller's open transaction. What is not begun when the block ends is dropped.
    """
    if processes <= 1:
        yield map
        return
    from django.db import connection

    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),  # a fork would share the connection
        initializer=_begin,
        initargs=(connection.settings_dict["NAME"],),
    )
    try:
        yield pool.map
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(database: str) -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
