"""Rows written with statements that are composed once."""

import pytest

from lingka.core import clock
from lingka.core.ids import uuid7
from lingka.core.models import Content
from lingka.core.writing import insert, update

pytestmark = pytest.mark.django_db


def content(value: object) -> Content:
    return Content(id=uuid7(), kind="words", value=value, salt=b"s" * 32, created_at=clock.now())


def test_several_rows_are_inserted_by_one_statement(django_assert_num_queries) -> None:
    rows = [content({"水": "漏"}), content("ཆུ་")]
    with django_assert_num_queries(1):
        insert(*rows)
    assert [Content.objects.get(id=row.id).value for row in rows] == [{"水": "漏"}, "ཆུ་"]


def test_an_inserted_row_can_be_saved_as_one_that_exists() -> None:
    row = content("a")
    insert(row)
    row.kind = "name"
    row.save()
    assert Content.objects.get(id=row.id).kind == "name"


def test_an_update_writes_every_column() -> None:
    row = content("a")
    insert(row)
    row.value, row.language = "b", "bo"
    update(row)
    kept = Content.objects.get(id=row.id)
    assert (kept.value, kept.language) == ("b", "bo")


def test_an_update_of_a_row_that_is_gone_is_told() -> None:
    with pytest.raises(Content.DoesNotExist):
        update(content("a"))
