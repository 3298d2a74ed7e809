"""A list with its works, public or not, in the small city."""

from datetime import date, timedelta
from uuid import UUID

from lingka.areas.selectors import day_of
from lingka.core import clock
from lingka.projects import actions, rules
from lingka.projects.models import Project, Tally
from tests.cases.city import City, names


def draft(city: City, *, planned: int = 8000, due: date | None = None) -> actions.Draft:
    by = due or day_of(None) + timedelta(days=30)
    return actions.Draft(
        names("楼道装灯"), names("七栋楼道装声控灯"), names("七栋"),
        city.units["light"].pk, planned, by,
    )  # fmt: skip


def begun(city: City) -> UUID:
    return actions.begin_list(city.street.pk, 2026, actor=city.staff["dispatcher"])


def public(city: City, **given: object) -> str:
    """The code of the one work on a public list."""
    desk, of = city.staff["dispatcher"], begun(city)
    code = actions.set_project(of, draft(city, **given), actor=desk)  # type: ignore[arg-type]
    actions.publish(of, actor=desk)
    return code


def row(code: str) -> Project:
    return Project.objects.get(code=code)


def asked(city: City) -> str:
    code = public(city)
    actions.report_done(code, actor=city.staff["handler"])
    return code


def said(code: str, **options: int) -> None:
    """So many devices give each answer."""
    for option, many in options.items():
        for _number in range(many):
            actions.answer(code, actions.begin(code), option)


def over(code: str) -> str:
    """Let the time of asking pass; what became of it."""
    with clock.at(clock.now() + rules.days()):
        assert actions.close_due() == 1
    return str(row(code).state)


def counted(code: str) -> dict[str, int]:
    return dict(Tally.objects.filter(project__code=code).values_list("option", "answers"))
