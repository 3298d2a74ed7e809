"""What the database itself refuses, whoever asks: a roll that is changed once the vote is open, a
voter who votes twice, a ballot put in or taken out at the wrong time, a result rewritten."""

import pgtrigger

REFUSED = "USING ERRCODE = 'check_violation'"


def never_emptied(name: str) -> pgtrigger.Trigger:
    """Databases of tests are emptied between tests; one that wants to see it refused says so."""
    return pgtrigger.Trigger(
        name=name, level=pgtrigger.Statement, when=pgtrigger.Before, operation=pgtrigger.Truncate,
        func="IF current_database() NOT LIKE 'test%' OR"
        " current_setting('lingka.never_empty', true) = 'on' THEN"
        " RAISE EXCEPTION 'votes are never emptied'; END IF; RETURN NULL;",
    )  # fmt: skip


def _guard(name: str, operation: pgtrigger.Operation, vote: str, unless: str,
           said: str) -> pgtrigger.Trigger:  # fmt: skip
    """Refuse unless this holds of the row and of its vote, which nobody can move on meanwhile."""
    old = "OLD" if operation == pgtrigger.Delete else "NEW"
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=operation,
        declare=[("vote", "voting_vote%ROWTYPE")],
        func=f"""
SELECT * INTO vote FROM voting_vote WHERE id = {vote} FOR SHARE;
IF ({unless}) IS NOT TRUE THEN
    RAISE EXCEPTION 'voting: {said}' {REFUSED};
END IF;
RETURN {old};
""",  # noqa: S608 - the words are ours
    )  # fmt: skip


_MOVES = f"""
IF OLD.state IN ('counted', 'cancelled') THEN
    RAISE EXCEPTION 'voting: what is over stays as it is' {REFUSED};
END IF;
IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
    ('draft', 'open'), ('open', 'closed'), ('closed', 'counted'),
    ('draft', 'cancelled'), ('open', 'cancelled'), ('closed', 'cancelled')) THEN
    RAISE EXCEPTION 'voting: a vote does not go from % to %', OLD.state, NEW.state {REFUSED};
END IF;
IF OLD.state <> 'draft' AND (OLD.uuid, OLD.area_id, OLD.question, OLD.about, OLD.options,
    OLD.proposal, OLD.rule_key, OLD.rule, OLD.secret, OLD.invited, OLD.closes_at, OLD.opened_at)
    IS DISTINCT FROM (NEW.uuid, NEW.area_id, NEW.question, NEW.about, NEW.options,
    NEW.proposal, NEW.rule_key, NEW.rule, NEW.secret, NEW.invited, NEW.closes_at, NEW.opened_at)
THEN
    RAISE EXCEPTION 'voting: what is asked stays as it was when it opened' {REFUSED};
END IF;
IF NEW.state = 'closed' AND OLD.state = 'open' AND (
    SELECT count(*) FROM voting_voter WHERE vote_id = OLD.id AND voted = 'online') <> (
    SELECT count(*) FROM voting_ballot WHERE vote_id = OLD.id) + (
    SELECT count(*) FROM voting_named named JOIN voting_voter voter ON voter.id = named.voter_id
    WHERE voter.vote_id = OLD.id AND named.entered_by IS NULL) THEN
    RAISE EXCEPTION 'voting: the box does not hold as many ballots as voted' {REFUSED};
END IF;
IF NEW.state = 'counted' AND EXISTS (SELECT FROM voting_ballot WHERE vote_id = OLD.id) THEN
    RAISE EXCEPTION 'voting: ballots do not outlast the count' {REFUSED};
END IF;
RETURN NEW;
"""  # noqa: S608 - the words are ours
VOTE = [
    pgtrigger.Protect(name="vote_stays", operation=pgtrigger.Delete),
    never_emptied("vote_never_emptied"),
    pgtrigger.Trigger(
        name="vote_begins_as_draft", when=pgtrigger.Before, operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.state <> 'draft'"),
        func=f"RAISE EXCEPTION 'voting: a vote begins as a draft' {REFUSED};",
    ),
    pgtrigger.Trigger(
        name="vote_moves", when=pgtrigger.Before, operation=pgtrigger.Update, func=_MOVES,
    ),
]  # fmt: skip
VOTER = [
    pgtrigger.Protect(name="voter_stays", operation=pgtrigger.Delete),
    never_emptied("voter_never_emptied"),
    _guard(
        "voter_before_opening", pgtrigger.Insert, "NEW.vote_id",
        "vote.state = 'draft' AND NEW.voted = ''", "the roll is frozen",
    ),
    # A vote that is closed or cancelled writes its roll anew, in random order, and changes nothing
    # in it. Whoever leaves Lingka stays a number, at any time.
    _guard(
        "voter_votes_once", pgtrigger.Update, "OLD.vote_id",
        "(OLD.id, OLD.vote_id, OLD.number, OLD.size)"
        " IS NOT DISTINCT FROM (NEW.id, NEW.vote_id, NEW.number, NEW.size) AND ("
        "(OLD.member IS NOT DISTINCT FROM NEW.member AND ("
        "(OLD.voted = '' AND NEW.voted <> '' AND vote.state = 'open')"
        " OR (OLD.voted = NEW.voted AND vote.state IN ('closed', 'cancelled'))))"
        " OR (OLD.voted = NEW.voted AND OLD.member IS NOT NULL AND NEW.member IS NULL))",
        "the roll is frozen, and everybody in it votes once",
    ),
]  # fmt: skip
BALLOT = [
    pgtrigger.Protect(name="ballot_unchanged", operation=pgtrigger.Update),
    never_emptied("ballot_never_emptied"),
    _guard(
        "ballot_while_open", pgtrigger.Insert, "NEW.vote_id", "vote.state = 'open' AND vote.secret",
        "the box is not open",
    ),
    _guard(
        "ballot_until_counted", pgtrigger.Delete, "OLD.vote_id",
        "vote.state IN ('closed', 'cancelled')", "ballots stay in the box",
    ),
]  # fmt: skip
_VOTE_OF = "(SELECT vote_id FROM voting_voter WHERE id = {row}.voter_id)"
NAMED = [
    never_emptied("named_never_emptied"),
    _guard(
        "named_while_open", pgtrigger.Insert, _VOTE_OF.format(row="NEW"),
        "NOT vote.secret AND NEW.confirmed_by IS NULL AND (vote.state = 'open'"
        " OR (vote.state = 'closed' AND NEW.entered_by IS NOT NULL))",
        "nothing can be handed in now",
    ),
    _guard(
        "named_confirmed_only", pgtrigger.Update, _VOTE_OF.format(row="OLD"),
        "vote.state IN ('open', 'closed') AND OLD.confirmed_by IS NULL"
        " AND OLD.entered_by IS NOT NULL AND (OLD.voter_id, OLD.choice, OLD.entered_by)"
        " IS NOT DISTINCT FROM (NEW.voter_id, NEW.choice, NEW.entered_by)",
        "a ballot that was handed in stays as it is",
    ),
    _guard(
        "named_taken_back", pgtrigger.Delete, _VOTE_OF.format(row="OLD"),
        "vote.state = 'cancelled' OR (vote.state IN ('open', 'closed')"
        " AND OLD.entered_by IS NOT NULL AND OLD.confirmed_by IS NULL)",
        "ballots stay in the box",
    ),
]  # fmt: skip
