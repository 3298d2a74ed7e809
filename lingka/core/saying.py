"""Times said the way people say them, in the reader's language and the installation's zone."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from lingka.core import clock

MINUTE, HOUR, DAY = 60, 3600, 86400
EXACT_DAYS = 3  # beyond, hours do not help anybody


def day(moment: datetime | date) -> str:
    """ "11 月 20 日"; with the year when it is another year's."""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    same_year = local.year == timezone.localtime(clock.now()).year
    return date_format(local, "MONTH_DAY_FORMAT" if same_year else "DATE_FORMAT")


def dated(on: date) -> str:
    """With its year, for what is kept on paper."""
    return date_format(on, "DATE_FORMAT")


def short_day(at: datetime) -> str:
    """ "Today", "18 Nov": where there is room for a few signs only."""
    local = timezone.localtime(at).date()
    if local == timezone.localtime(clock.now()).date():
        return _("today")
    # Translators: a date in Django's format, as short as can be.
    return date_format(local, _("j M"))


def moment(at: datetime) -> str:
    """ "11 月 20 日 18:00"."""
    return _("%(day)s %(time)s") % {"day": day(at), "time": _time(at)}


def when(at: datetime) -> str:
    """ "Today 14:52", "tomorrow 18:00", otherwise day and time."""
    days = (timezone.localtime(at).date() - timezone.localtime(clock.now()).date()).days
    names = {0: _("today %(time)s"), 1: _("tomorrow %(time)s"), -1: _("yesterday %(time)s")}
    return names[days] % {"time": _time(at)} if days in names else moment(at)


def until(at: datetime) -> str:
    """ "18:30" today, "tomorrow 18:00" and so on after."""
    same_day = timezone.localtime(at).date() == timezone.localtime(clock.now()).date()
    return _time(at) if same_day else when(at)


def listed(parts: Iterable[str]) -> str:
    """ "one, two", with the reader's own sign between."""
    return _(", ").join(parts)


def apart(parts: Iterable[str]) -> str:
    """ "one; two", for parts that may hold commas themselves."""
    return _("; ").join(parts)


def _time(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def span(seconds: int) -> str:
    """ "2 h 10 min", "1 day 3 h": at most two units, so that it fits beside a bar."""
    seconds = max(seconds, MINUTE)
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days:
        return _join(_days(days), _hours(hours) if hours and days < EXACT_DAYS else "")
    if hours:
        return _join(_hours(hours), _minutes(minutes)) if minutes else _whole_hours(hours)
    return _minutes(minutes)


def served(minutes: int) -> str:
    """ "26 h 10 min": hours and minutes however many they are, for what people gave of theirs."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _minutes(rest)
    return _join(_hours(hours), _minutes(rest)) if rest else _whole_hours(hours)


def _join(first: str, second: str) -> str:
    return _("%(first)s %(second)s") % {"first": first, "second": second} if second else first


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)d h", "%(count)d h", count) % {"count": count}


def _whole_hours(count: int) -> str:
    """Chinese says hours with another word where nothing follows them."""
    return npgettext("alone", "%(count)d h", "%(count)d h", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)d min", "%(count)d min", count) % {"count": count}
