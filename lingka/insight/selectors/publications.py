"""Reads on what was published."""

from datetime import date

from lingka.insight.models import Publication

MONTHS = 24


def published(month: date, number: int | None = None) -> Publication | None:
    """A version of a month that everybody may see; the newest unless one is named."""
    found = Publication.objects.filter(month=month, state=Publication.State.PUBLISHED)
    if number is not None:
        found = found.filter(number=number)
    return found.order_by("-number").first()


def later(id_: int) -> list[Publication]:
    """The versions of the same month that were published after one."""
    one = Publication.objects.filter(pk=id_).first()
    return [other for other in versions(one.month) if other.number > one.number] if one else []


def newest() -> Publication | None:
    found = Publication.objects.filter(state=Publication.State.PUBLISHED)
    return found.order_by("-month", "-number").first()


def versions(month: date) -> list[Publication]:
    """All versions of a month that were published, newest first."""
    found = Publication.objects.filter(month=month, state=Publication.State.PUBLISHED)
    return list(found.order_by("-number"))


def every() -> list[Publication]:
    """The last versions, those that the units are looking at too."""
    return list(Publication.objects.order_by("-month", "-number")[: 3 * MONTHS])


def previews() -> list[Publication]:
    found = Publication.objects.filter(state=Publication.State.PREVIEW)
    return list(found.order_by("-month", "-number"))


def months() -> list[date]:
    """Months that have been published, newest first."""
    found = Publication.objects.filter(state=Publication.State.PUBLISHED)
    return sorted(set(found.values_list("month", flat=True)), reverse=True)[:MONTHS]
