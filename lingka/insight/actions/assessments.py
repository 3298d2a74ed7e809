"""Open assessment: what a unit says of another, and publishing a quarter."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lingka.accounts.selectors import posts_of, today
from lingka.core import clock, locks
from lingka.core.actors import Actor
from lingka.core.events import record
from lingka.core.ids import uuid7
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.insight import assessing, hearing, periods, permissions
from lingka.insight.events import AssessmentPublished, UnitMarked
from lingka.insight.models import Assessment, Mark
from lingka.insight.periods import Period
from lingka.insight.selectors import assessments

STREAM = UUID("8d0c8a54-6f0b-5b7e-9d1c-2a6be3a1f0c7")  # one publishes a quarter after the other


def mark_unit(unit: int, period: Period, given: Mapping[str, int], *, actor: Actor) -> Mark:
    """Say how a unit did in a quarter, for one's own unit; said again, it takes the old one's
    place."""
    _over(period)
    posts = posts_of(actor.id or 0)
    speaker = permissions.speaker(posts, unit)
    if speaker is None:
        raise PermissionRefused(permissions.NO_SPEAKER)
    data = assessing.plan()
    if set(given) != set(data["aspects"]) or not set(given.values()) <= set(
        range(len(data["steps"]))
    ):
        raise Problem("given", _("Choose one answer for each question."), status=422)
    side, by_unit = speaker
    with transaction.atomic():
        said = {"given": dict(given), "given_at": clock.now(), "given_by": actor.id}
        kept, _new = Mark.objects.update_or_create(
            period=period.key, unit=unit, by_unit=by_unit, side=side, defaults=said,
            create_defaults=said | {"uuid": uuid7()},
        )  # fmt: skip
        event = UnitMarked(period.key, unit, by_unit, side, dict(given))
        record(event, stream_id=kept.uuid, actor=actor)
    return kept


def publish_assessment(period: Period, *, actor: Actor) -> Assessment:
    """Freeze a quarter as it now stands and show it to everybody; the version before stays."""
    verdict = permissions.may_publish(posts_of(actor.id or 0))
    if not verdict:
        raise PermissionRefused(verdict)
    _over(period)
    with hearing.steady():
        locks.hold(uuid5(STREAM, period.key))
        last = assessments.published(period.key)
        body = assessments.kept_apart(assessments.body(period), period, last)
        if not body["units"]:
            raise Problem("empty", _("Nothing to assess in this quarter"), status=409)
        if last and last.body == body:
            raise Problem("same", _("Nothing has changed since the last version."), status=409)
        made = Assessment.objects.create(
            uuid=uuid7(), period=period.key, number=last.number + 1 if last else 1, body=body,
            published_at=clock.now(),
        )  # fmt: skip
        event = AssessmentPublished(period.key, made.number, len(made.body["units"]))
        record(event, stream_id=made.uuid, actor=actor)
    return made


def _over(period: Period) -> None:
    if period.months != periods.LENGTHS["quarter"] or period.end > today():
        raise Problem("running", _("Choose a quarter that is over."), status=422)
