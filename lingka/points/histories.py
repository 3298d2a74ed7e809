"""What points are given for, version by version; a town puts its own into force by a file."""

from django.utils.translation import gettext_lazy as _

from lingka.core.histories import register
from lingka.points import rules, thanks

register(rules.BOOK.history(_("Points rules")))
register(thanks.BOOK.history(_("Thanks of the year")))
