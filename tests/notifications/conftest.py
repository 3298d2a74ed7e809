import pytest

from lingka.cases.models import Case
from tests.cases.conftest import city, monday

__all__ = ["city", "monday"]


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.PUBLIC_ORIGIN = "https://lingka.example.org"
    settings.DEMO = False
    settings.PUSH_SERVICES = ["push.example.org", "*.push.example.net"]
    settings.SMS_URL = settings.VAPID_KEY = ""
    assert Case
