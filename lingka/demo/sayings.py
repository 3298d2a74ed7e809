"""Words for the demo's cases: pieces put together until each text is its own."""

import random
from functools import cache
from typing import Any

import yaml

from lingka.demo.city import BO_DIGITS, DATA


@cache
def pieces() -> dict[str, Any]:
    body: dict[str, Any] = yaml.safe_load((DATA / "sayings.yaml").read_text(encoding="utf-8"))
    return body


class Sayings:
    """Draws texts; what a resident says never comes twice."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.said: set[str] = set()

    def case_type(self) -> str:
        types = pieces()["types"]
        return str(self.rng.choices(list(types), [one["share"] for one in types.values()])[0])

    def report(self, case_type: str, language: str) -> str:
        """A resident's own words, in Chinese or Tibetan."""
        kind, key = pieces()["types"][case_type], "bo" if language == "bo" else "zh"
        for _try in range(50):
            where, what = self._pick("where", key), self.rng.choice(kind[key])
            when, ask = self._pick("when", key), self._pick("ask", key)
            effect = self.rng.choice(kind["effect"][key])
            told = (
                f"{where}{what} {when} {effect} {ask}" if key == "bo"
                else f"{where}{what}，{when}。{effect}{ask}"
            )  # fmt: skip
            text = self._filled(told.strip(), key)
            if text not in self.said:
                break
        self.said.add(text)
        return text

    def result(self, case_type: str) -> str:
        return self._filled(self.rng.choice(pieces()["results"][case_type.partition(".")[0]]), "zh")

    def of(self, name: str) -> str:
        """One of a plain list: contact, progress, thanks…"""
        return self._filled(self.rng.choice(pieces()[name]), "zh")

    def _pick(self, name: str, key: str) -> str:
        return str(self.rng.choice(pieces()[name][key]))

    def _filled(self, text: str, key: str) -> str:
        numbers = {
            "n": self.rng.randint(2, 9), "m": self.rng.randint(2, 5), "k": self.rng.randint(2, 6),
            "h": self.rng.randint(8, 22), "d": self.rng.randint(1, 28),
        }  # fmt: skip
        shown = {one: str(number) for one, number in numbers.items()}
        if key == "bo":
            shown = {one: number.translate(BO_DIGITS) for one, number in shown.items()}
        return text.format(**shown)
