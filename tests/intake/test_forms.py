"""What a resident may write, and how to mend it."""

import pytest

from lingka.intake.forms import ReportForm


def _form(**data):
    form = ReportForm(data)
    form.is_valid()
    return form


def test_a_report_needs_words_voice_or_photo_and_a_where():
    form = _form()
    assert not form.require(something_said=False, place_known=False)
    assert set(form.errors) == {"words", "address"}


def test_a_photo_and_a_scanned_door_are_enough():
    assert _form().require(something_said=True, place_known=True)


def test_a_pin_says_where_it_is():
    form = _form(words="灯不亮", lon="91.12", lat="29.65")
    assert form.require(something_said=False, place_known=False)


@pytest.mark.parametrize(("lon", "lat"), [("91", ""), ("x", "y"), ("999", "29"), ("nan", "29")])
def test_a_broken_pin_is_dropped_quietly(lon, lat):
    form = _form(words="灯不亮", lon=lon, lat=lat, address="甲路 1 号")
    assert form.require(something_said=False, place_known=False)
    assert form.cleaned_data["lon"] is None
    assert form.cleaned_data["lat"] is None


@pytest.mark.parametrize("phone", ["call me", "12", "<b>1</b>", "1" * 23])
def test_a_number_that_is_none_is_told_how_to_be_mended(phone):
    assert "phone" in _form(phone=phone).errors


@pytest.mark.parametrize("phone", ["13912345678", "+86 139 1234 5678", "0891-6321234", ""])
def test_numbers_are_taken_as_people_write_them(phone):
    assert "phone" not in _form(phone=phone).errors


def test_a_form_without_a_key_gets_one():
    assert _form(words="灯不亮").cleaned_data["idempotency_key"]


def test_a_key_that_is_none_is_replaced():
    form = _form(idempotency_key="nonsense")
    assert not form.errors
    assert form.cleaned_data["idempotency_key"]


def test_too_many_words_are_told_so():
    assert "words" in _form(words="很" * 4001).errors
