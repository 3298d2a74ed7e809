"""A town with something of every kind in it, and everybody who may come to its addresses."""

import hashlib
import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from PIL import Image

from lingka.accounts import selectors as accounts
from lingka.accounts.models import ApiKey, Post
from lingka.areas import cache
from lingka.areas.models import Area, Place
from lingka.cases import actions
from lingka.cases.models import Attachment, Receipt, SavedView
from lingka.cases.selectors import catalogue
from lingka.core import codes
from lingka.core.actors import SYSTEM, Actor
from lingka.core.ids import uuid7
from lingka.desks import actions as desks
from lingka.guides import selectors as guides
from lingka.guides.forms import initial
from lingka.insight import actions as rates
from lingka.intake import actions as intake
from lingka.intake import drafts, reporting
from lingka.notifications import devices, unsubscribing
from lingka.units import actions as unit_actions
from lingka.units import selectors as units
from lingka.units.duties import SHIPPED
from lingka.units.models import Unit
from tests.cases import city as cities
from tests.cases.city import HERE, RESIDENT, START, City, names
from tests.security import joining, patrolling, serving, sitting, telling

FORGED = "a" * 32
PASSWORD = "lamps at dusk, again"
# Who is who in the table's columns; the far one holds every role there is, over another street.
STAFF = {
    "disp": "dispatcher",
    "hand": "handler",
    "veri": "verifier",
    "supe": "supervisor",
    "lead": "leader",
    "grid": "walker",
    "admi": "administrator",
    "far": "far",
    "nopost": "nopost",
}
KEYS: dict[str, tuple[list[str], str]] = {
    "k311r": (["open311:read"], ""),
    "k311w": (["open311:write"], ""),
    "kread": (["cases:read"], "disp"),
    "kact": (["cases:act"], "disp"),
    "kfree": (["cases:read", "cases:act"], ""),
    "kfar": (["cases:read", "cases:act"], "far"),
    "kdead": (["cases:read", "cases:act", "open311:write"], "disp"),
}
TABLED = ("none", "holder", *STAFF, *KEYS)
COLUMNS = (*TABLED, "member")  # a member is a stranger wherever a row does not say otherwise
# Said once on the stage, and looked for in every answer: who may read what.
STAFF_OF_THE_CASE = frozenset({"disp", "hand", "veri", "supe", "lead", "grid"})
SECRETS: dict[str, frozenset[str]] = {
    "暗处那级台阶缺了角": STAFF_OF_THE_CASE | {"holder"},  # the reporter's words
    "格桑路九十九号": STAFF_OF_THE_CASE | {"holder"},  # the exact address
    "钥匙在值班室抽屉": STAFF_OF_THE_CASE,  # a note among colleagues
    "洪水里的一句话": frozenset({"disp", "supe"}),  # a report held for a look
    "13900001234": frozenset(),  # contacts are read one by one, with a reason
    "canary@example.org": frozenset(),
    "13900005678": frozenset(),
}
WORDS, ADDRESS, NOTE, HELD, PHONE, EMAIL, HELD_PHONE = SECRETS
ROLES_OF_ALL = (
    "dispatcher", "handler", "verifier", "supervisor", "leader", "grid_worker", "administrator",
)  # fmt: skip


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "sienna").save(out, "JPEG")
    return out.getvalue()


@dataclass
class Stage:
    """What the rows of the table name, by its short name."""

    city: City
    things: dict[str, Any] = field(default_factory=dict)
    held: dict[str, Any] = field(default_factory=dict)  # what only its holder can know
    cookies: dict[str, str] = field(default_factory=dict)
    handlers: dict[bool, Any] = field(default_factory=dict)  # by whether they ask for CSRF tokens

    def client(self, who: str, **more: Any) -> Client:
        """A browser, or a program with its key, of one column."""
        headers = {"authorization": f"Bearer {who}"} if who in KEYS else {}
        client = Client(raise_request_exception=False, headers=headers, **more)
        # Building the chain of middleware anew for each of ten thousand requests would cost.
        csrf = client.handler.enforce_csrf_checks
        client.handler = self.handlers.setdefault(csrf, client.handler)
        if who in self.cookies:
            client.cookies["member" if who == "member" else "sessionid"] = self.cookies[who]
        return client

    def thing(self, name: str, who: str) -> Any:
        """The value of an argument; secrets are known to their holder alone."""
        if name in self.held:
            return self.held[name] if who == "holder" else FORGED
        return self.things.get(name, name)


