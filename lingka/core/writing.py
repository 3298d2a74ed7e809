"""Writes one row of a model with a statement that is composed once.

Django composes each INSERT and UPDATE anew, which costs more processor time than PostgreSQL
takes to run it. Reports and actions write the same few tables all day.
"""

from __future__ import annotations  # Django's Field takes no parameters while it runs

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from django.db.models import Field, Model


def insert(*rows: Model) -> None:
    """Insert new rows of one model, in one statement; sets the keys that the database gives."""
    model = type(rows[0])
    columns = _columns(model, with_key=rows[0].pk is not None)
    with connection.cursor() as cursor:
        cursor.execute(
            _insert(model, columns, len(rows)),
            [value for row in rows for value in _values(row, columns, add=True)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, connection.alias


def update(row: Model) -> None:
    """Write all columns of a row that exists. Raises the model's DoesNotExist where it is gone."""
    model = type(row)
    columns = _columns(model, with_key=False)
    with connection.cursor() as cursor:
        cursor.execute(_update(model, columns), [*_values(row, columns, add=False), row.pk])
        if cursor.rowcount != 1:
            raise model.DoesNotExist  # type: ignore[attr-defined]  # every concrete model has it


def _values(row: Model, columns: tuple[Field[Any, Any], ...], *, add: bool) -> list[Any]:
    return [column.get_db_prep_save(column.pre_save(row, add), connection) for column in columns]


@cache
def _columns(model: type[Model], *, with_key: bool) -> tuple[Field[Any, Any], ...]:
    return tuple(
        field for field in model._meta.concrete_fields if with_key or not field.primary_key
    )


def _names(model: type[Model]) -> tuple[str, str]:
    quote = connection.ops.quote_name
    key = model._meta.pk
    assert key is not None  # a saved model has one
    return quote(model._meta.db_table), quote(str(key.column))


@cache
def _insert(model: type[Model], columns: tuple[Field[Any, Any], ...], count: int) -> str:
    table, key = _names(model)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * count)} RETURNING {key}"  # noqa: S608  # names are the models'


@cache
def _update(model: type[Model], columns: tuple[Field[Any, Any], ...]) -> str:
    table, key = _names(model)
    names = ", ".join(f"{connection.ops.quote_name(str(field.column))} = %s" for field in columns)
    return f"UPDATE {table} SET {names} WHERE {key} = %s"  # noqa: S608  # names are the models'
