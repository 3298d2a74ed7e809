"""The words for states and changes, once for pages and files."""

from django.utils.translation import gettext_lazy as _

STATE = {
    "running": _("going on"),
    "late": _("late"),
    "asked": _("done, its users are being asked"),
    "confirmed": _("confirmed by its users"),
    "few": _("done, too few users answered"),
    "stopped": _("stopped"),
}
SHOWS = {
    "before": _("Before"),
    "work": _("How the work goes"),
    "after": _("After"),
}
CHANGE = {
    "moved": _("Moved to another day"),
    "late": _("Late"),
    "cost": _("Spent so far"),
    "denied": _("Its users say that it is not done yet"),
    "stopped": _("Stopped"),
}