def build() -> Stage:
    """Everything in the database, through the actions where there are some."""
    city = cities.build()
    _more_places(city)
    _far_street(city)
    for who, role, unit, area in (
        ("administrator", "administrator", "hall", city.root),
        *(("far", role, "far", _area_of("540102002000")) for role in ROLES_OF_ALL),
    ):
        _give(city, who, role, unit, area)
    _give(city, "pai", "dispatcher", "office", city.street)  # on the demo's sign-in sheet
    city.staff["nopost"] = Actor("user", _user("nopost").pk)
    for user in get_user_model().objects.all():
        user.set_password(PASSWORD)
        user.save()
    stage = Stage(city)
    _cases(stage)
    stage.held["link_token"] = actions.make_link(
        stage.things["case_uuid"], actor=city.staff["dispatcher"], unit_id=city.units["light"].pk,
        note="灯", days=7,
    )  # fmt: skip
    stage.things["list"] = _list(city)
    stage.things["agreement"] = str(_agreement(city))
    stage.things["notice"] = telling.notice(city)
    stage.things["heading"] = telling.heading(city)
    things, stage.held["slot_token"] = serving.at_the_counter(city)
    stage.things |= things | serving.at_the_station(city, stage.held)
    serving.platform()
    stage.things["survey"] = telling.survey(city)
    stage.things |= telling.exchange(city) | telling.projects(city) | telling.votes(city)
    stage.things |= patrolling.rounds(city)
    stage.things["lamps"] = city.units["light"].pk
    stage.things["call_day"] = serving.call_day(city)
    stage.things["device"] = serving.phone(city)
    stage.cookies["member"], stage.things["workplace"] = joining.join(city)
    stage.things |= joining.activity(city) | sitting.at_the_table(city)
    _sign_in(stage)
    _keys(stage)
    forget()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    return stage


def _user(name: str) -> Any:
    found, _new = get_user_model().objects.get_or_create(
        username=name, defaults={"uuid": uuid7(), "name": name}
    )
    return found


def _area_of(code: str) -> Area:
    return Area.objects.get(code=code)


def _give(city: City, who: str, role: str, unit: str, area: Area) -> None:
    user = _user(who)
    post = Post.objects.create(
        user=user, role=role, unit=city.units[unit], area=area, valid_from=START
    )
    city.staff[who] = Actor("user", user.pk, post.pk)


def _more_places(city: City) -> None:
    Place.objects.create(
        uuid=uuid7(), code=codes.short_code(), kind="building", name=names("3 号院"),
        address="乙街 3 号", grid=city.grid, lon=HERE[0], lat=HERE[1],
    )  # fmt: skip


def _far_street(city: City) -> None:
    """Another street of the same district, with an office of its own."""
    district = city.street.parent
    row = Area.objects.create(
        uuid=uuid7(), code="540102002000", level="street", name=names("far"), parent=district,
        path="/", kind="", boundary=None, lon=91.5, lat=29.9, valid_from=START,
    )  # fmt: skip
    row.path = f"{district.path if district else '/'}{row.pk}/"
    row.save(update_fields=["path"])
    city.units["far"] = Unit.objects.create(
        uuid=uuid7(), key="far", kind="street_office", name=names("far"), area=row,
        calendar=city.units["light"].calendar,
    )  # fmt: skip
    forget()


def forget() -> None:
    """What this process remembers belongs to this town alone."""
    for module in (cache, units, accounts, catalogue):
        module.forget()


def _contact() -> actions.ContactData:
    return actions.ContactData(phone=PHONE, email=EMAIL)


