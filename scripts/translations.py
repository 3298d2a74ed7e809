"""Extract, compile and check the catalogues of all modules.

    python scripts/translations.py extract   # update lingka/<module>/locale/*/LC_MESSAGES/django.po
    python scripts/translations.py compile   # write the .mo files that Django reads
    python scripts/translations.py check     # fail on anything a reader would stumble over
    python scripts/translations.py missing   # list what still needs a translation
    python scripts/translations.py fill FILE # take translations from a table: source|zh_Hans|bo

Sources are English. Babel does the work of xgettext and msgfmt, so that pip is enough.
"""

import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "lingka"
ALLOWED = Path(__file__).with_name("translations_allowed.txt")
LANGUAGES = ("zh_Hans", "bo")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>")
LETTER = re.compile(r"[^\W\d_]")
TIBETAN = re.compile(r"[\u0f40-\u0fbc]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")

Key = tuple[str, str | None]


def modules() -> list[Path]:
    return sorted(p.parent for p in SOURCES.glob("*/__init__.py"))


def python_of(file: Path) -> str:
    """A template becomes lines of calls; the brackets keep its indentation from mattering."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return text
    from django.utils.translation.template import templatize

    lines = templatize(text, origin=str(file)).splitlines()
    return "(\n" + "\n".join(line.strip() for line in lines) + "\n)"


def template_catalogue(module: Path) -> Catalog:
    """What the code of one module has to say, without translations."""
    catalogue = Catalog(project="Lingka", charset="utf-8")
    for file in sorted(module.rglob("*")):
        if file.suffix not in {".py", ".html", ".txt"} or "migrations" in file.parts:
            continue
        if file.suffix == ".txt" and "templates" not in file.parts:
            continue
        source = io.BytesIO(python_of(file).encode())
        try:
            found = list(
                extract("python", source, keywords=KEYWORDS, options={"encoding": "utf-8"})
            )
        except Exception as fault:  # a file in the middle of being written
            raise SystemExit(f"{file}: {fault}") from fault
        for _line, message, _comments, context in found:
            if message and message != ("", ""):
                name = file.relative_to(ROOT).as_posix()
                catalogue.add(message, locations=[(name, 0)], context=context)
    return catalogue


def file_of(module: Path, language: str) -> Path:
    return module / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    if not path.is_file():
        return Catalog(locale=language, project="Lingka", charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def dump(catalogue: Catalog, path: Path) -> None:
    """Sorted by source and without dates, so that a diff shows only what changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, omit_header=True, include_lineno=False)
    plural = "nplurals=1; plural=0;"
    head = (
        f'msgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n'
        f'"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: {plural}\\n"\n\n'
    )
    path.write_text(head + out.getvalue().decode().strip() + "\n", encoding="utf-8")


def update(module: Path, language: str, template: Catalog) -> None:
    path = file_of(module, language)
    old, new = read(path, language), Catalog(locale=language, project="Lingka", charset="utf-8")
    if not len(template) and not path.is_file():
        return
    for message in template:
        if message.id:
            known = old.get(first(message), message.context)
            said = known.string if known is not None else ""
            if isinstance(message.id, tuple) and isinstance(said, str):
                said = (said,)
            new.add(message.id, said, message.locations, message.flags, context=message.context)
    dump(new, path)


def first(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def said(message: Message | None) -> str:
    if message is None:
        return ""
    text = message.string
    return (text[0] if text else "") if isinstance(text, tuple | list) else text or ""


def key(message: Message) -> Key:
    return first(message), message.context


def compile_all() -> int:
    """Write every .mo; returns how many. Cheap enough to do at each start of the tests."""
    count = 0
    for path in SOURCES.glob("*/locale/*/LC_MESSAGES/django.po"):
        target = path.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns > path.stat().st_mtime_ns:
            continue
        catalogue = read(path, path.parent.parent.name)
        with target.open("wb") as stream:
            write_mo(stream, catalogue)
        count += 1
    return count


def letters(text: str) -> bool:
    return bool(LETTER.search(PLACEHOLDER.sub("", text)))


def faults_of(language: str, message: Message, allowed: set[str]) -> Iterator[str]:
    """What is wrong with one translation."""
    source, text = first(message), said(message)
    if message.fuzzy:
        yield "fuzzy"
    if not text:
        yield "untranslated"
        return
    if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text)):
        singular = message.id[0] if isinstance(message.id, tuple | list) else None
        if singular is None or sorted(PLACEHOLDER.findall(message.id[1])) != sorted(
            PLACEHOLDER.findall(text)
        ):
            yield "placeholders differ"
    script = TIBETAN if language == "bo" else CHINESE
    if letters(source) and not script.search(text) and text not in allowed:
        yield "no letter of the language"


