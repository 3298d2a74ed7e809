"""Reads of rates. One file per noun; what other modules may call is re-exported here."""

from lingka.insight.selectors.appeals import concerns
from lingka.insight.selectors.definitions import forget

__all__ = ["concerns", "forget"]