def _cases(stage: Stage) -> None:
    city = stage.city
    pictures = [actions.add_attachment(photo(), actor=RESIDENT, kind="photo") for _ in range(2)]
    going = city.at(
        "handling", words=WORDS, address=ADDRESS, contact=_contact(), attachments=pictures[:1]
    )
    city.do(going, "note", "dispatcher", note=NOTE)
    fresh = city.open(words="一", lon=91.14)
    done = city.at("resolved", words="二", lon=91.12)
    hidden = city.open("help.papers", words="四", lon=91.11)
    receipt = Receipt.objects.get(pk=going.receipt_id)
    draft = actions.add_attachment(photo(), actor=RESIDENT, kind="photo")
    stage.things |= {
        "case": going.case_number,
        "case_uuid": str(going.case_uuid),
        "fresh": fresh.case_number,
        "fresh_uuid": str(fresh.case_uuid),
        "hidden": hidden.case_number,
        "receipt": str(receipt.uuid),
        "photo": str(Attachment.objects.get(uuid=pictures[0]).uuid),
        "loose": str(pictures[1]),
        "short": going.short_code,
        "place": Place.objects.get().code,
        "place_id": Place.objects.get().id,
        **_view(city),
        "area": city.street.pk,
        "grid_area": city.grid.pk,
        "person": city.staff["handler"].id,
        "unit": city.units["office"].pk,
        "calendar": city.units["office"].calendar_id,
        "offer": drafts.offer_for(fresh.case_uuid),
    }
    stage.held |= {
        "token": going.token,
        "done_token": done.token,
        "stop": unsubscribing.path(receipt.uuid).split("/")[-2],
        "draft": drafts.key_for(draft, "photo"),
        "waiting": drafts.key_for(_held_report(stage), "held"),
    }
    stage.things |= _appeals(city, going, done)


def _appeals(city: City, going: Any, done: Any) -> dict[str, str]:
    """One that waits, and one that was upheld: the resident may object."""
    rates.rebuild()
    asked, upheld = (
        rates.file_appeal(
            one.case_uuid, kind="on_time", ground="waited", words="等材料",
            actor=city.staff["handler"],
        )
        for one in (going, done)
    )  # fmt: skip
    rates.decide_appeal(upheld.uuid, upheld=True, words="是", actor=city.staff["supervisor"])
    return {"appeal": str(asked.uuid), "upheld": str(upheld.uuid)}


def _view(city: City) -> dict[str, Any]:
    """What the dispatcher has saved, and what a colleague's link leads to."""
    mine = {"user_id": city.staff["dispatcher"].id or 0, "name": "mine"}
    theirs = {"user_id": city.staff["nopost"].id or 0, "name": "theirs"}
    made = [SavedView.objects.create(query="tab=late", **one) for one in (mine, theirs)]
    made[1].refresh_from_db()
    return {"view": made[0].pk, "kept": str(made[1].uuid)}


def _list(city: City) -> Any:
    """The dispatcher's queue, taken out as a file."""
    uuid = desks.take_list("cases-queue", {}, actor=city.staff["dispatcher"], language="en")
    while desks.make_some(uuid):
        pass
    return uuid


def _agreement(city: City) -> Any:
    """What the lamp team signed for the street, with its paper."""
    return unit_actions.register_agreement(
        city.units["light"].pk, actor=SYSTEM, area_ids=[city.street.pk], promise=names("灯"),
        valid_from=START, valid_to=date(2100, 1, 1), document=("a.pdf", b"%PDF-1.7"),
    )  # fmt: skip


def _held_report(stage: Stage) -> Any:
    values = {
        "case_type": "light.out", "channel": "web", "words": HELD, "language": "zh-hans",
        "lon": HERE[0], "lat": HERE[1], "place_id": None, "address": "", "attributes": {},
        "contact": {"phone": HELD_PHONE}, "attachments": [], "share_words": False,
        "idempotency_key": str(uuid7()),
    }  # fmt: skip
    uuid = intake.hold(
        values, actor=reporting.RESIDENT, reason="flood", flood="light.out@x",
        desk_path=stage.city.grid.path,
    )  # fmt: skip
    stage.things["held"] = str(uuid)
    return uuid


def _sign_in(stage: Stage) -> None:
    """Sessions of people who have just typed their password, so that no page asks for it again."""
    for who, name in STAFF.items():
        client = Client()
        client.force_login(get_user_model().objects.get(username=name))
        session = client.session
        said = {"method": "password", "at": time.time(), "reauthenticated": True}
        session["account_authentication_methods"] = [said]
        session["account_authentication_methods_user"] = str(stage.city.staff[name].id)
        session.save()
        stage.cookies[who] = client.cookies["sessionid"].value


def _keys(stage: Stage) -> None:
    for name, (scopes, user) in KEYS.items():
        held = stage.city.staff[STAFF[user]].id if user else None
        made = ApiKey.objects.create(
            uuid=uuid7(), name=name, hash=hashlib.sha256(name.encode()).digest(), scopes=scopes,
            user_id=held, revoked_at=cities.MONDAY if name == "kdead" else None,
        )  # fmt: skip
        stage.things[f"key_{name}"] = made.pk


# -- what is sent ----------------------------------------------------------------------------

Body = Mapping[str, Any]


def _json(**values: Any) -> Body:
    return {"json": values}


