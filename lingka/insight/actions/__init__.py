"""Every change to rates. One file per noun; the public functions are re-exported here."""

from lingka.insight.actions.activation import activate, activate_shipped
from lingka.insight.actions.appeals import decide_appeal, file_appeal, object_to
from lingka.insight.actions.assessments import mark_unit, publish_assessment
from lingka.insight.actions.publishing import publish, show_to_units
from lingka.insight.recomputing import differences, rebuild

__all__ = [
    "activate",
    "activate_shipped",
    "decide_appeal",
    "differences",
    "file_appeal",
    "mark_unit",
    "object_to",
    "publish",
    "publish_assessment",
    "rebuild",
    "show_to_units",
]
