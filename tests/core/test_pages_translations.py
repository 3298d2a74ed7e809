"""The catalogues are whole, and the check would notice if they were not."""

import pytest
from babel.messages.catalog import Message

from scripts import translations


def test_every_text_is_translated_into_both_languages():
    assert translations.check() == []


@pytest.mark.parametrize(
    ("source", "text", "fault"),
    [
        ("Back", "", "untranslated"),
        ("Back", "返回", "no letter of the language"),
        ("Back", "Back", "no letter of the language"),
        ("%(count)s left", "ལྷག་ཡོད།", "placeholders differ"),
        ("See {place}", "{plaec} ལ་གཟིགས།", "placeholders differ"),
    ],
)
def test_the_check_finds_a_bad_tibetan_text(source, text, fault):
    assert fault in list(translations.faults_of("bo", Message(source, text), set()))


def test_the_check_finds_a_fuzzy_text():
    message = Message("Back", "ཕྱིར་ལོག", flags=["fuzzy"])
    assert "fuzzy" in list(translations.faults_of("bo", message, set()))


def test_the_check_finds_one_text_for_two_sources():
    assert translations.repeats({"ལོག": {("Back", None), ("Return", None)}}, set())


def test_a_text_without_letters_needs_none():
    assert not list(translations.faults_of("bo", Message("%(a)s %(b)s", "%(a)s %(b)s"), set()))


def test_a_template_is_read_without_regard_to_its_indentation(tmp_path):
    file = tmp_path / "page.html"
    file.write_text('{% load i18n %}\n   <p>\n {% translate "One" %}\n\t{% translate "Two" %}')
    code = translations.python_of(file)
    assert "'One'" in code or '"One"' in code
