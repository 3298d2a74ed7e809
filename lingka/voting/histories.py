"""When a vote is carried, version by version; a town puts its own rules into force by a file."""

from django.utils.translation import gettext_lazy as _

from lingka.core.histories import register
from lingka.voting.rules import BOOK

register(BOOK.history(_("Voting rules")))
