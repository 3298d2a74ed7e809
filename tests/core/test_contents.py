import pytest
from django.db import IntegrityError, transaction

from lingka.core import contents, verify
from lingka.core.models import Content

pytestmark = pytest.mark.django_db


def test_several_contents_are_kept_with_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        kept = contents.keep_all([("words", "漏水", "zh-hans"), ("location", {"lon": 91.1}, "")])
    assert contents.read([one.id for one in kept]) == {
        kept[0].id: "漏水", kept[1].id: {"lon": 91.1},
    }  # fmt: skip


def test_equal_words_hash_differently():
    assert contents.keep("words", "漏水").hash != contents.keep("words", "漏水").hash


def test_erased_words_are_gone_and_their_hash_still_stands_in_the_event():
    kept = contents.keep("words", "漏水")
    assert contents.erase([kept.id]) == 1
    assert contents.erase([kept.id]) == 0
    assert contents.read([kept.id]) == {}
    row = Content.objects.get()
    assert (row.value, row.salt) == (None, None)
    assert list(verify.contents_match({str(kept.id): kept.hash})) == []


def test_altered_words_are_found():
    kept = contents.keep("words", "漏水")
    Content.objects.update(value="断电")
    [fault] = verify.contents_match({str(kept.id): kept.hash})
    assert "altered" in fault.what


def test_words_cannot_be_half_erased():
    contents.keep("words", "漏水")
    with pytest.raises(IntegrityError), transaction.atomic():
        Content.objects.update(salt=None)
