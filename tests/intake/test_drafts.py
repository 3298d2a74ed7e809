"""A form carries its files by signed keys."""

from uuid import uuid4

from lingka.intake import drafts


def test_a_key_opens_to_what_it_was_made_for():
    name = uuid4()
    assert drafts.opened(drafts.key_for(name, "photo")) == ("photo", name)


def test_nobody_names_a_file_that_another_form_uploaded():
    name = uuid4()
    forged = drafts.key_for(uuid4(), "photo").replace(".", f".{name.hex}", 1)
    assert drafts.opened(forged) is None
    assert drafts.opened(f"photo.{name.hex}") is None


def test_a_key_ends_before_its_file_is_swept(monkeypatch):
    import time

    key = drafts.key_for(uuid4(), "photo")
    later = time.time() + drafts.LIVES.total_seconds() + 5
    monkeypatch.setattr("time.time", lambda: later)
    assert drafts.opened(key) is None


def test_each_file_is_carried_once_and_not_too_many():
    keys = [drafts.key_for(uuid4(), "photo") for _ in range(9)]
    assert len(drafts.all_opened([*keys, *keys, "nonsense"])) == drafts.MOST_FILES


def test_only_a_case_that_was_offered_can_be_followed():
    case = uuid4()
    assert drafts.offered(drafts.offer_for(case)) == case
    assert drafts.offered(case.hex) is None
    assert drafts.offered(drafts.key_for(case, "photo")) is None
