"""Checklists to and from XLSForm, the spreadsheet that field tools share (https://xlsform.org).

What XLSForm has no word for stands in columns of our own, `lingka_…`, which other tools leave
alone. What is read need not be whole: the editor shows what is missing.
"""

import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from pyxform.errors import PyXFormError  # type: ignore[import-untyped]
from pyxform.xls2xform import convert  # type: ignore[import-untyped]

from lingka.core.problems import Problem
from lingka.patrols.checklists import SCHEMA

LARGEST, LARGEST_INSIDE = 2_000_000, 20_000_000
Body = Mapping[str, Any]
Item = Mapping[str, Any]
CHECKS = {True: "lingka_check", False: "lingka_check_always"}  # may it not apply?
ANSWERS = {
    "yes": {"zh-hans": "没问题 / 是", "bo": "འགྲིག / རེད།", "en": "In order / yes"},
    "no": {"zh-hans": "有问题 / 不是", "bo": "མི་འགྲིག / མ་རེད།", "en": "Not in order / no"},
    "none": {"zh-hans": "不适用", "bo": "མི་འཕྲོད།", "en": "Does not apply"},
}
TYPES = {  # pyxform's words for kinds, as read
    "integer": "number", "decimal": "number", "text": "text", "string": "text", "date": "date",
    "photo": "photo", "image": "photo", "note": "note",
}  # fmt: skip
WRITTEN = {"number": "decimal", "text": "text", "date": "date", "photo": "image", "note": "note"}
PLAIN = ("photo", "weight", "longest", "failed", "level", "good_from", "good_to", "fails")
HIDE = {ord(sign): 0xE000 + at for at, sign in enumerate("“”‘’")}
SHOW = {to: sign for sign, to in HIDE.items()}
M4A = ".m4a"
SPOKEN = ("label", "hint", "lingka_say", "lingka_unit", "lingka_article", "lingka_hazard")


# -- writing ---------------------------------------------------------------------------------


