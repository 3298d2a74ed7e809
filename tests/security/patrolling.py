"""A plan of rounds on the stage's grid: one round that was missed, and those ahead."""

import io
import wave
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lingka.accounts import selectors as accounts
from lingka.areas.models import Place
from lingka.cases import actions as cases
from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.patrols import actions, editing, xlsform
from lingka.patrols.actions.publishing import shipped
from lingka.patrols.models import Round
from tests.cases.city import City, names


def rounds(city: City) -> dict[str, Any]:
    """Ids of the plan, of a round ahead and of the one that nobody walked."""
    place = Place.objects.get(grid=city.grid)
    with clock.at(clock.now() - timedelta(days=1)):
        body = {
            "name": names("日常巡查"), "kind": "daily", "rule": "FREQ=DAILY", "level": "grid",
            "area": city.grid.pk, "unit": city.units["office"].pk, "ends_on": None,
            "begins_on": str(accounts.today()), "holidays": "keep", "from": "00:10",
            "until": "00:20", "stops": [{"place": place.pk, "checklist": "road_ice", "note": {}}],
        }  # fmt: skip
        plan = actions.make_plan(body, actor=SYSTEM, reason="每天看一遍")
    actions.close_missed()
    mine = Round.objects.filter(plan__uuid=plan).order_by("day")
    entry = actions.make_entry(
        "parking", place.pk, state="open", values={"bays": 12}, actor=SYSTEM
    )  # fmt: skip
    drive = actions.make_drive(
        names("联合整治"), city.grid.pk, accounts.today(), accounts.today(), actor=SYSTEM
    )  # fmt: skip
    return {
        "drive": drive, "plan": plan, "missed": mine[0].uuid, "round": mine[3].uuid,
        "entry": entry,
        **_look(place.pk), "sound": actions.keep_sound(tone(), actor=SYSTEM),
    }  # fmt: skip


def _look(place: int) -> dict[str, Any]:
    """A checklist that somebody filled in there, with a photo of a thing."""
    photo = cases.add_attachment(stage_photo(), actor=SYSTEM, kind="photo")
    asked = ("clean", "order", "facilities", "commitment", "sign", "barrier_free", "engine_lane")
    answers: dict[str, Any] = {key: {"value": "yes"} for key in asked}
    answers["clean"]["photos"] = [str(photo)]
    key = uuid7()
    actions.submit_checklist(
        actor=SYSTEM, key=key, checklist="parking_shopfront", version=1, place=place,
        answers=answers, attachments=[photo],
    )  # fmt: skip
    return {"look": key, "look_photo": photo}


def stage_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (120, 130, 90)).save(out, "JPEG")
    return out.getvalue()


def tone(seconds: float = 0.3) -> bytes:
    """A recording in which nothing is said."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\x10\x20" * int(8000 * seconds))
    return out.getvalue()


def plan_form(stage: Any) -> dict[str, Any]:
    place = stage.things["place_id"]
    return {
        **{f"name_{code}": "巡查" for code in ("zh-hans", "bo", "en")},
        "kind": "daily", "level": "grid", "unit": stage.city.units["office"].pk,
        "repeat": "daily", "begins_on": "2026-11-01", "from_hour": "09:00",
        "until_hour": "18:00", "holidays": "skip", "reason": "路滑", "key": str(uuid7()),
        f"place_{place}": "1", f"checklist_{place}": "",
    }  # fmt: skip


def spreadsheet() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.xlsx", xlsform.write("road_ice", shipped()["road_ice"]))


def checklist_form(body: dict[str, Any] | None = None) -> dict[str, Any]:
    """A checklist as its form sends it: that of icy roads, where none is given."""
    shown = editing.Shown(body or shipped()["road_ice"])
    sent = {"do": "publish", "reason": "改字", "count": str(len(shown.items))}
    sent |= {f"fits-{kind}": "1" for kind in shown.fits}
    fields = [*shown.title, *shown.about]
    for texts, day in shown.sources:
        fields += [*texts, day]
    for part in shown.items:
        fields += [part.key, part.options, part.fails, part.asked, *part.numbers, *part.hazard]
        fields += [one for row in part.texts for one in row]
        at = f"item-{part.at}"
        sent |= {f"{at}-kind": part.kind, f"{at}-photo": part.photo, f"{at}-level": part.level}
        sent |= {f"{at}-{name}": "1" for name, ticked in part.marks.items() if ticked}
    return sent | {one.name: one.value for one in fields}


def drive_form(_stage: Any) -> dict[str, Any]:
    named = {f"name_{code}": "联合整治" for code in ("zh-hans", "bo", "en")}
    return named | {"begins_on": "2026-11-01", "ends_on": "2026-11-30", "key": str(uuid7())}


def joining_form(stage: Any) -> dict[str, Any]:
    place = Place.objects.get(pk=stage.things["place_id"])
    return {
        "do": "join", "unit": stage.city.units["office"].pk, "area": stage.city.grid.pk,
        "place_kind": place.kind, "checklist": "", "rule": "FREQ=DAILY", "from_hour": "09:00",
        "until_hour": "18:00",
    }  # fmt: skip


# What is sent to their pages; called with the stage.
BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "/desk/checklists/new": lambda _stage: checklist_form(),
    "/desk/checklists/<key>/edit": lambda _stage: checklist_form(),
    "/desk/checklists/import": lambda _stage: {"file": spreadsheet()},
    "/desk/rounds/month/": lambda _stage: {
        "words": "每周多看一次",
        "becomes": "case",
        "case_type": "light.out",
    },
    "/desk/registers/entries/<uuid>/": lambda _stage: {
        "do": "save",
        "state": "full",
        "version": "1",
    },
    "/desk/registers/<register>/": lambda _stage: {"state": "kept"},
    "/desk/rounds/drives/new": drive_form,
    "/desk/rounds/drives/<uuid>/": joining_form,
    "/desk/rounds/plans/new": plan_form,
    "/desk/rounds/plans/<uuid>/": plan_form,
    "/desk/rounds/<uuid>/explain": lambda _stage: {"excuse": "weather"},
}
