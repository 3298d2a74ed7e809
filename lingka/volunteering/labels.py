"""What states are called."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACTIVITY = {
    "draft": _("draft"),
    "returned": _("sent back to whoever wrote it"),
    "approved": _("approved, not public yet"),
    "published": _("public"),
    "cancelled": pgettext_lazy("activity", "cancelled"),
}
CAMPAIGN_PLACE = {
    "open": _("to be done"),
    "done": _("seen to"),
    "absent": _("nobody there"),
    "again": _("again later"),
}
SERVICE = {
    "waiting": _("on the waiting list"),
    "going": _("signed up"),
    "here": _("here"),
    "gone": _("left, hours to be confirmed"),
    "review": _("the desk looks at it first"),
    "served": _("served"),
    "missed": _("nothing counted"),
    "cancelled": _("signed off"),
    "off": _("does not take place"),
}
OFF = {
    "weather": _("because of the weather"),
    "few": _("too few signed up"),
    "place": _("the place cannot be used"),
    "leader": _("whoever leads it cannot come"),
    "other": _("the community's desk can say why"),
}
NEED = {
    "open": _("open, nobody yet"),
    "taken": _("pledged, not delivered yet"),
    "done": _("delivered"),
    "wish": _("hangs as a wish"),
    "project": _("became a project"),
    "declined": pgettext_lazy("need", "declined"),
}