def allowed_texts() -> set[str]:
    """Translations that may repeat or need no letters of the language, each with its reason."""
    lines = ALLOWED.read_text(encoding="utf-8").splitlines()
    return {line.split(" | ")[0] for line in lines if line and not line.startswith("#")}


def check() -> list[str]:
    faults: list[str] = []
    allowed = allowed_texts()
    meanings: dict[str, dict[str, set[Key]]] = {code: defaultdict(set) for code in LANGUAGES}
    voices: dict[tuple[str, Key], set[str]] = defaultdict(set)
    for module in modules():
        wanted = {key(m) for m in template_catalogue(module) if m.id}
        for language in LANGUAGES:
            path = file_of(module, language)
            name = path.relative_to(ROOT)
            messages = [m for m in read(path, language) if m.id]
            have = {key(m) for m in messages}
            faults += [f"{name}: not extracted: {s!r}" for s, _ in sorted(wanted - have, key=str)]
            faults += [f"{name}: no longer used: {s!r}" for s, _ in sorted(have - wanted, key=str)]
            for message in messages:
                faults += [
                    f"{name}: {fault}: {first(message)!r}"
                    for fault in faults_of(language, message, allowed)
                ]
                meanings[language][said(message)].add(key(message))
                voices[language, key(message)].add(said(message))
    faults += repeats(meanings["bo"], allowed)
    faults += [
        f"{language}: {source!r} is said in {len(texts)} ways: {' / '.join(sorted(texts))}"
        for (language, (source, _)), texts in voices.items()
        if len(texts - {""}) > 1
    ]
    return faults


def repeats(meanings: dict[str, set[Key]], allowed: set[str]) -> list[str]:
    """One Tibetan text for different sources is how a machine hides what it does not know."""
    return [
        f"bo: {text!r} stands for {len(keys)} sources: {sorted(str(s) for s, _ in keys)}"
        for text, keys in sorted(meanings.items())
        if text and text not in allowed and len({plain(s) for s, _ in keys}) > 1
    ]


def plain(source: str) -> str:
    """Sources that differ in case, article or closing mark only count as one."""
    return source.casefold().removeprefix("the ").rstrip(".:?! …")


def missing() -> list[str]:
    return [
        f"{file_of(module, language).relative_to(ROOT)}: {first(message)!r}"
        for module in modules()
        for language in LANGUAGES
        for message in read(file_of(module, language), language)
        if message.id and not said(message)
    ]


def fill(table: Path) -> int:
    """Take `source|zh_Hans|bo` lines of a translator's table into all modules.

    A source with a context is written `context^source`. What is translated already stays, unless
    the line ends with `|!`.
    """
    rows = [line.split("|") for line in table.read_text(encoding="utf-8").splitlines() if line]
    known = {row[0]: dict(zip(LANGUAGES, row[1:3], strict=True)) for row in rows}
    firm = {row[0] for row in rows if row[3:] == ["!"]}
    count = 0
    for module in modules():
        for language in LANGUAGES:
            path = file_of(module, language)
            if not path.is_file():
                continue
            catalogue = read(path, language)
            for message in catalogue:
                name = f"{message.context}^{first(message)}" if message.context else first(message)
                text = known.get(name, {}).get(language) if message.id else None
                if text and text != said(message) and (name in firm or not said(message)):
                    message.string = (text,) if isinstance(message.id, tuple | list) else text
                    count += 1
            dump(catalogue, path)
    return count


def extract_all() -> None:
    for module in modules():
        template = template_catalogue(module)
        for language in LANGUAGES:
            update(module, language, template)


def main() -> int:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "extract":
        extract_all()
        print(f"{len(missing())} texts need a translation")
    elif command == "compile":
        print(f"{compile_all()} catalogues compiled")
    elif command == "fill":
        print(f"{fill(Path(sys.argv[2]))} texts taken")
    elif command in {"check", "missing"}:
        lines = check() if command == "check" else missing()
        print("\n".join(lines) or "all texts are translated")
        return 1 if lines and command == "check" else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
