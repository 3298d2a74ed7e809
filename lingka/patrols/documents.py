"""The ledger of a joint drive as files: each hazard that it found, until it is struck off."""

import io

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook

from lingka.areas import selectors as areas
from lingka.cases import selectors as cases
from lingka.cases.documents import Ledger, columns, printed
from lingka.cases.selectors import Progress
from lingka.core import codes, saying
from lingka.core.text import pick
from lingka.patrols.selectors import drives
from lingka.patrols.selectors.drives import Account, DriveInfo
from lingka.patrols.sheets import laid_out, plain


def paper(one: DriveInfo, account: Account) -> bytes:
    """A PDF: what is open first, then what was struck off."""
    rows = _hazards(one, account)
    groups = [
        (_("Not yet struck off"), [row for row, over in rows if not over]),
        (_("Struck off"), [row for row, over in rows if over]),
    ]
    about = " · ".join([_span(one), *_counted(account)])
    return printed(Ledger(pick(one.name), about, columns(), groups, _("None just now")))


def book(one: DriveInfo, account: Account) -> bytes:
    """An Excel file: a sheet of the hazards, and one of what each unit looked at."""
    made = Workbook()
    hazards = made.active
    assert hazards is not None  # a new book has one
    hazards.title = _("Hazards")[:31]
    hazards.append(columns())
    for row, _over in _hazards(one, account):
        hazards.append([plain(cell) for cell in row])
    units = made.create_sheet(_("Each unit")[:31])
    units.append([_("Unit"), _("Checklist"), _("Places"), _("Visited"), _("Hazards"),
                  _("Still open")])  # fmt: skip
    for part in account.parts:
        units.append([
            plain(part.unit), plain(part.checklist), len(part.places), len(part.visited),
            len(part.hazards), part.open,
        ])  # fmt: skip
    for sheet in (hazards, units):
        laid_out(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _hazards(one: DriveInfo, account: Account) -> list[tuple[list[str], bool]]:
    """A row for each, in the order of the page, and whether it is over."""
    found = cases.progress_of(each.uuid for each in account.hazards)
    asked = drives.faults(one.uuid)
    return [
        (_row(found[each.uuid], asked.get(each.uuid, "")), each.over)
        for each in account.hazards
        if each.uuid in found
    ]


def _row(one: Progress, asked: str) -> list[str]:
    """By which question it was found, and not in which words: many units read it."""
    return [
        codes.pretty(one.number), one.where, asked, one.unit, one.state_label,
        saying.day(one.opened_at), saying.day(one.due) if one.due else "—",
        saying.day(one.closed_at) if one.closed_at else "—",
    ]  # fmt: skip


def _span(one: DriveInfo) -> str:
    days = [date_format(day, "Y-m-d") for day in (one.begins_on, one.ends_on)]
    return f"{pick(areas.area(one.area_id).name)} · {days[0]} – {days[1]}"


def _counted(account: Account) -> list[str]:
    said = _("%(unit)s: %(done)s of %(all)s places")
    return [
        said % {"unit": part.unit, "done": len(part.visited), "all": len(part.places)}
        for part in account.parts
    ]
