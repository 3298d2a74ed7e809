"""What units and leaders answer while a case is still open reaches the resident as a message."""

from datetime import timedelta

from lingka.core import clock
from tests.cases.city import MONDAY
from tests.notifications.post import EMAIL, deliver, keys

LATER = MONDAY + timedelta(days=1)


def test_a_firm_hears_that_the_named_lead_has_answered(city):
    opened = city.open("enterprise.demand", contact=EMAIL)
    lead = city.staff["leader"]
    city.do(opened, "accept", "dispatcher")
    city.do(opened, "name_lead", "dispatcher", leader=lead.id)
    city.do(opened, "lead_answer", lead, words="我来办", until=LATER.isoformat())
    deliver()
    assert keys()[-1] == "led"


def test_a_resident_hears_what_a_leader_answers_while_a_unit_works(city):
    opened = city.at("handling", contact=EMAIL)
    city.do(opened, "take_lead", "leader")
    city.do(opened, "lead_answer", "leader", words="我盯着")
    deliver()
    assert keys()[-1] == "led"


def test_a_resident_hears_that_the_units_met(city):
    opened = city.at("handling", contact=EMAIL)
    light, water = (city.units[name].id for name in ("light", "water"))
    city.do(opened, "add_co_handler", "dispatcher", unit=water)
    at = (MONDAY + timedelta(hours=1)).isoformat()
    city.do(opened, "call_meeting", "handler", at=at, place="二楼")
    with clock.at(LATER):
        city.do(opened, "hold_meeting", "handler", came=[light, water], words="先修灯")
        deliver()
    assert keys()[-1] == "met"
