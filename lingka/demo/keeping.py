"""What the demo city has made its own: rules, a reply in its second version, a template for
notices, lists under a name, a case that a leader leads by name."""

import copy
from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from lingka.areas import selectors as areas
from lingka.cases import actions as cases
from lingka.cases.models import Case
from lingka.cases.selectors import catalogue, replies
from lingka.core import clock, rulebooks
from lingka.core.actors import Actor
from lingka.demo.organisation import STREET
from lingka.desks import actions as desks
from lingka.field import actions as field_actions
from lingka.notices import actions as notices
from lingka.partners.calls import CALLS, thresholds

if TYPE_CHECKING:
    from lingka.demo.history import History

DAY = timedelta(days=1)
PROMISED = {  # what the town says on top of the package's "We have it"
    "zh-hans": "收到了。我们正在看这件事，{due}前给您回话。",
    "bo": "འབྱོར་སོང་། ང་ཚོས་དོན་འདི་ལ་ལྟ་བཞིན་ཡོད། {due} གོང་ལན་འདེབས་ངེས།",
    "en": "We have it. We are looking into it and you hear from us by {due}.",
}
RAIN: dict[str, Any] = {
    "kind": "danger",
    "hours": 12,
    "picture": "",
    "for": ["road."],
    "title": {"zh-hans": "雨后路滑", "bo": "ཆར་རྗེས་ལམ་འདྲེད།", "en": "Slippery after rain"},
    "text": {
        "zh-hans": "{where}雨后路滑，{unit}正在清扫，{until}前请慢行。",
        "bo": "{where} ལ་ཆར་རྗེས་ལམ་འདྲེད། {unit} ཡིས་གཙང་སེལ་བྱེད་བཞིན་ཡོད། {until} བར་ག་ལེར་ཕེབས་རོགས།",
        "en": "{where} is slippery after rain. {unit} is sweeping; please go slowly until {until}.",
    },
}
LONGER = "{where}雨后路滑，{unit}正在清扫。{until}前请慢行，老人请走扶手一侧。"
LISTS = (("过期的漏水", "tab=late&group=water"), ("路灯，新的在前", "group=light&order=new"))


def _own_rules(keeper: Actor) -> None:
    """What the town has just decided, for the cases to come: more time for a wish, and calls looked
    at sooner than the package says."""
    table = copy.deepcopy(catalogue.body(catalogue.current("deadlines", "deadlines")))
    table["policies"]["wish"]["respond"]["amount"] += 1
    cases.activate("deadlines", table, actor=keeper)
    watched = {key: dict(rule) for key, rule in thresholds().items()}
    watched["street_calls"]["many"] -= 1
    rulebooks.put(CALLS, {"key": CALLS.key, "watched": watched}, actor=keeper)


def keep(history: "History") -> None:
    _rules(history)
    _own_rules(history.staff.keeper)
    _lists(history)
    _lead(history)
    _phones(history)


def _rules(history: "History") -> None:
    """Two changes that an administrator made, with what stood there before."""
    keeper, shipped = history.staff.keeper, replies.shipped()["received"]
    with clock.at(history.now - 6 * DAY):
        desks.publish_reply("received", {**shipped, "text": PROMISED}, actor=keeper)
        notices.publish_template("own-rain", RAIN, actor=keeper)
    with clock.at(history.now - 2 * DAY):
        text = {**RAIN["text"], "zh-hans": LONGER}
        notices.publish_template("own-rain", {**RAIN, "text": text}, actor=keeper)


def _lists(history: "History") -> None:
    street = areas.area_by_code(STREET)
    assert street is not None  # the map has it
    for name, query in LISTS:
        cases.keep_view(name, query, actor=history.staff.desks[street.id])
    cases.keep_view("全街道过期", "list=below&tab=late", actor=history.staff.leader)


def _lead(history: "History") -> None:
    """The oldest matter in hand in the street: its leader takes it up and owes an answer."""
    street = areas.area_by_code(STREET)
    assert street is not None  # the map has it
    going = Case.objects.filter(
        workflow__key="quick_response",
        state="handling",
        area_path__startswith=street.path,
        desk_area_id=street.id,
    ).exclude(clocks__has_key="promise")
    led = (one for one in going.order_by("id") if "take_lead" in _actions(one))
    case = next(led, None)
    if case is None:
        return
    with clock.at(max(case.changed_at, history.now - DAY / 4)):
        cases.perform(case.uuid, "take_lead", actor=history.staff.leader)


def _actions(case: Case) -> Collection[str]:
    """What can be done to a case of this kind at all."""
    return catalogue.workflow(case.workflow_id).actions


def _phones(history: "History") -> None:
    """The grid worker lost one on a pasture; it was revoked, and the next is in use."""
    worker = history.staff.walker
    for name, days, lost in (("红米 9A（旧）", 60, 20), ("红米 12C", 19, 0)):
        with clock.at(max(history.begin + DAY, history.now - days * DAY)):
            made = field_actions.register(actor=worker, name=name, app="1", schema=1, former=None)
        if lost:
            with clock.at(history.now - lost * DAY):
                field_actions.revoke(made.device.uuid, actor=history.staff.keeper)
