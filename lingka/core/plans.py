"""How the database plans statements."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_KEPT = "SET LOCAL plan_cache_mode = force_generic_plan"
_CHOSEN = "SET LOCAL plan_cache_mode TO DEFAULT"


@contextmanager
def kept() -> Iterator[None]:
    """Statements inside keep one plan, whatever their values.

    For those of many small branches, each of them a range of an index: planning them anew takes
    longer than running them. Not where a value decides which index is the right one.
    """
    outside = connection.in_atomic_block
    with transaction.atomic(savepoint=False), connection.cursor() as sql:
        sql.execute(_KEPT)
        yield
        if outside:  # else it ends with the transaction
            sql.execute(_CHOSEN)
