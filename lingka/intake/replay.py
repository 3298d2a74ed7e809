"""Going through a history that another system tells of: each step by who may do it, at its time.

Nothing is written around the engine. Staff who stand for the imported history need posts that
were valid then; where nobody may do the next step, the case stays where it is and is counted.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from lingka.accounts.selectors import PostInfo, posts_in, posts_over
from lingka.cases import actions as cases
from lingka.cases.selectors import outcome
from lingka.core import clock
from lingka.core.actors import SYSTEM, Actor
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem


def close(case: UUID, *, opened_at: datetime, closed_at: datetime, words: str) -> str:
    """Take a case to its end as told; returns "" or why it stopped on the way."""
    try:
        with clock.at(opened_at):
            reason = _to_unit(case, opened_at)
        if reason:
            return reason
        with clock.at(closed_at):
            return _to_end(case, closed_at, words)
    except (PermissionRefused, Problem) as refusal:
        return str(getattr(refusal, "code", "")) or refusal.args[0]


def _to_unit(case: UUID, at: datetime) -> str:
    now = outcome(case)
    if now.lead_unit_id is None:
        if now.suggested_unit_id is None:
            return "no-unit"
        dispatcher = _first(posts_over(now.area_path, "dispatcher", at))
        if dispatcher is None:
            return "no-dispatcher"
        _do(case, "dispatch", dispatcher, at, unit=now.suggested_unit_id)
    return ""


def _to_end(case: UUID, at: datetime, words: str) -> str:
    now = outcome(case)
    handler = _first(posts_in(now.lead_unit_id or 0, "handler", at))
    checker = _first(posts_over(now.area_path, "verifier", at))
    if handler is None or checker is None:
        return "no-staff"
    _do(case, "sign_in", handler, at)
    _do(case, "report_back", handler, at, words=words)
    _do(case, "verify", checker, at, how="photos")
    _do(case, "call_back_tried", checker, at, outcome="none")  # the past is not rung up
    _do(case, "call_back_unreached", checker, at)
    cases.perform(case, "close", actor=SYSTEM, occurred_at=at)
    return ""


def _first(posts: list[PostInfo]) -> PostInfo | None:
    return posts[0] if posts else None


def _do(case: UUID, action: str, post: PostInfo, at: datetime, **data: Any) -> None:
    actor = Actor("user", post.user_id, post.id)
    cases.perform(case, action, actor=actor, data=data, occurred_at=at)