def write(key: str, body: Body) -> bytes:
    """A checklist as an Excel file."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    heard = any(item.get("audio") for item in body["items"])
    _sheet(book, "survey", [
        [*_columns(), *(_spoken("media::audio") if heard else [])],
        *([*_row(item, body), *_files(item)] for item in body["items"]),
    ])  # fmt: skip
    _sheet(book, "choices", list(_choices(body)))
    tongue = _tongue(settings.LANGUAGE_CODE)
    names = {code: body["title"].get(code, "") for code, _name in settings.LANGUAGES}
    _sheet(book, "settings", [
        ["form_title", "form_id", "default_language"],
        [names[settings.LANGUAGE_CODE], key.replace("-", "_"), tongue],
    ])  # fmt: skip
    book.close()
    return out.getvalue()


def _sheet(book: Any, name: str, rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(name)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if value not in ("", None):
                sheet.write_string(at, column, str(value))
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 40, 24)


def _tongue(code: str) -> str:
    return f"{dict(settings.LANGUAGES)[code]} ({code})"


def _spoken(name: str) -> list[str]:
    return [f"{name}::{_tongue(code)}" for code, _name in settings.LANGUAGES]


def _columns() -> list[str]:
    spoken = [column for name in SPOKEN for column in _spoken(name)]
    own = [f"lingka_{name}" for name in PLAIN]
    return ["type", "name", "required", "relevant", "constraint", *spoken, *own]


def _files(item: Item) -> list[str]:
    """Recordings by the names that they are handed out under; other tools take them along."""
    audio = item.get("audio", {})
    return [f"{audio[code]}{M4A}" if code in audio else "" for code, _name in settings.LANGUAGES]


def _row(item: Item, body: Body) -> list[Any]:
    hazard = item.get("hazard") or {}
    texts = [
        item["text"], item.get("hint"), item.get("say"), item.get("unit"), item.get("article"),
        hazard.get("name"),
    ]  # fmt: skip
    spoken = [(text or {}).get(code, "") for text in texts for code, _name in settings.LANGUAGES]
    good = item.get("good", {})
    fails = item.get("fails", ()) if item["kind"] in {"check", "date"} else ()
    own = [
        item.get("photo", ""), item.get("weight", ""), item.get("longest", ""),
        " ".join(_failed(item)), hazard.get("level", ""), good.get("from", ""),
        good.get("to", ""), " ".join(fails),
    ]  # fmt: skip
    required = "yes" if item["kind"] != "note" and item.get("required", True) else ""
    return [_type(item), item["key"], required, _relevant(item, body), _limits(item), *spoken, *own]


def _type(item: Item) -> str:
    kind = item["kind"]
    if kind == "check":
        return f"select_one {CHECKS[item.get('none', True)]}"
    if kind in {"choice", "choices"}:
        return f"select_{'one' if kind == 'choice' else 'multiple'} {item['key']}"
    return "integer" if kind == "number" and item.get("whole") else WRITTEN[kind]


def _limits(item: Item) -> str:
    parts = [(">=", item.get("least")), ("<=", item.get("most"))]
    return " and ".join(f". {sign} {limit}" for sign, limit in parts if limit is not None)


def _failed(item: Item) -> list[str]:
    """Conditions that XLSForm cannot say: "hose" failed, "!hose" did not."""
    asked = [one for one in item.get("if", ()) if "failed" in one]
    return [one["item"] if one["failed"] else f"!{one['item']}" for one in asked]


def _relevant(item: Item, body: Body) -> str:
    kinds = {one["key"]: one["kind"] for one in body["items"]}
    said = [_one_relevant(one, kinds) for one in item.get("if", ()) if "failed" not in one]
    return " and ".join(said)


def _one_relevant(condition: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
    name = f"${{{condition['item']}}}"
    if "above" in condition:
        return f"{name} > {condition['above']}"
    if "below" in condition:
        return f"{name} < {condition['below']}"
    several = kinds[condition["item"]] == "choices"
    each = [
        f"selected({name}, '{one}')" if several else f"{name} = '{one}'"
        for one in condition["is"]
    ]  # fmt: skip
    return each[0] if len(each) == 1 else f"({' or '.join(each)})"


def _choices(body: Body) -> Iterator[list[Any]]:
    codes = [code for code, _name in settings.LANGUAGES]
    yield ["list_name", "name", *_spoken("label"), "lingka_fails"]
    for may_miss, name in CHECKS.items():
        for key, texts in ANSWERS.items():
            if may_miss or key != "none":
                yield [name, key, *(texts[code] for code in codes), ""]
    for item in body["items"]:
        for one in item.get("options", ()):
            fails = "yes" if one["key"] in item.get("fails", ()) else ""
            yield [item["key"], one["key"], *(one["text"].get(code, "") for code in codes), fails]


# -- reading ---------------------------------------------------------------------------------


def read(file: bytes) -> dict[str, Any]:
    """A checklist's body from an XLSForm; what it does not say is empty.

    Raises Problem "xlsform" (422) for what is no XLSForm, or asks for what we do not have.
    """
    _guard(file)
    try:
        form = convert(xlsform=_hidden(file), validate=False, file_type=".xlsx")._pyxform  # noqa: SLF001 - the form as read; it says it nowhere else
    except (PyXFormError, KeyError, ValueError, InvalidFileException) as error:
        said = _("This is no XLSForm: %(why)s") % {"why": str(error)[:300]}
        raise _refused(said) from error
    first = _code(form.get("default_language") or settings.LANGUAGE_CODE)
    title = form.get("title") or ""
    items = list(_items(form.get("children", ()), first, []))
    return {
        "schema": SCHEMA, "title": _texts(title, first), "about": {}, "fits": [], "sources": [],
        "items": items,
    }  # fmt: skip


def _refused(said: Any) -> Problem:
    return Problem("xlsform", said, field="file", status=422)


def _guard(file: bytes) -> None:
    """Neither too large nor much larger inside."""
    try:
        inside = sum(one.file_size for one in zipfile.ZipFile(io.BytesIO(file)).infolist())
    except zipfile.BadZipFile as error:
        raise _refused(_("This is no Excel file (.xlsx).")) from error
    if len(file) > LARGEST or inside > LARGEST_INSIDE:
        raise _refused(_("This file is too large. At most 2 MB, please."))


def _hidden(file: bytes) -> io.BytesIO:
    """The file with its typographic quotes hidden in texts: pyxform would straighten them."""
    book, out = load_workbook(io.BytesIO(file)), io.BytesIO()
    for sheet in book.worksheets:
        for column in sheet.iter_cols():
            if str(column[0].value).startswith(("label", "hint", "lingka_", "form_title")):
                for cell in column[1:]:
                    if isinstance(cell.value, str):
                        cell.value = cell.value.translate(HIDE)
    book.save(out)
    out.seek(0)
    return out


def _code(tongue: str) -> str:
    """Of "བོད་ཡིག (bo)" the code; other ways to say Chinese are Chinese."""
    found = re.search(r"\(([\w-]+)\)\s*$", tongue)
    code = (found.group(1) if found else tongue).lower()
    if code.startswith("zh") or code == "default":
        return "zh-hans"
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _texts(said: Any, first: str) -> dict[str, str]:
    if isinstance(said, Mapping):
        return {_code(tongue): str(text).translate(SHOW) for tongue, text in said.items()}
    return {first: str(said).translate(SHOW)} if said else {}


def _items(rows: Any, first: str, above: list[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        bind = row.get("bind", {})
        if row.get("type") == "group" and row.get("name") != "meta":
            inner = [*above, *conditions(bind.get("relevant", ""), row)]
            if row.get("label"):
                words = {"kind": "note", "text": _texts(row["label"], first)}
                yield {"key": str(row["name"]).lower(), **words, **({"if": inner} if inner else {})}
            yield from _items(row.get("children", ()), first, inner)
        elif row.get("type") not in {"group", "calculate", "start", "end", "today", "deviceid"}:
            yield _read_item(row, bind, first, above)


def _read_item(
    row: Mapping[str, Any], bind: Mapping[str, Any], first: str, above: list[Any]
) -> dict[str, Any]:
    item: dict[str, Any] = {
        "key": str(row["name"]).lower(),
        "text": _texts(row.get("label"), first),
    }
    item |= _kind(row, first)
    spoken = {"hint": row.get("hint"), **{one[7:]: row.get(one) for one in SPOKEN[2:5]}}
    item |= {name: texts for name, said in spoken.items() if (texts := _texts(said, first))}
    if item["kind"] != "note" and str(bind.get("required", "")).lower() not in {"yes", "true()"}:
        item["required"] = False
    asked = [*above, *conditions(bind.get("relevant", ""), row), *_read_failed(row)]
    item |= {"if": asked} if asked else {}
    item |= _read_limits(str(bind.get("constraint", "")))
    item |= _own(row, first)
    heard = _texts((row.get("media") or {}).get("audio"), first)
    return item | (
        {"audio": {code: one.removesuffix(M4A) for code, one in heard.items()}} if heard else {}
    )


def _kind(row: Mapping[str, Any], first: str) -> dict[str, Any]:
    kind, listed = str(row.get("type")), str(row.get("list_name", ""))
    options = row.get("choices") or []
    names = [str(one["name"]) for one in options]
    if kind == "select one" and (listed in CHECKS.values() or set(names) == {"yes", "no"}):
        return {"kind": "check", **({} if "none" in names else {"none": False})}
    if kind in {"select one", "select all that apply"}:
        fails = [str(one["name"]) for one in options if one.get("lingka_fails")]
        listed_options = [
            {"key": str(one["name"]).lower(), "text": _texts(one.get("label"), first)}
            for one in options
        ]
        found = {"kind": "choice" if kind == "select one" else "choices", "options": listed_options}
        return found | ({"fails": fails} if fails else {})
    if kind not in TYPES:
        said = _("“%(name)s” is a question of a kind that checklists do not have: %(kind)s.")
        raise _refused(said % {"name": row.get("name"), "kind": kind})
    return {"kind": TYPES[kind], **({"whole": True} if kind == "integer" else {})}


def _own(row: Mapping[str, Any], first: str) -> dict[str, Any]:
    """What stands in columns of our own."""
    said = {name: str(row.get(f"lingka_{name}", "")).strip() for name in PLAIN}
    found: dict[str, Any] = {}
    if said["photo"]:
        found["photo"] = said["photo"]
    found |= {name: _number(said[name]) for name in ("weight", "longest") if said[name]}
    if said["fails"]:
        found["fails"] = said["fails"].split()
    good = {end: _number(said[f"good_{end}"]) for end in ("from", "to") if said[f"good_{end}"]}
    found |= {"good": good} if good else {}
    if said["level"]:
        found["hazard"] = {"level": said["level"], "name": _texts(row.get("lingka_hazard"), first)}
    return found


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text  # the editor says beside it that this is no number
    if not math.isfinite(number):
        return text
    return int(number) if number == int(number) else number


def _read_failed(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    named = str(row.get("lingka_failed", "")).split()
    return [{"item": one.lstrip("!"), "failed": not one.startswith("!")} for one in named]


_LIMIT = re.compile(r"\.\s*(>=|<=)\s*(-?[0-9.]+)")


def _read_limits(constraint: str) -> dict[str, Any]:
    names = {">=": "least", "<=": "most"}
    return {names[sign]: _number(number) for sign, number in _LIMIT.findall(constraint)}


_IS = re.compile(r"""\$\{(\w+)\}\s*=\s*['"](\w+)['"]""")
_SELECTED = re.compile(r"""selected\(\s*\$\{(\w+)\}\s*,\s*['"](\w+)['"]\s*\)""")
_THAN = re.compile(r"\$\{(\w+)\}\s*([<>])\s*(-?[0-9.]+)")


def conditions(relevant: str, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An XLSForm condition as ours: all of several, each one thing of one item."""
    if not relevant.strip():
        return []
    return [_condition(part.strip(), row) for part in re.split(r"\s+and\s+", relevant.strip())]


def _condition(part: str, row: Mapping[str, Any]) -> dict[str, Any]:
    inner = part[1:-1] if part.startswith("(") and part.endswith(")") else part
    if found := _THAN.fullmatch(inner):
        name, sign, number = found.groups()
        return {"item": name.lower(), "above" if sign == ">" else "below": _number(number)}
    each = [_IS.fullmatch(one.strip()) or _SELECTED.fullmatch(one.strip())
            for one in re.split(r"\s+or\s+", inner)]  # fmt: skip
    names = {found.group(1).lower() for found in each if found}
    if None in each or len(names) != 1:
        said = _("The condition of “%(name)s” cannot be taken over: %(condition)s")
        raise _refused(said % {"name": row.get("name"), "condition": part[:120]})
    return {"item": names.pop(), "is": [found.group(2) for found in each if found]}
