"""Words for the demo's cases: pieces put together until each text is its own."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any

from lingka.core import datafiles
from lingka.demo.city import BO_DIGITS, DATA

KEYS = {"zh-hans": "zh", "bo": "bo", "en": "en"}
HOMES = {"courtyard", "building"}
COLD_MONTHS = {10, 11, 12, 1, 2, 3}
TRIES = 200
SHAPES = {  # how pieces become a text; {o} is what it causes, {ask} what is wished for
    "zh": ("{what}，{since}。{o}{ask}", "{what}，{o}{ask}", "您好，{what}，{since}。{ask}",
           "{what}。{since}，{o}", "{what}，{since}，{o}{ask}", "{what}。{o}{ask}"),
    "bo": ("{what} {since} {o} {ask}", "{what} {o} {ask}", "{what} {since} {ask}"),
    "en": ("{what}. {since} {o} {ask}", "{what}. {o} {ask}", "{what}. {since} {ask}"),
}  # fmt: skip
TIBETAN_REPLIES = 0.7  # so many answers to those who wrote Tibetan are Tibetan


@cache
def pieces() -> dict[str, Any]:
    body: dict[str, Any] = datafiles.read(DATA / "sayings.yaml")
    return body


def fits_season(case_type: str, day: date) -> bool:
    """Ice and cold radiators in the cold months only."""
    cold = case_type in {"heat.cold", "heat.leak", "road.ice"}
    return not cold or day.month in COLD_MONTHS


class Sayings:
    """Draws texts; what a resident says never comes twice."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.said: set[str] = set()
        self.makers: dict[str, Callable[[], str]] = {}

    def case_type(self, kind: str, day: date) -> str:
        """What is reported at a place of this kind on this day."""
        spot = "home" if kind in HOMES else "out"
        fitting = {
            key: one["share"] for key, one in pieces()["types"].items()
            if one["at"] in {"any", spot} and fits_season(key, day)
        }  # fmt: skip
        return str(self.rng.choices(list(fitting), list(fitting.values()))[0])

    def report(self, case_type: str, language: str, kind: str) -> str:
        """A resident's own words about a matter at a place of this kind."""
        key, text = KEYS[language], ""
        for _try in range(TRIES):
            text = self._report(pieces()["types"][case_type], key, kind)
            if text not in self.said:
                break
        self.said.add(text)
        return self._by(partial(self.report, case_type, language, kind), text)

    def _report(self, matter: Mapping[str, Any], key: str, kind: str) -> str:
        what = self._what(matter, key, kind)
        shapes = SHAPES[key][: 3 if matter["ask"] == "question" else None]
        told = self.rng.choice(shapes).format(
            what=what, since=self._pick("since", key, matter["since"]),
            o=self.rng.choice(matter["effect"][key]), ask=self._pick("ask", key, matter["ask"]),
        )  # fmt: skip
        return self._filled(_smooth(told), key)

    def _what(self, matter: Mapping[str, Any], key: str, kind: str) -> str:
        spot = "home" if kind in HOMES else "out"
        other = "out:" if spot == "home" else "home:"
        what = self.rng.choice([one for one in matter[key] if not one.startswith(other)])
        what = what.removeprefix(f"{spot}:")
        where = self._pick("where", key, kind)
        if what.startswith("-"):
            return str(what[1:])
        if key == "en":
            return str(what.replace("{where}", where))
        return where + str(what)

    def result(self, case_type: str, language: str) -> str:
        """What the unit did, in the language of the report where its people write it."""
        key = "bo" if language == "bo" and self.rng.random() < TIBETAN_REPLIES else "zh"
        matter = pieces()["types"][case_type]
        return self._one(matter["results"][key], key)

    def of(self, name: str, *inner: str) -> str:
        """One of a plain list: contact of a family, progress of a family, returns…"""
        listed = pieces()[name]
        for one in inner:
            listed = listed[one]
        return self._one(listed, "bo" if name.endswith("_bo") else "zh")

    def exactly(self, text: str) -> str:
        """This text with numbers of its own; told again it stays the same text."""
        return self._by(partial(self.exactly, text), self._filled(text, "zh"))

    def again(self, text: str) -> str:
        """Another text that could stand in its place; the same where it is nobody's."""
        return self.makers[text]() if text in self.makers else text

    def _one(self, listed: Sequence[str], key: str) -> str:
        text = self._filled(self.rng.choice(listed), key)
        spoken = [one for one in listed if one]
        return self._by(partial(self._one, spoken, key), text)

    def _by(self, maker: Callable[[], str], text: str) -> str:
        self.makers.setdefault(text, maker)
        return text

    def _pick(self, name: str, key: str, inner: str) -> str:
        return str(self.rng.choice(pieces()[name][key][inner]))

    def _filled(self, text: str, key: str) -> str:
        numbers = {
            "n": self.rng.randint(3, 9), "k": self.rng.randint(2, 6),
            "h": self.rng.randint(9, 18), "e": self.rng.randint(19, 22),
        }  # fmt: skip
        shown = {one: str(number) for one, number in numbers.items()}
        if key == "bo":
            shown = {one: number.translate(BO_DIGITS) for one, number in shown.items()}
        return text.format(**shown)


def _smooth(text: str) -> str:
    """Without the traces of an empty piece."""
    return " ".join(text.split()).replace("，。", "。").replace("?.", "?").strip("， ")
