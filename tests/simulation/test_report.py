"""What the report of the half-year in the docs shows of the workflows."""

import json
from pathlib import Path

FIGURES = Path(__file__).parents[2] / "docs" / "simulation" / "figures.json"
NEVER = {  # what the half-year's cases never came to, and why
    "close_unconfirmed": "every wisher whose wish came true said so in time",
    "co_refuse": "whoever was asked to help did",
    "not_adopted": "no council met that could vote anything down",
    "settle": "no council met: nothing grew that large",
    "take_down": "no wisher found their words on the wall unfit",
    "thank": "no wisher was moved to say more than that it came true",
}


def test_every_action_was_done_somewhere_in_the_half_year() -> None:
    walked = json.loads(FIGURES.read_text("utf-8"))[0]["walked"]
    done = {action for one in walked.values() for action in one["done"]}
    assert {action for one in walked.values() for action in one["never"]} - done == NEVER.keys()
