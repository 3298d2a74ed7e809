"""What firms ask for, for those who see to it. Hazards and wishes are public pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register

SEES_DEMANDS = frozenset({"dispatcher", "supervisor", "leader"})
HANGS = frozenset({"dispatcher"})  # who hangs wishes up sees those that only claimants see too
CLAIMS = frozenset({"handler", "grid_worker"})

register(Section("ledgers:demands", _("Firms' demands"), SEES_DEMANDS, 65))
