"""What the stage's town tells and asks everybody: a notice, a heading, a survey, and forms."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from lingka.core import clock
from lingka.core.actors import SYSTEM
from lingka.core.ids import uuid7
from lingka.covenants import actions as covenants
from lingka.notices import actions as notices
from lingka.notices import templates
from lingka.points import actions as points
from lingka.points import goods
from lingka.projects import actions
from lingka.promises import actions as promises
from lingka.surveys import actions as surveys
from lingka.voting import actions as voting
from tests.cases.city import HERE, City, names
from tests.projects import works
from tests.projects.test_picturing import picture


def notice(city: City) -> str:
    """No water in the street, for some months."""
    water = templates.template("water_off")
    assert water is not None
    draft = notices.Draft(
        kind="outage", title=water.title, text=water.text, areas=[city.street.pk],
        begins_at=clock.now(), ends_at=clock.now() + timedelta(days=60),
    )  # fmt: skip
    return notices.publish(draft, actor=SYSTEM)


def heading(city: City) -> str:
    """One lamp, shown in public."""
    draft = promises.HeadingDraft(
        names("问政"), names("市台"), date(2026, 11, 14), city.units["light"].pk, city.street.pk
    )
    made = promises.open_heading(draft, sheet(), actor=SYSTEM)
    return made.code


def survey(city: City) -> str:
    """A week's questions to the whole city."""
    until = clock.now() + timedelta(days=7)
    return surveys.open_round(
        "around_home", city.root.pk, until, actor=city.staff["supervisor"]
    ).code


def projects(city: City) -> dict[str, str]:
    """This year's list, public, with one work; next year's, still being entered."""
    code = works.public(city)
    draft = actions.begin_list(city.street.pk, 2027, actor=city.staff["dispatcher"])
    photo = actions.show_photo(
        code, picture(), "before", "七栋", actor=city.staff["handler"]
    )  # fmt: skip
    return {
        "project": code, "project_list": str(works.row(code).of.uuid), "next_list": str(draft),
        "project_photo": str(photo),
    }  # fmt: skip


def exchange(city: City) -> dict[str, str]:
    """A tea shop where somebody has reserved a pot of tea."""
    shop = points.set_shop(
        None, actor=SYSTEM, unit=city.units["light"].pk, area=city.street.pk, name=names("茶馆"),
        where=names("桥头"),
    )  # fmt: skip
    good = points.set_good(shop, None, points.Offer(names("酥油茶"), 5), actor=SYSTEM)
    points.deliver(good, 3, actor=SYSTEM)
    account = points.open_account("points", actor=SYSTEM, member=uuid7())
    points.earn(account, 5, "service", actor=SYSTEM, key=uuid7())
    made = points.reserve(good, account, actor=SYSTEM, key=uuid7())
    return {
        "shop": str(shop), "good": str(good), "fetched": made.code,
        "reserved": str(made.uuid), "card": goods.card_of(account, clock.now()),
        "at_shop": goods.code_of(made.uuid, clock.now()),
    }  # fmt: skip


def votes(city: City) -> dict[str, str]:
    """One that is open, one that is being prepared; their voters are on paper."""
    draft = voting.Draft(
        city.street.pk, names("装长椅吗？"), "simple", clock.now() + timedelta(days=7), papers=5
    )
    running, prepared = (voting.prepare(draft, actor=SYSTEM) for _one in range(2))
    voting.open_vote(running, actor=SYSTEM)
    return {"vote": str(running), "draft_vote": str(prepared), "covenant": covenant(city)}


def covenant(city: City) -> str:
    """What a meeting agreed on."""
    today = clock.now().date()
    adopted = covenants.Adopted(names("不停车"), today, meeting=names("坝坝会"), on=today)
    return str(covenants.begin(city.street.pk, names("院约"), adopted, actor=SYSTEM))


def sheet() -> SimpleUploadedFile:
    text = f"内容,类型,经度,纬度\n灯杆歪了,light.out,{HERE[0]},{HERE[1]}\n"
    return SimpleUploadedFile("list.csv", text.encode())


def notice_form(city: City) -> dict[str, Any]:
    now = clock.now()
    return {
        "do": "notice", "notice-key": str(uuid7()), "notice-kind": "outage",
        "notice-targets": [f"area:{city.street.pk}"], **said("notice"),
        "notice-begins_at": f"{now:%Y-%m-%dT%H:%M}",
        "notice-ends_at": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}",
    }  # fmt: skip


def said(form: str) -> dict[str, str]:
    """Title and text of a notice in all languages."""
    codes = ("zh-hans", "bo", "en")
    return {f"{form}-{name}_{code}": "灯" for name in ("title", "text") for code in codes}
