"""Many cases at once, and how PostgreSQL would read them."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingka.cases.models import Case


def crowd(*copied: tuple[Case, int]) -> None:
    """So many copies of each of these cases, so that reading the whole table would cost."""
    names = [field.column for field in Case._meta.fields if field.column != "id"]
    made = {"uuid": "gen_random_uuid()", "number": "'N' || id || '-' || n"}
    values = ", ".join(made.get(name, name) for name in names)
    with connection.cursor() as cursor:
        for case, count in copied:
            cursor.execute(
                f"INSERT INTO cases_case ({', '.join(names)}) SELECT {values} FROM cases_case,"
                " generate_series(1, %s) AS n WHERE id = %s",
                [count, case.pk],
            )
        cursor.execute("ANALYZE cases_case")


def plans(asked: CaptureQueriesContext) -> list[str]:
    """How each of these statements that reads cases would be carried out."""
    reads = [one["sql"] for one in asked if "cases_case" in one["sql"]]
    found = []
    with connection.cursor() as cursor:
        for read in reads:
            cursor.execute("EXPLAIN " + read.replace("%", "%%"), [])
            found.append("\n".join(row[0] for row in cursor.fetchall()))
    return found
