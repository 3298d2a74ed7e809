"""Whatever is sent as a code is judged."""

from datetime import UTC, datetime

import pytest

from lingka.volunteering import rules

MOMENT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
SECRET = b"a" * 32


@pytest.mark.parametrize("code", ["é", "\ud800", ""])
def test_signs_that_no_code_holds_are_only_wrong(code: str) -> None:
    assert not rules.fits(SECRET, code, MOMENT)
    assert rules.shown_at(SECRET, code, MOMENT, MOMENT, MOMENT) is None
