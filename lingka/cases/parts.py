"""Workflows made of shared parts: what several need stands once, and each may change it.

A workflow file says `uses: [talk, …]`; the parts' states and actions become its own. What it
says itself of a shared state or action goes over what the part says; `without` drops some, and
says of whole parts why they are left out: those of `SIDE`, which any workflow can use. A
`from` such as `{stages: [handling], but: [called]}` names those of the workflow's own states.
What comes out holds no trace of parts: it is what is checked, hashed and put into force.

Pure, and without Django's settings, since the scripts that draw the workflows read it too.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from lingka.core import datafiles
from lingka.core.faults import Unreadable

DATA = Path(__file__).parent / "data"
# In which order the states are listed and drawn, wherever they come from.
STAGES = ("intake", "dispatch", "handling", "verification", "suspended", "closed")
SIDE = ("move", "time", "promise", "oversight", "supervise", "merge", "split")
LISTS = ("by", "if", "effects", "needs")  # what `more` can add to

Body = Mapping[str, Any]


class PartError(Unreadable):
    """A workflow names a part, or something in a part, that is not there."""


def shipped() -> dict[str, Body]:
    """The parts that come with the package, by key."""
    found = (datafiles.read(path) for path in (DATA / "parts").glob("*.yaml"))
    return {part["key"]: part for part in found}


def expanded(body: Body, parts: Mapping[str, Body] | None = None) -> dict[str, Any]:
    """The plain workflow that a file with `uses` means; a plain one is given back as it is."""
    if "uses" not in body:
        return dict(body)
    known = shipped() if parts is None else parts
    used = [_part(key, known) for key in body["uses"]]
    if both := set(left_out(body)) & set(body["uses"]):
        raise PartError(_("“%(name)s” is both used and left out"), name=min(both))
    states = _joined(body, used, "states")
    states = dict(sorted(states.items(), key=lambda item: STAGES.index(item[1]["stage"])))
    actions = {
        key: {**action, "from": _starts(action["from"], states)}
        for key, action in _joined(body, used, "actions").items()
    }
    plain = {name: value for name, value in body.items() if name not in ("uses", "without")}
    grades = next((part["grades"] for part in used if "grades" in part), None)
    plain = plain if grades is None else {"grades": grades, **plain}
    return {**plain, "states": states, "actions": actions}


def left_out(body: Body) -> Mapping[str, str]:
    """Parts that a workflow goes without, each with why."""
    found: Mapping[str, str] = body.get("without", {}).get("parts", {})
    return found


def _part(key: str, parts: Mapping[str, Body]) -> Body:
    if key not in parts:
        raise PartError(_("there is no part “%(name)s”"), name=key)
    return parts[key]


def _joined(body: Body, used: list[Body], name: str) -> dict[str, Any]:
    """The workflow's own entries first, then the parts' in order, changed or dropped."""
    own: Mapping[str, Any] = body.get(name, {})
    shared = {key: one for part in used for key, one in part.get(name, {}).items()}
    dropped = set(body.get("without", {}).get(name, ()))
    if unknown := dropped - set(shared):
        raise PartError(_("there is no “%(name)s” to leave out"), name=min(unknown))
    made = {key: dict(one) for key, one in own.items() if key not in shared}
    for key, one in shared.items():
        if key not in dropped:
            made[key] = _changed(one, own.get(key, {}))
    return made


def _changed(shared: Body, own: Body) -> dict[str, Any]:
    """A shared entry with what the workflow says of it; `more` adds to its lists."""
    more = own.get("more", {})
    if unknown := set(more) - set(LISTS):
        raise PartError(_("nothing can be added to “%(name)s”"), name=min(unknown))
    changed = {**shared, **{name: value for name, value in own.items() if name != "more"}}
    return changed | {name: [*changed.get(name, []), *added] for name, added in more.items()}


def _starts(given: Any, states: Mapping[str, Body]) -> Any:
    """The states that a `from` names; lists, and `open`, stay as they are."""
    if not isinstance(given, Mapping):
        return given
    if unknown := set(given) - {"stages", "states", "owners", "but"}:
        raise PartError(_("nothing can start from “%(name)s”"), name=min(unknown))
    return [
        key
        for key, state in states.items()
        if key not in given.get("but", ())
        and (
            key in given.get("states", ())
            or state["stage"] in given.get("stages", ())
            or state.get("owner", "") in given.get("owners", ())
        )
    ]
