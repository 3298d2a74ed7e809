"""The tree grows and is signed. Nobody decides that: the worker does it every minute."""

from itertools import repeat
from uuid import UUID

from django.conf import settings
from django.db import transaction

from lingka.core import clock, log, verify
from lingka.proofs import keys, merkle, selectors, tree, verifying
from lingka.proofs.models import Breach, Bundle, Look, TreeHead
from lingka.proofs.notes import Head

BATCH = 50_000
BATCHES_A_MINUTE = 2
LOOKED_AT_ONCE = 40  # bundles, about ten thousand records: a second's work


def append(batch: int = BATCH) -> int:
    """Append the next delivered events to the tree; how many, 0 at the end.

    One transaction: stopped at any moment, the next call goes on where this one was.
    """
    with transaction.atomic():
        rows = log.take(selectors.READER, batch)
        if rows:
            tree.grow(rows)
    return len(rows or ())


def append_all(batches: int | None = None) -> int:
    """Append until nothing is left, or so many batches; a million cases make 120."""
    total = 0
    for _batch in repeat(None) if batches is None else range(batches):
        number = append()
        if not number:
            break
        total += number
    return total


def sign() -> Head | None:
    """Sign the tree as it stands; None where nothing is new, or no key is set."""
    with transaction.atomic():
        size, last = tree.size(), selectors.newest()
        if not settings.HEAD_KEYS or not size or (last and size <= last.size):
            return None
        made_at = clock.now().replace(microsecond=0)
        head = Head(
            selectors.origin(), size, merkle.root(size, tree.Reader()), selectors.written(made_at)
        )
        signed = keys.sign(head.text, settings.HEAD_KEYS)
        TreeHead.objects.bulk_create(
            [
                TreeHead(
                    size=size, root=head.root, made_at=made_at, origin=head.origin,
                    signatures=signed,
                )
            ],
            ignore_conflicts=True,
        )  # fmt: skip
    return selectors.newest()


def keep_up(batches: int | None = None) -> Head | None:
    """What the worker does every minute: append what is new, then sign.

    It takes some batches at a time, far more than a town writes in a minute: after a large import
    it catches up over the next hour, beside its other work, and still stops when told to.
    """
    append_all(batches)
    return sign()


def look(bundles: int = LOOKED_AT_ONCE) -> int:
    """Look at the next part of history, round after round; returns how much does not hold.

    What is found stays until a later round finds it whole, for `doctor`, metrics and whoever asks.
    A part is some bundles of the tree, and the streams that begin in them, to their present end.
    """
    place = Look.objects.values_list("next_bundle", flat=True).filter(id=1)
    first = place.first() or 0
    own, faults = _seen(first, bundles)
    with transaction.atomic():
        at, _ = Look.objects.select_for_update().get_or_create(id=1)
        if at.next_bundle == first:  # nobody else has looked here meanwhile
            _note(faults, first, own[-1].number if own else first)
            _move_on(at, first + bundles)
    return Breach.objects.count()


def _seen(first: int, bundles: int) -> tuple[list[Bundle], list[verify.Fault]]:
    """The bundles from `first` on, and what does not hold of them, in one view of the database.

    Cases move on while they are looked at: an event and the row that follows from it must be read
    as they stood at one moment, or what is whole looks broken.
    """
    rows = Bundle.objects.filter(number__gte=first - 1, number__lt=first + bundles)
    with verify.snapshot():
        found = list(rows.order_by("number"))
        faults = verifying.bundle_faults(found, first)
        own = [one for one in found if one.number >= first]
        events = log.at([position for one in own for position in one.positions])
        begun = [UUID(one.stream_id) for one in events.values() if one.sequence == 1]
        return own, faults + verify.stream_faults(begun)


def _note(faults: list[verify.Fault], first: int, last: int) -> None:
    """Put what is found in these bundles in the place of what was found there before."""
    known = dict(Breach.objects.filter(bundle__gte=first).values_list("where", "found_at"))
    Breach.objects.filter(bundle__gte=first, bundle__lte=last).delete()
    Breach.objects.bulk_create(
        [
            Breach(
                bundle=first, where=fault.where[:120], what=fault.what[:200],
                found_at=known.get(fault.where, clock.now()),
            )
            for fault in faults
        ]
    )  # fmt: skip


def _move_on(at: Look, following: int) -> None:
    """The next look begins there, or at the start again where the tree ends."""
    at.next_bundle = following
    if not Bundle.objects.filter(number__gte=following).exists():
        at.next_bundle, at.rounds, at.finished_at = 0, at.rounds + 1, clock.now()
        Breach.objects.filter(bundle__gte=following).delete()  # of a longer tree
    at.save()


def look_at_all() -> int:
    """One whole round, at once."""
    Look.objects.update_or_create(id=1, defaults={"next_bundle": 0})
    found = look()
    while Look.objects.get(id=1).next_bundle:
        found = look()
    return found
