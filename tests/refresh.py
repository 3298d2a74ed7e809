"""After a test that commits, the database is as the migrations left it.

Django's own way empties every table and says once more that the migrations are over, upon which all
shipped rules are published anew: seconds for each such test. Here the rows that the migrations left
are read once and come back, and only tables in which there is something are touched.
"""

from collections.abc import Iterable

from django.core.management import call_command
from django.db import connection, transaction

TABLES = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition"""
EVENTS = "core_event"  # migrations leave none: where there are some, an earlier run was cut short
_kept: dict[str, bytes] = {}  # table → its rows, as COPY writes them


def possible() -> bool:
    """Only a superuser may write past what forbids to change history."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def keep() -> None:
    """Remember what is there."""
    if EVENTS in _filled(_tables()):
        call_command("flush", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        for name in _filled(_tables()):
            with cursor.copy(f'COPY public."{name}" TO STDOUT') as rows:
                _kept[name] = b"".join(rows)


def restore() -> None:
    """As it was when `keep` was called. Sequences go on: no number is given twice."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Neither what forbids to change history nor what checks references looks on.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in _filled(_tables()):
            cursor.execute(f'DELETE FROM public."{name}"')
        for name, rows in _kept.items():
            with cursor.copy(f'COPY public."{name}" FROM STDIN') as into:
                into.write(rows)


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return [name for (name,) in cursor.fetchall()]


def _filled(names: Iterable[str]) -> list[str]:
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM public.\"{name}\")" for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]