def three(name: str) -> dict[str, str]:
    return {f"{name}_{number}": "灯" for number in range(3)}


def _report(stage: Stage) -> dict[str, Any]:
    return {"words": "水管漏水了", "address": "乙街 9 号", "idempotency_key": str(uuid7())}


def _unit_form(stage: Stage) -> dict[str, Any]:
    return {
        "do": "unit", "unit-kind": "service_team", "unit-area": stage.city.street.pk,
        "unit-phone": "", "unit-calendar": stage.things["calendar"], "unit-key": "new",
        **three("unit-name"),
    }  # fmt: skip


def _guide_form() -> Body:
    body = guides.body("heating-hours")
    assert body is not None  # comes with the package
    form = {f"guide-{name}": value for name, value in initial(body).items()}
    return {"do": "guide", **form, "guide-source_date": "2026-10-01"}


def _device(stage: Stage) -> Body:
    keys = {"p256dh": devices.new_pair()[1], "auth": "A" * 22}
    return _json(endpoint="https://fcm.googleapis.com/fcm/send/1", keys=keys)


# What each address needs so that whoever may do it, does it. Keys in the table's own words.
def _reply() -> Body:
    texts = {f"reply-{part}_{code}": "好" for part in ("title", "text") for code in names("x")}
    return {"do": "reply", "reply-for_": "reply", **texts}


