"""What the database itself refuses, whoever asks: legs that do not sum to zero, a row that is
changed, emptied or deleted, a balance that no leg explains, a hold that ends twice."""

import pgtrigger

from lingka.points.book import OTHER

# Every holder's leg goes the way of its kind, and the other side is the kind's own account. So no
# transfer lowers anybody but by redeeming, expiring, leaving, or as the mirror of another.
_OTHER = " ".join(f"WHEN '{kind}' THEN '{other}'" for kind, other in OTHER.items())
_SOUND = f"""
SELECT * INTO made FROM points_transfer WHERE id = {{transfer}};
SELECT count(*), sum(leg.amount), bool_and(account.ledger = made.ledger AND (
    made.kind = 'reverse' OR CASE
    WHEN account.balance IS NULL THEN account.kind = CASE made.kind {_OTHER} END
    WHEN made.kind = 'earn' THEN leg.amount > 0
    ELSE leg.amount < 0 END))
INTO legs, total, fitting
FROM points_leg leg JOIN points_account account ON account.id = leg.account_id
WHERE leg.transfer_id = {{transfer}};
IF legs < 2 OR total <> 0 OR NOT fitting THEN
    RAISE EXCEPTION 'points: the legs of a transfer sum to zero and fit its kind'
    USING ERRCODE = 'check_violation';
END IF;
IF made.kind = 'reverse' AND (
    EXISTS (SELECT FROM points_transfer t WHERE t.id = made.reverses_id AND t.kind = 'reverse')
    OR EXISTS (
        SELECT account_id, -amount, expires_on FROM points_leg WHERE transfer_id = made.reverses_id
        EXCEPT SELECT account_id, amount, expires_on FROM points_leg
        WHERE transfer_id = {{transfer}})
    OR legs <> (SELECT count(*) FROM points_leg WHERE transfer_id = made.reverses_id)
) THEN
    RAISE EXCEPTION 'points: a correction is the mirror of what it corrects'
    USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""  # noqa: S608 - the words are ours
_DECLARED = [
    ("made", "points_transfer%ROWTYPE"), ("legs", "bigint"), ("total", "numeric"),
    ("fitting", "boolean"),
]  # fmt: skip


def sound(name: str, column: str) -> pgtrigger.Trigger:
    """When the transaction ends, the transfer is whole."""
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.After, operation=pgtrigger.Insert, timing=pgtrigger.Deferred,
        declare=_DECLARED, func=_SOUND.format(transfer=f"NEW.{column}"),
    )  # fmt: skip


def append_only(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


def never_emptied(name: str) -> pgtrigger.Trigger:
    """Databases of tests are emptied between tests; one that wants to see it refused says so."""
    return pgtrigger.Trigger(
        name=name, level=pgtrigger.Statement, when=pgtrigger.Before, operation=pgtrigger.Truncate,
        func="IF current_database() NOT LIKE 'test%'"
        " OR current_setting('lingka.never_empty', true) = 'on' THEN"
        " RAISE EXCEPTION 'a ledger is never emptied'; END IF; RETURN NULL;",
    )  # fmt: skip


ACCOUNT = [
    pgtrigger.Protect(name="account_stays", operation=pgtrigger.Delete),
    never_emptied("account_never_emptied"),
    # Only the two triggers below may write a balance: they run inside another statement's.
    pgtrigger.Protect(
        name="account_follows", operation=pgtrigger.Update,
        condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
    ),
]  # fmt: skip
TRANSFER = [
    append_only("transfer_append_only"),
    never_emptied("transfer_never_emptied"),
    sound("transfer_sound", "id"),
]
LEG = [
    append_only("leg_append_only"),
    never_emptied("leg_never_emptied"),
    pgtrigger.Trigger(
        name="leg_moves_balance", when=pgtrigger.After, operation=pgtrigger.Insert,
        func="UPDATE points_account SET balance = balance + NEW.amount"
        " WHERE id = NEW.account_id AND balance IS NOT NULL; RETURN NULL;",
    ),
    sound("leg_sound", "transfer_id"),
]  # fmt: skip
_ENDS_ONCE = """
IF OLD.state <> 'open' OR NEW.state = 'open'
   OR (OLD.uuid, OLD.account_id, OLD.amount, OLD.key, OLD.digest, OLD.placed_at, OLD.expires_at)
   IS DISTINCT FROM
   (NEW.uuid, NEW.account_id, NEW.amount, NEW.key, NEW.digest, NEW.placed_at, NEW.expires_at) THEN
    RAISE EXCEPTION 'points: a hold ends once and is changed in no other way'
    USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_PAID = """
IF NOT EXISTS (
    SELECT FROM points_leg WHERE transfer_id = NEW.transfer_id
    AND account_id = NEW.account_id AND amount = -NEW.amount) THEN
    RAISE EXCEPTION 'points: a hold is posted by a transfer of its own amount'
    USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""
HOLD = [
    pgtrigger.Protect(name="hold_stays", operation=pgtrigger.Delete),
    never_emptied("hold_never_emptied"),
    pgtrigger.Trigger(
        name="hold_begins_open", when=pgtrigger.Before, operation=pgtrigger.Insert,
        condition=pgtrigger.Condition("NEW.state <> 'open'"),
        func="RAISE EXCEPTION 'points: a hold begins open' USING ERRCODE = 'check_violation';",
    ),
    pgtrigger.Trigger(
        name="hold_ends_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=_ENDS_ONCE,
    ),
    pgtrigger.Trigger(
        name="hold_takes", when=pgtrigger.After, operation=pgtrigger.Insert,
        func="UPDATE points_account SET held = held + NEW.amount WHERE id = NEW.account_id;"
        " RETURN NULL;",
    ),
    pgtrigger.Trigger(
        name="hold_gives_back", when=pgtrigger.After, operation=pgtrigger.Update,
        func="UPDATE points_account SET held = held - OLD.amount WHERE id = OLD.account_id;"
        " RETURN NULL;",
    ),
    pgtrigger.Trigger(
        name="hold_paid", when=pgtrigger.After, operation=pgtrigger.Update,
        timing=pgtrigger.Deferred, condition=pgtrigger.Condition("NEW.state = 'posted'"),
        func=_PAID,
    ),
]  # fmt: skip
GOOD = [
    pgtrigger.Protect(name="good_stays", operation=pgtrigger.Delete),
    pgtrigger.Protect(  # only the triggers of moves, reservations and holds write these
        name="good_follows", operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "pg_trigger_depth() = 0"
            " AND (OLD.stock, OLD.kept) IS DISTINCT FROM (NEW.stock, NEW.kept)"
        ),
    ),
]  # fmt: skip
MOVE = [
    append_only("move_append_only"),
    never_emptied("move_never_emptied"),
    pgtrigger.Trigger(
        name="move_moves_stock", when=pgtrigger.After, operation=pgtrigger.Insert,
        func="UPDATE points_good SET stock = stock + NEW.change WHERE id = NEW.good_id;"
        " RETURN NULL;",
    ),
]  # fmt: skip
RESERVATION = [
    append_only("reservation_append_only"),
    never_emptied("reservation_never_emptied"),
    pgtrigger.Trigger(
        name="reservation_keeps", when=pgtrigger.After, operation=pgtrigger.Insert,
        func="UPDATE points_good SET kept = kept + 1 WHERE id = NEW.good_id; RETURN NULL;",
    ),
]  # fmt: skip
RECOGNITION = [append_only("recognition_frozen")]
RECOGNISED = [
    pgtrigger.Protect(
        name="recognised_frozen", operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "true AND (OLD.recognition_id, OLD.account_id, OLD.level)"
            " IS DISTINCT FROM (NEW.recognition_id, NEW.account_id, NEW.level)"
        ),
    ),
]  # fmt: skip
HOLD.append(
    pgtrigger.Trigger(
        name="hold_gives_good_back", when=pgtrigger.After, operation=pgtrigger.Update,
        func="UPDATE points_good good SET kept = kept - 1 FROM points_reservation kept_one"
        " WHERE kept_one.hold_id = OLD.id AND good.id = kept_one.good_id; RETURN NULL;",
    )
)  # fmt: skip
