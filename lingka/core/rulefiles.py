"""Rules as YAML that people write: read with care, and written as one would by hand."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from lingka.core.faults import LANGUAGES, Fault, Faults, Unreadable
from lingka.core.problems import Problem

LARGEST = 300_000  # bytes; the largest that comes with the package has a tenth of it
WIDE = 100  # signs a line, as far as words allow
SHORT = 70  # signs of what fits into a line with others
FIRST = ("key", "name")  # what a file begins with
DEEPEST = 30
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parsed(given: bytes | str) -> dict[str, Any]:
    """What a file says; a Problem with the line where it says nothing that rules can say."""
    if len(given) > LARGEST:
        raise _unreadable(_("This file is too large for rules."))
    try:
        text = given.decode("utf-8-sig") if isinstance(given, bytes) else given
        root = yaml.compose(text, Loader=_LOADER)
        faults = list(_faults(root, set()))
        body = None if faults else _plain(yaml.load(text, Loader=_LOADER))  # noqa: S506 - a safe one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        said = _("here the writing of YAML breaks off: look at colons, brackets and indents")
        raise _unreadable(_not_yaml(), Fault("yaml", _line(line), str(said))) from None
    except Unreadable as error:
        raise _unreadable(_not_yaml(), Fault("yaml", "", str(error))) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise _unreadable(_not_yaml()) from None
    if faults:
        raise _unreadable(_not_yaml(), *faults)
    if not isinstance(body, dict):
        raise _unreadable(_not_yaml())
    return body


def _not_yaml() -> Any:
    return _("This cannot be read as a file of rules (YAML).")


def _unreadable(message: Any, *faults: Fault) -> Problem:
    return Problem("unreadable", message, status=422, faults=[str(one) for one in faults])


def _line(number: int) -> str:
    return str(_("line %(line)s") % {"line": number})


def _faults(node: yaml.Node | None, seen: set[int], depth: int = 0) -> Faults:
    """What YAML would take silently: one name twice, one thing in two places, other tags."""
    if node is None:
        return
    if id(node) in seen or depth > DEEPEST:
        said = _("no anchors and no endless nesting here, write it out")
        yield Fault("yaml", _line(node.start_mark.line + 1), str(said))
        return
    if isinstance(node, yaml.MappingNode):
        seen.add(id(node))
        yield from _names([name for name, _value in node.value])
        for _name, value in node.value:
            yield from _faults(value, seen, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        seen.add(id(node))
        for one in node.value:
            yield from _faults(one, seen, depth + 1)


def _names(names: Sequence[yaml.Node]) -> Faults:
    said = set[str]()
    for name in names:
        line = _line(name.start_mark.line + 1)
        if not isinstance(name, yaml.ScalarNode) or name.tag != "tag:yaml.org,2002:str":
            yield Fault("yaml", line, str(_("a name is a word; put it in quotation marks")))
        elif name.value in said:
            twice = _("“%(name)s” stands here twice") % {"name": name.value}
            yield Fault("yaml", line, str(twice))
        else:
            said.add(name.value)


def _plain(value: Any) -> Any:
    """As JSON has it: days and moments as text."""
    if isinstance(value, Mapping):
        return {_sound(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str):
        return _sound(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) < 2**53:  # what JSON keeps exactly
        return value
    raise Unreadable(_("“%(value)s” is neither text nor a number"), value=str(value)[:40])


def _sound(text: str) -> str:
    """Text that a database takes: no half signs and no zeros."""
    text.encode()
    if "\0" in text:
        raise Unreadable(_("there is a sign in it that no text has"))
    return text


class _Writer(yaml.SafeDumper):
    """Indents lists, and never points from one place to another."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _mapping(writer: _Writer, value: Mapping[str, Any]) -> yaml.Node:
    """Texts in several languages in one line."""
    spoken = bool(value) and set(value) <= set(LANGUAGES)
    order = LANGUAGES if spoken else FIRST
    known = [name for name in order if name in value]
    pairs = {name: value[name] for name in (*known, *(one for one in value if one not in known))}
    node = writer.represent_mapping("tag:yaml.org,2002:map", pairs.items())
    node.flow_style = spoken or _short(value)
    return node


def _short(value: Mapping[str, Any]) -> bool:
    """Few plain values: {basis: working_days, amount: 3}."""
    plain = all(isinstance(one, int | str) for one in value.values())
    return plain and sum(len(f"{name}: {one}, ") for name, one in value.items()) <= SHORT


def _sequence(writer: _Writer, value: list[Any]) -> yaml.Node:
    plain = not any(isinstance(one, Mapping | list) for one in value)
    return writer.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=plain)


_Writer.add_representer(dict, _mapping)
_Writer.add_representer(list, _sequence)


def written(body: Mapping[str, Any]) -> str:
    """Rules as a file that `parsed` reads again."""
    text = yaml.dump(
        _ordered(body), Dumper=_Writer, allow_unicode=True, width=WIDE, sort_keys=False
    )
    return str(text)


def _ordered(value: Any) -> Any:
    """The entries in their author's order, noted beside them in what is kept; at any depth."""
    if isinstance(value, list):
        return [_ordered(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    made = {name: _ordered(one) for name, one in value.items()}
    if not _is_order(value.get("order")):
        return made
    for part, keys in made.pop("order").items():
        known = [key for key in keys if key in made.get(part, {})]
        rest = [key for key in made.get(part, {}) if key not in known]
        made[part] = {key: made[part][key] for key in (*known, *rest)}
    return made


def _is_order(value: Any) -> bool:
    """A list of keys for each part; anything else of that name is a rule."""
    return isinstance(value, Mapping) and all(isinstance(one, list) for one in value.values())
