"""What points are given for, version by version; a town puts its own into force by a file."""

from django.utils.translation import gettext_lazy as _

from lingka.core.histories import register
from lingka.points.rules import BOOK

register(BOOK.history(_("Points rules")))
