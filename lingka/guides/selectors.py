"""Guides by key, and by what somebody says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingka.cases import similar
from lingka.core.keeping import Kept
from lingka.core.text import pick
from lingka.core.versions import Published
from lingka.guides import rules
from lingka.guides.models import Guide, GuideVersion

LOOK_EVERY = 2.0  # seconds until another process's publishing is seen here
TITLE, KEYWORD, TEXT = 3.0, 4.0, 1.0  # what a word counts, by where it stands
GUIDES = Published(Guide, GuideVersion, rules.check)
FEW = 3  # guides that share a word which still says something
LEAST = 1.6  # below, a guide shares no more than everyday words with what was said
Body = Mapping[str, Any]


@dataclass(frozen=True)
class GuideInfo:
    """A guide in one language."""

    key: str
    number: int
    kind: str
    title: str
    answer: str
    papers: tuple[str, ...]
    takes: str
    fee: str
    where: str
    case_type: str
    source: str
    source_date: date


@dataclass(frozen=True)
class _All:
    """All guides in force: number and body, and what each word counts for them."""

    bodies: Mapping[str, tuple[int, Body]]
    words: Mapping[str, Mapping[str, float]]


def _read() -> _All:
    bodies = {key: (one.number, one.body) for key, one in GUIDES.in_force().items()}
    return _All(bodies, {key: _weights(body) for key, (_, body) in bodies.items()})


_ALL = Kept(_read, every=LOOK_EVERY, sign=GUIDES.sign)
forget = _ALL.forget


def _bodies() -> Mapping[str, tuple[int, Body]]:
    return _ALL.now().bodies


def _weights(body: Body) -> dict[str, float]:
    """What each word of a guide, in any language, counts for it."""
    weights: dict[str, float] = {}
    for word in body.get("keywords", ()):
        weights |= dict.fromkeys(similar.tokens(word), KEYWORD)
    for name, weight in (("title", TITLE), ("answer", TEXT)):
        for text in body[name].values():
            for word in similar.tokens(text):
                weights[word] = max(weights.get(word, 0.0), weight)
    return weights


def guides(kind: str = "") -> list[GuideInfo]:
    """All that are in force, by title, in the reader's language."""
    found = [_info(key, *kept) for key, kept in _bodies().items() if kind in ("", kept[1]["kind"])]
    return sorted(found, key=lambda one: one.title)


def guide(key: str) -> GuideInfo | None:
    """One that is in force."""
    kept = _bodies().get(key)
    return _info(key, *kept) if kept else None


def body(key: str) -> Body | None:
    """A guide in all languages, for its form."""
    kept = _bodies().get(key)
    return kept[1] if kept else None


def version(key: str, number: int) -> Body:
    """A version as it was read out, whether or not it is still in force."""
    found: Body = GuideVersion.objects.values_list("body", flat=True).get(
        guide__key=key, number=number
    )
    return found


def find(said: str, limit: int = 5) -> list[GuideInfo]:
    """What may answer these words, likeliest first. A word that many guides have says less."""
    bodies, words = _ALL.now().bodies, _ALL.now().words
    asked = set(similar.tokens(said))
    scores: dict[str, float] = {}
    telling: set[str] = set()
    for word in asked:
        holders = [key for key in bodies if word in words[key]]
        for key in holders:
            scores[key] = scores.get(key, 0.0) + words[key][word] / len(holders)
            # A keyword finds all that have it; a title's word, unless it is an everyday one.
            if words[key][word] >= (TITLE if len(holders) <= FEW else KEYWORD):
                telling.add(key)
    scores = {key: score for key, score in scores.items() if key in telling or score >= LEAST}
    best = sorted(scores, key=lambda key: (-scores[key], key))[:limit]
    return [_info(key, *bodies[key]) for key in best]


def _info(key: str, number: int, body: Body) -> GuideInfo:
    def said(name: str) -> str:
        return pick(body[name]) if body.get(name) else ""

    return GuideInfo(
        key, number, body["kind"], said("title"), said("answer"),
        tuple(pick(paper) for paper in body.get("papers", ())),
        said("takes"), said("fee"), said("where"), body.get("case_type", ""),
        said("source"), date.fromisoformat(str(body["source_date"])),
    )  # fmt: skip
