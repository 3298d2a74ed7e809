"""Every change to cases. One file per noun; the public functions are re-exported here."""

from lingka.cases.actions.activation import activate, activate_shipped, judged, ready
from lingka.cases.actions.attachments import (
    add_attachment,
    erase_attachments,
    hold_attachments,
    lay_apart,
    sweep_files,
    sweep_orphans,
)
from lingka.cases.actions.bringing import bring_in
from lingka.cases.actions.contacts import (
    ContactData,
    erase_contact,
    erase_due_contacts,
    read_contact,
    read_for_sending,
    reseal_contacts,
    set_push,
)
from lingka.cases.actions.following import hand_over_lead
from lingka.cases.actions.keeping import drop_view, keep_view
from lingka.cases.actions.linking import make_link, revoke_link
from lingka.cases.actions.noting import MOST as MOST_MENTIONED
from lingka.cases.actions.noting import note, put_above
from lingka.cases.actions.numbers import Match, match_number
from lingka.cases.actions.opening import follow_case, open_case
from lingka.cases.actions.performing import Performed, perform
from lingka.cases.actions.recomputing import plan_recomputing, recompute_clocks
from lingka.cases.actions.resending import send_receipt_again
from lingka.cases.actions.waking import due_now
from lingka.cases.receipts import Opened

__all__ = [
    "MOST_MENTIONED",
    "ContactData",
    "Match",
    "Opened",
    "Performed",
    "activate",
    "activate_shipped",
    "add_attachment",
    "bring_in",
    "drop_view",
    "due_now",
    "erase_attachments",
    "erase_contact",
    "erase_due_contacts",
    "follow_case",
    "hand_over_lead",
    "hold_attachments",
    "judged",
    "keep_view",
    "lay_apart",
    "make_link",
    "match_number",
    "note",
    "open_case",
    "perform",
    "plan_recomputing",
    "put_above",
    "read_contact",
    "read_for_sending",
    "ready",
    "recompute_clocks",
    "reseal_contacts",
    "revoke_link",
    "send_receipt_again",
    "set_push",
    "sweep_files",
    "sweep_orphans",
]
