"""Every change to rates. One file per noun; the public functions are re-exported here."""

from lingka.insight.actions.activation import activate, activate_shipped
from lingka.insight.recomputing import differences, rebuild

__all__ = ["activate", "activate_shipped", "differences", "rebuild"]