BODIES: dict[str, Callable[[Stage], Body]] = {
    "/language/": lambda _s: {"language": "bo"},
    "/display/": lambda _s: {"size": "elder"},
    "/desk/areas/import/": lambda _s: {
        "kind": "areas", "datum": "wgs84", "file": serving.geojson(), "try": "1",
    },
    "/desk/lists/": lambda _s: {"listing": "cases-queue"},
    "/desk/cases/<number>/draft/": lambda _s: {"kind": "note", "words": "在写"},
    "/desk/replies/new/": lambda _s: _reply(),
    "/desk/replies/<key>/": lambda _s: _reply(),
    "/desk/notices/": lambda _s: {"wanted": ["to_do:email"]},
    "/desk/notices/devices/": _device,
    "/r/<token>/device": lambda _s: _json(do="off"),
    "/report/upload": lambda _s: {"file": SimpleUploadedFile("a.jpg", photo())},
    "/report/<case_type>": _report,
    "/report/<case_type>/nearby": _report,
    "/report/<case_type>/follow": lambda s: _report(s) | {"offer": s.things["offer"]},
    "/r/code": lambda s: {"code": s.things["short"]},
    "/r/<token>/do/<action>": lambda _s: {"words": "还在漏", "solved": "yes"},
    "/desk/guides/new": lambda _s: _guide_form(),
    "/desk/guides/<guide>": lambda _s: _guide_form(),
    "/desk/noticeboard/in/<code>/new": lambda s: telling.notice_form(s.city),
    "/desk/noticeboard/for/<number>/new": lambda s: telling.notice_form(s.city),
    "/desk/noticeboard/n/<code>": lambda _s: {"do": "withdraw", "withdraw-why": "sooner"},
    "/desk/noticeboard/templates/new": lambda _s: {
        "do": "template", "template-kind": "works", "template-hours": "4",
        **telling.said("template"),
    },
    "/desk/noticeboard/templates/<key>": lambda _s: {
        "do": "template", "template-kind": "works", "template-hours": "4",
        **telling.said("template"),
    },
    "/desk/headings/new": lambda s: {
        "key": str(uuid7()), "day": "2026-11-14", "unit": s.city.units["light"].pk,
        "area": s.city.street.pk, "file": telling.sheet(),
        **{f"{name}_{code}": "灯" for name in ("title", "source")
           for code in ("zh-hans", "bo", "en")},
    },
    "/desk/headings/<code>": lambda _s: {"until": "2100-01-01", "words": "换新灯杆"},
    "/desk/deliveries/": lambda _s: {"do": "retry"},
    **serving.BODIES,
    **patrolling.BODIES,
    **joining.BODIES,
    **sitting.BODIES,
    "/field/api/v1/devices": lambda _s: _json(name="Redmi 9A", app="1", schema=1),
    "/desk/call/": lambda _s: {"words": "灯不亮", "case_type": "light.out"},
    "/desk/held/": lambda s: {"do": "release", "report": s.things["held"]},
    "/desk/views/": lambda _s: {"name": "late", "query": "tab=late"},
    "/desk/bulk/": lambda s: {"action": "accept", "case": [s.things["fresh"]]},
    "/desk/cases/<number>/do/<action>/": lambda _s: {
        "words": "修好了", "op": str(uuid7()),
    },
    "/desk/cases/<number>/say/": lambda _s: {"action": "note", "words": "看过"},
    "/desk/cases/<number>/contact/<receipt>/": lambda _s: {"reason": "问清地点"},
    "/desk/cases/<number>/contact/<receipt>/again/": lambda _s: {"reason": "回执丢了"},
    "/open311/v2/requests.<fmt>": lambda _s: {
        "service_code": "light.out", "lat": HERE[1], "long": HERE[0], "description": "灯",
    },
    "/api/v1/cases": lambda _s: _json(
        idempotency_key=str(uuid7()), case_type="light.out", words="灯", lon=HERE[0], lat=HERE[1]
    ),
    "/api/v1/attachments": lambda _s: {"file": SimpleUploadedFile("a.jpg", photo())},
    "/api/v1/cases/<case>/actions/<action>": lambda _s: _json(op_id=str(uuid7())),
    "/api/v1/receipts/<token>/actions/<action>": lambda _s: _json(
        op_id=str(uuid7()), data={"words": "还在漏"}
    ),
    "/survey/<code>/": lambda _s: {"do": "start"},
    "/desk/projects/<code>": lambda _s: {"do": "spend", "spend-spent": "1"},
    "/accounts/demo/": lambda _s: {"role": "pai"},
    "/desk/rates/appeals/<appeal>/": lambda _s: {"verdict": "upheld", "words": "是"},
    "/desk/rates/cases/<number>/appeal/": lambda _s: {
        "what": "rating:unreasonable", "words": "要的是别的",
    },
    "/desk/rates/published/": lambda _s: {"month": "2026-10"},
    "/r/<token>/counted": lambda s: {"appeal": s.things["upheld"], "words": "没有等"},
    "/accounts/login/": lambda _s: {"login": "dispatcher", "password": "wrong"},
    "/accounts/reauthenticate/": lambda _s: {"password": "wrong"},
    "/accounts/password/change/": lambda _s: {"oldpassword": "wrong"},
    "/desk/units/new/": _unit_form,
    "/a/<token>": lambda _s: {"do": "report_back", "words": "修好了"},
    "/desk/cases/<number>/links/": lambda s: {
        "unit": s.city.units["light"].pk, "note": "灯", "days": "7",
    },
    "/desk/ask/": lambda s: {
        "unit": s.city.units["far"].pk, "case_type": "order.task", "words": "请修公告栏",
        "key": str(uuid7()),
    },
    "/desk/duties/": lambda _s: {
        "file": SimpleUploadedFile("a.yaml", (SHIPPED / "street.yaml").read_bytes()),
    },
    "/desk/units/<unit_id>/": lambda s: {"do": "close", "close-id": s.things["unit"]},
    "/desk/calendars/<calendar_id>/": lambda _s: {"do": "year", "year-year": 2030},
    "/desk/staff/new/": lambda _s: {
        "do": "person", "person-username": "neu", "person-name": "Neu",
        "person-password": PASSWORD,
    },
    "/desk/staff/<user_id>/": lambda _s: {"do": "password", "password-password": PASSWORD},
    "/desk/api-keys/": lambda _s: {
        "do": "key", "key-name": "Map", "key-scopes": ["cases:read"],
    },
}  # fmt: skip

# Arguments of addresses; a row may name others.
ARGUMENTS = {
    "number": "case", "case": "case_uuid", "receipt": "receipt", "uuid": "photo",
    "version": "1", "token": "token", "key": "draft", "code": "place", "case_type": "light.out",
    "size": "small", "form": "png", "here": "queue", "pk": "view", "view": "kept",
    "area_id": "grid_area", "user_id": "person", "unit_id": "unit", "calendar_id": "calendar",
    "fmt": "json", "provider_id": "sso", "action": "report_back", "agreement": "agreement",
    "window": "window", "visit": "visit", "peer": "province", "day": "call_day",
    "guide": "heating-hours", "attachment": "photo", "appeal": "appeal", "month": "2026-10",
}  # fmt: skip
QUERIES = {
    "/map/around.json": {"lon": HERE[0], "lat": HERE[1]},
    "/api/v1/locate": {"lon": HERE[0], "lat": HERE[1]},
    "/r/code": {"code": "short"},
    "/desk/find/": {"q": "case"},
}
