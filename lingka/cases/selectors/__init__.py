"""Reads of cases that other modules may call. One file per noun; re-exported here."""

from lingka.cases.definitions import CaseTypeInfo
from lingka.cases.selectors.answered import Answer, answers_of
from lingka.cases.selectors.arrivals import Arrival, arrivals_at
from lingka.cases.selectors.carrying import among, carried, open_in, types_to_report
from lingka.cases.selectors.catalogue import (
    asks_residents,
    case_groups,
    case_type,
    case_types,
    options,
    stage_label,
    workflow_key,
    workflow_keys,
    workflow_name,
)
from lingka.cases.selectors.deadlines import explain_clock
from lingka.cases.selectors.files import is_file
from lingka.cases.selectors.holders import (
    Waiting,
    holder,
    holds,
    pushes_to,
    waiting,
    was_sent,
)
from lingka.cases.selectors.kin import Part, goes_on_as, merged_into, with_merged
from lingka.cases.selectors.links import LinkInfo, LinkView, by_link, links_of, may_link
from lingka.cases.selectors.nearby import Similar, similar_open
from lingka.cases.selectors.notices import (
    CaseNotice,
    Reachable,
    case_notices,
    reachable,
)
from lingka.cases.selectors.offers import ActionOffer, allowed_actions, by_number, offers_for
from lingka.cases.selectors.outcome import Outcome, outcome
from lingka.cases.selectors.page import case_brief, case_page, changes_since
from lingka.cases.selectors.progress import (
    Progress,
    agreed_to_show,
    claimant,
    claimed_by_member,
    of_workflow,
    progress_of,
    solved_among,
)
from lingka.cases.selectors.promises import Promise, promises
from lingka.cases.selectors.public import (
    PublicCase,
    PublicChange,
    PublicFilter,
    public_case,
    public_cases,
    public_changes,
)
from lingka.cases.selectors.queues import counters, queue
from lingka.cases.selectors.readings import readers
from lingka.cases.selectors.receipts import (
    Lead,
    Reading,
    ReceiptView,
    StageView,
    receipt_by_token,
    receipt_file,
    stage_by_short_code,
    unattached_file,
)
from lingka.cases.selectors.rows import titles
from lingka.cases.selectors.standings import (
    Led,
    Standing,
    before_archiving,
    is_listed,
    led,
    over_at,
    overdue,
    standings,
)
from lingka.cases.selectors.suggestions import who_may_lead
from lingka.cases.selectors.telling import (
    Telling,
    changed_since,
    listed_tellings,
    tellings,
    wholes_of,
)
from lingka.cases.selectors.unattended import UnattendedCase, unattended
from lingka.cases.selectors.ways import Step

type_info = case_type

__all__ = [
    "ActionOffer",
    "Answer",
    "Arrival",
    "CaseNotice",
    "CaseTypeInfo",
    "Lead",
    "Led",
    "LinkInfo",
    "LinkView",
    "Outcome",
    "Part",
    "Progress",
    "Promise",
    "PublicCase",
    "PublicChange",
    "PublicFilter",
    "Reachable",
    "Reading",
    "ReceiptView",
    "Similar",
    "StageView",
    "Standing",
    "Step",
    "Telling",
    "UnattendedCase",
    "Waiting",
    "agreed_to_show",
    "allowed_actions",
    "among",
    "answers_of",
    "arrivals_at",
    "asks_residents",
    "before_archiving",
    "by_link",
    "by_number",
    "carried",
    "case_brief",
    "case_groups",
    "case_notices",
    "case_page",
    "case_type",
    "case_types",
    "changed_since",
    "changes_since",
    "claimant",
    "claimed_by_member",
    "counters",
    "explain_clock",
    "goes_on_as",
    "holder",
    "holds",
    "is_file",
    "is_listed",
    "led",
    "links_of",
    "listed_tellings",
    "may_link",
    "merged_into",
    "of_workflow",
    "offers_for",
    "open_in",
    "options",
    "outcome",
    "over_at",
    "overdue",
    "progress_of",
    "promises",
    "public_case",
    "public_cases",
    "public_changes",
    "pushes_to",
    "queue",
    "reachable",
    "readers",
    "receipt_by_token",
    "receipt_file",
    "similar_open",
    "solved_among",
    "stage_by_short_code",
    "stage_label",
    "standings",
    "tellings",
    "titles",
    "type_info",
    "types_to_report",
    "unattached_file",
    "unattended",
    "waiting",
    "was_sent",
    "who_may_lead",
    "wholes_of",
    "with_merged",
    "workflow_key",
    "workflow_keys",
    "workflow_name",
]
