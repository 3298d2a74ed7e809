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


@pytest.fixture
def pushes(settings, monkeypatch):
    """What went to push services; `answer` is the status they give."""
    import pywebpush

    settings.VAPID_KEY = "key"
    sent = []

    class Answer:
        status_code = 201

    def webpush(**given):
        if Answer.status_code != 201:
            raise pywebpush.WebPushException("no", response=Answer)
        sent.append(given)

    monkeypatch.setattr(pywebpush, "webpush", webpush)
    sent_answer = Answer
    return sent, sent_answer
