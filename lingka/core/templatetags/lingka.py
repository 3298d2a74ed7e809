"""Tags and filters of the component sheet; `/components/` shows each of them at work."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from lingka.core import codes, listings, saying, sections, text
from lingka.core.clockviews import ClockView

register = template.Library()
ADDRESS = re.compile(r"https?://[!-;=?-~]*[/\w=-]", re.ASCII)
CORE = Path(__file__).resolve().parent.parent
NAMES = dict(settings.LANGUAGES)
TONES = {
    "running": "wrench",
    "soon": "clock",
    "late": "triangle-alert",
    "done": "check",
    "suspended": "pause",
}


@cache
def _icons() -> dict[str, str]:
    icons: dict[str, str] = json.loads((CORE / "icons.json").read_text())
    return icons


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A Lucide drawing beside a word; silent for screen readers, which read the word.

    A name that is not there (it may come from data) gives a plain sign, never a broken page.
    """
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" icon-{size}" if size else "",
        mark_safe(_icons().get(name) or _icons()["info"]),  # noqa: S308 - our own file
    )


@cache
def _picture(name: str) -> SafeString:
    file = CORE / "templates" / "core" / "pictures" / f"{name}.svg"
    if not file.is_file():
        file = file.with_name("other.svg")
    return SafeString(file.read_text().strip())


@register.simple_tag
def picture(name: str) -> SafeString:
    """A two-tone drawing of what a matter is about; an unknown name gives "something else"."""
    return format_html(
        '<svg class="picture" viewBox="0 0 64 64" aria-hidden="true" focusable="false">{}</svg>',
        _picture(str(name)),
    )


@register.inclusion_tag("core/components/clock_bar.html")
def clock_bar(clock: ClockView) -> dict[str, Any]:
    return {"clock": clock}


@register.simple_tag(takes_context=True)
def desk_sections(context: template.Context) -> sections.Shown:
    """The desk's parts for this reader; a page may say where it belongs and what it counted."""
    request = context.get("request")
    if request is None:
        return sections.Shown([], [], [])
    return sections.shown(request, context.get("section") or "", context.get("section_counts"))


@register.inclusion_tag("core/components/excel.html", takes_context=True)
def excel(context: template.Context) -> dict[str, Any]:
    """The list that a page is of, as a file: with the page's filters, for whoever may have it.
    A page that says `listing` puts the button in its own place."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if request is None or match is None or "listing" in context:
        return {}
    found = listings.of_page(match.view_name)
    if found is None or not found.open_to(getattr(request, "posts", ())):
        return {}
    asked = urlencode({**match.kwargs, **request.GET.dict()})
    return {"listing": found.key, "query": asked, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def tag_sign(word: str, tone: str = "", icon_name: str = "") -> SafeString:
    """A word with a sign. Four tones (running, soon, late, done); anything else is neutral."""
    name = icon_name or TONES.get(tone, "")
    sign = icon(name, "small") if name else ""
    css = f" tag-{tone}" if tone in {"running", "soon", "late", "done"} else ""
    return format_html('<span class="tag{}">{}{}</span>', css, sign, word)


@register.inclusion_tag("core/components/field.html")
def field(bound: BoundField, optional: str = "") -> dict[str, Any]:
    """Label above (of a box to tick beside it), help below, the error with it; all is read out."""
    described = [f"{bound.id_for_label}_help"] if bound.help_text else []
    described += [f"{bound.id_for_label}_error"] if bound.errors else []
    attrs: dict[str, str | bool] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=attrs),
        "optional": optional,
        "ticked": isinstance(bound.field.widget, CheckboxInput),
    }


@register.simple_tag
def forbidden(label: str, reason: str, icon_name: str = "lock") -> SafeString:
    """An action that is refused just now: visible, dashed, with its reason; not a control."""
    return render_to_string(
        "core/components/forbidden.html", {"label": label, "reason": reason, "icon": icon_name}
    )


@register.filter
def authored(names: Mapping[str, str] | None) -> str:
    """Text of the town in the reader's language."""
    return text.pick(names) if names else ""


@register.filter
def written(words: str) -> SafeString:
    """What somebody wrote, marked with its language; where that is not the reader's, it is said."""
    language = text.language_of(words)
    said = linebreaksbr(words, autoescape=True)
    if not language or language == get_language():
        return said
    name = format_html('<small class="note" lang="{}">{}</small>', language, NAMES[language])
    return format_html('<span lang="{}">{}</span> {}', language, said, name)


@register.filter
def linked(words: str) -> SafeString:
    """Plain text whose addresses are links, whatever sign stands before them: Chinese writes none
    of the blanks by which `urlize` knows where one begins."""
    said = linebreaksbr(words, autoescape=True)
    return mark_safe(ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', said))  # noqa: S308 — escaped above


@register.filter
def pretty(code: str) -> str:
    """A short code as it is printed and read out: "5KX8-7M"."""
    return codes.pretty(code)


@register.filter
def moment(value: datetime | None) -> str:
    return saying.moment(value) if value else ""


@register.filter
def when(value: datetime | None) -> str:
    return saying.when(value) if value else ""


@register.filter
def day(value: datetime | date | None) -> str:
    return saying.day(value) if value else ""


@register.filter
def span(seconds: float | None) -> str:
    return saying.span(int(seconds)) if seconds is not None else ""


@register.filter
def iso(value: datetime | None) -> str:
    """For `<time datetime>`."""
    return value.isoformat() if value else ""


@cache
def _manifest() -> dict[str, dict[str, Any]]:
    file = CORE / "static" / "core" / "dist" / "manifest.json"
    if not file.is_file():
        return {}
    manifest: dict[str, dict[str, Any]] = json.loads(file.read_text())
    return manifest


@register.simple_tag
def bundle(name: str) -> SafeString:
    """Script and styles of one built entry; nothing when not built: pages work without."""
    if settings.DEBUG:
        _manifest.cache_clear()
    entry = _manifest().get(f"src/{name}.ts")
    if entry is None:
        return SafeString("")
    styles = format_html_join(
        "",
        '<link rel="stylesheet" href="{}">',
        ((static(f"core/dist/{css}"),) for css in entry.get("css", [])),
    )
    return format_html(
        '{}<script type="module" src="{}"></script>', styles, static(f"core/dist/{entry['file']}")
    )
