"""Exchange points among the desk's pages."""

from django.utils.translation import gettext_lazy as _

from lingka.core.sections import Section, register
from lingka.points.permissions import COUNTER, KEEPERS, REVIEWERS
from lingka.points.showing import has_a_part

register(
    Section(
        "points:desk", _("Points bank"), KEEPERS | REVIEWERS | COUNTER, 74, fits=has_a_part,
        pages=frozenset({
            "points:review", "points:new-shop", "points:shop", "points:edit-shop", "points:report",
            "points:hand", "points:new-good", "points:good", "points:scan",
            "points:give", "points:freeze", "points:back", "points:entered",
        }),
    ),
    Section("points:ours", _("Points of our workplace"), frozenset({"handler"}), 75),
)  # fmt: skip
