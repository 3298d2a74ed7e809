"""Hands events to the receiver and messages to the providers, as the worker would."""

from lingka.accounts import actions as accounts
from lingka.cases.actions import ContactData
from lingka.core import receivers
from lingka.core.actors import SYSTEM
from lingka.core.events import stored
from lingka.core.models import Event
from lingka.notifications import sending
from lingka.notifications.models import Message
from tests.notifications.browser import device

DEVICE = device("https://push.example.org/1")
EMAIL = ContactData(email="dolma@example.org")
PHONE = ContactData(phone="13900000000")


def deliver():
    """Hand every event to the receiver. Its cursor would not see a test's uncommitted ones."""
    receivers.discover()
    one = receivers.RECEIVERS["notifications.tell"]
    rows = Event.objects.filter(type__in=one.types).order_by("position")
    one.handle([stored(row) for row in rows])


def send():
    while sending.send_some():
        pass


def keys():
    return list(Message.objects.order_by("position", "id").values_list("key", flat=True))


def give_email(city, who):
    user = city.staff[who].id
    accounts.update_user(user, actor=SYSTEM, email=f"{who}@example.org", language="en")
    return user
