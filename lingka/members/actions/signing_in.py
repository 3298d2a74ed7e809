"""Signing in by six digits. Whoever has no entry yet is asked the same and answered the same.

None of this leaves an event: when somebody signed in is nobody's business, the log's included.
"""

import hmac
import secrets
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.core import clock, limits
from lingka.core.crypto import mac, reseal, seal, sha256, unseal
from lingka.core.problems import Problem
from lingka.members import outgoing, rules, selectors, tasks
from lingka.members.addresses import Address, read
from lingka.members.models import Code, Member, Reach, Session


def ask(to: str, *, language: str, source: str, member: int | None = None) -> str:
    """Have six digits sent; returns the token of the browser that may try them.

    `member` is who changes to this number. Raises Problem beside the field, or for too many.
    """
    address = read(to)
    _within(address, source)
    digits, salt, token = f"{secrets.randbelow(10**rules.DIGITS):06}", secrets.token_bytes(16), (
        secrets.token_urlsafe(32)
    )  # fmt: skip
    with transaction.atomic():
        made = Code.objects.create(
            hash=sha256(token.encode()), sealed=seal({**address.as_json(), "digits": digits}),
            mac=address.mac, salt=salt, digits=_hashed(salt, digits), language=language,
            member_id=member, expires_at=clock.now() + rules.code_lives(),
        )  # fmt: skip
        tasks.send_soon(made.pk)
    return token


def _within(address: Address, source: str) -> None:
    """By connection and by number; the refusal says nothing of whose number it is."""
    said = _("Too many codes were asked for. Please try again in a while.")
    if not limits.hit("member-from", source, *rules.FROM_ONE):
        raise Problem("limit", said, field="to", status=429)
    for most, seconds in rules.CODES:
        if not limits.hit(f"member-code-{seconds}", address.known_by, most, seconds):
            raise Problem("limit", said, field="to", status=429)


def _hashed(salt: bytes, digits: str) -> bytes:
    """Keyed: a million possibilities would be tried in a second by whoever has the rows alone."""
    return mac("member:digits", f"{salt.hex()} {digits}")


def send(code: int) -> bool:
    """Hand a code to whoever sends messages; what was handed over is kept here no more."""
    row = Code.objects.filter(pk=code, sent_at=None, expires_at__gt=clock.now()).first()
    if row is None:
        return False
    held = unseal(bytes(row.sealed))
    address = Address(held["kind"], held["to"])
    message = outgoing.CodeMessage(f"code.{row.pk}", address, held["digits"], row.language)
    outgoing.send(message)
    Code.objects.filter(pk=code).update(sealed=seal(address.as_json()), sent_at=clock.now())
    return True


def send_waiting() -> int:
    """Codes that no job has sent: what a killed worker had taken."""
    waiting = Code.objects.filter(sent_at=None, expires_at__gt=clock.now())
    return sum(send(pk) for pk in list(waiting.order_by("id").values_list("pk", flat=True)))


def enter(token: str, digits: str, *, source: str, old: str = "") -> str:
    """Sign in with the digits; returns the new session's key, "" for who has no entry yet.

    `old` is the key that this browser had: it opens nothing any more. Who changes their number
    stays signed in, with a new key.
    """
    if not limits.hit("member-guess", source, *rules.GUESSES):
        raise Problem("limit", _("Too many tries. Please wait ten minutes."), status=429)
    with transaction.atomic():
        code = _open(token)
        right = code is not None and _is_right(code, digits)
        key = _proved(code, old) if code is not None and right else ""
    if code is None:
        said = _("This code is used up or too old. Please ask for a new one.")
        raise Problem("over", said, status=409)
    if not right:
        raise Problem("digits", _("These are not the digits that we sent."), field="digits",
                      status=422)  # fmt: skip
    return key


def _open(token: str) -> Code | None:
    """The code of this browser, locked, with one try more on it."""
    rows = Code.objects.select_for_update().filter(hash=sha256(token.encode()), proven_at=None)
    code = rows.filter(expires_at__gt=clock.now(), tries__lt=rules.TRIES).first()
    if code is not None:
        code.tries += 1
        code.save(update_fields=["tries"])
    return code


def _is_right(code: Code, digits: str) -> bool:
    return hmac.compare_digest(_hashed(bytes(code.salt), digits), bytes(code.digits))


def _proved(code: Code, old: str) -> str:
    holder = Reach.objects.filter(mac=bytes(code.mac)).first()
    if (member := code.member_id) is not None:
        _move(code, member, holder)
        code.delete()
        return new_session(member, old)
    if holder is not None:
        code.delete()
        return new_session(holder.member_id, old)
    code.proven_at, code.expires_at = clock.now(), clock.now() + rules.to_join()
    code.save(update_fields=["proven_at", "expires_at"])
    return ""


def _move(code: Code, member: int, holder: Reach | None) -> None:
    """Another number for the same member, unless it is another member's."""
    if holder is not None and holder.member_id != member:
        raise Problem("taken", _("This number already takes part."), field="digits", status=409)
    sealed = seal({name: unseal(bytes(code.sealed))[name] for name in ("kind", "to")})
    Reach.objects.filter(member_id=member).update(sealed=sealed, mac=bytes(code.mac))


def new_session(member: int, old: str = "") -> str:
    """A new key, and the one before of this browser gone; at most so many browsers."""
    if old:
        sign_out(old)
    key = secrets.token_urlsafe(32)
    expires = clock.now() + rules.session_lives()
    Session.objects.create(member_id=member, hash=sha256(key.encode()), expires_at=expires)
    kept = Session.objects.filter(member_id=member).order_by("-expires_at", "-id")
    newest = list(kept.values_list("pk", flat=True)[: rules.SESSIONS])
    Session.objects.filter(member_id=member).exclude(pk__in=newest).delete()
    visited(member)
    return key


def visited(member: int) -> None:
    """They came by this month: no finer, and written once."""
    month = selectors.this_month()
    rows = Member.objects.filter(pk=member, left_at=None)
    rows.exclude(month=month, warned_on=None).update(month=month, warned_on=None)


def sign_out(key: str) -> None:
    Session.objects.filter(hash=sha256(key.encode())).delete()


def sign_out_everywhere(member: int) -> int:
    """Every browser, this one too; returns how many they were."""
    return Session.objects.filter(member_id=member).delete()[0]


def sweep() -> int:
    """Codes and sessions past their time; returns how many went."""
    now = clock.now()
    codes = Code.objects.filter(expires_at__lte=now).delete()[0]
    return codes + Session.objects.filter(expires_at__lte=now).delete()[0]


def read_for_sending(uuid: UUID) -> tuple[Address, str] | None:
    """Where and in which language a member is told of what they signed up for."""
    row = Reach.objects.select_related("member").filter(member__uuid=uuid).first()
    if row is None:
        return None
    return Address(**unseal(bytes(row.sealed))), row.member.language


def reseal_reaches() -> int:
    """Encrypt every address anew under the newest key."""
    with transaction.atomic():
        rows = list(Reach.objects.select_for_update().order_by("id"))
        for row in rows:
            row.sealed = reseal(bytes(row.sealed))
        Reach.objects.bulk_update(rows, ["sealed"], batch_size=500)
    return len(rows)
