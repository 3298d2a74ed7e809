"""The ways out: e-mail, Web Push, and text messages by whatever Apprise can reach."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from lingka.cases.actions import ContactData
from lingka.core import clock
from lingka.notifications.models import DemoMessage
from lingka.notifications.texts import data

TIMEOUT = 20  # seconds
NOT_BY_PUSH = frozenset({"again"})  # whoever lost a receipt may have lost it with the device


@dataclass(frozen=True)
class Letter:
    """A rendered message with what a provider's template may need."""

    name: str  # the same however often it is tried: mail programs show one of several copies
    key: str
    language: str
    subject: str
    body: str
    link: str
    stop: str
    values: Mapping[str, str] = field(default_factory=dict)
    one_click: bool = False  # whether a POST to `stop` ends the messages at once (RFC 8058)


class Gone(Exception):  # noqa: N818  # what the push service says
    """The device no longer takes messages."""


class NotTaken(Exception):  # noqa: N818  # what the provider did
    """The provider did not take the message."""


def to_contact(contact: ContactData, letter: Letter) -> str:
    """By the quietest way that was left: the page's own push, then e-mail, then a text message.

    Raises Gone where the device is the only way and has gone.
    """
    others = bool(contact.email or contact.phone)
    if contact.push and not (letter.key in NOT_BY_PUSH and others):
        try:
            if by := push(json.loads(contact.push), letter):
                return by
        except Exception:
            # Push services are out of reach in places: what can go another way must not wait.
            if not others:
                raise
    if contact.email:
        return email(contact.email, letter)
    return text_message(contact.phone, letter) if contact.phone else ""


def email(to: str, letter: Letter) -> str:
    """Send an e-mail with a link that ends further ones, where there are further ones."""
    headers = {
        "Message-ID": f"<lingka.{letter.name}@{urlsplit(settings.PUBLIC_ORIGIN).hostname}>",
        "Auto-Submitted": "auto-generated",  # no answers of the absent, please (RFC 3834)
    }
    body = letter.body
    if letter.stop:
        headers["List-Unsubscribe"] = f"<{letter.stop}>"
        body = f"{body}\n\n— \n{letter.stop}\n"
    if letter.one_click:
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMessage(subject=letter.subject, body=body, to=[to], headers=headers)
    message.send()
    _show(to, "email", replace(letter, body=body.strip()))
    return "email"


def push(subscription: Mapping[str, Any], letter: Letter) -> str:
    """Send to one browser; "" when the installation has no key for it."""
    if not settings.VAPID_KEY:
        return ""
    from pywebpush import WebPushException, webpush

    payload = {"title": letter.subject, "body": letter.body, "url": letter.link}
    try:
        webpush(
            subscription_info=dict(subscription),
            data=json.dumps(payload, ensure_ascii=False),
            vapid_private_key=settings.VAPID_KEY,
            vapid_claims={"sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"},
            timeout=TIMEOUT,
            ttl=24 * 3600,
        )
    except WebPushException as error:
        status = getattr(error.response, "status_code", None)
        if status in {404, 410}:
            raise Gone from None
        raise
    _show("", "push", letter)
    return "push"


def text_message(phone: str, letter: Letter) -> str:
    """Send a text message; in a demo without a provider it is only shown."""
    if not settings.SMS_URL:
        if settings.DEMO:
            _show(phone, "sms", letter)
            return "sms"
        return ""
    import apprise

    sender = apprise.Apprise()
    if not sender.add(sms_address(settings.SMS_URL, phone, letter)):
        raise NotTaken("the address of the text message service is not understood")
    if not sender.notify(body=letter.body):
        raise NotTaken
    _show(phone, "sms", letter)
    return "sms"


def understands_sms() -> bool:
    """Whether Apprise knows a service by the address that is set."""
    import apprise

    letter = Letter("", "opened", settings.LANGUAGE_CODE, "", "", "", "")
    return bool(apprise.Apprise().add(sms_address(settings.SMS_URL, "13900000000", letter)))


def sms_address(pattern: str, phone: str, letter: Letter) -> str:
    """An Apprise address: the phone, and the provider's template with its typed variables."""
    names = {"phone": phone, "template": data().get("sms", {}).get(letter.key, letter.key)}
    names |= {"language": letter.language} | dict(letter.values)
    for name, value in names.items():
        pattern = pattern.replace(f"{{{name}}}", quote(str(value), safe="+"))
    return pattern


def _show(to: str, channel: str, letter: Letter) -> None:
    """In the demo what was sent can be read at /demo/outbox/."""
    if settings.DEMO:
        DemoMessage.objects.create(
            to=to[:200], channel=channel, subject=letter.subject, body=letter.body,
            language=letter.language, sent_at=clock.now(),
        )  # fmt: skip
