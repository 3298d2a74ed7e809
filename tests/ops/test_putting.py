"""A town's own rules: read, checked, looked at, put into force, and told of."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import ProgrammingError, transaction
from django.test import Client
from django.utils import translation

from lingka.accounts.models import Post, User
from lingka.cases import callbacks
from lingka.cases.models import Definition
from lingka.core import rulebooks, rulefiles
from lingka.core.actors import SYSTEM, Actor
from lingka.core.events import history
from lingka.core.ids import uuid7
from lingka.core.models import RuleVersion
from lingka.core.permissions import PermissionRefused
from lingka.core.problems import Problem
from lingka.core.rulebooks import stream_of
from lingka.insight import assessing
from lingka.ops import actions, cli, putting
from lingka.partners import calls
from tests.cases import city as cities
from tests.cases.city import START, City

DATA = Path(cities.actions.__file__).parent.parent / "data"
PAGE = "/desk/changes/new/"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What is said to nobody's browser is said in English here."""
    with translation.override("en"):
        yield


@pytest.fixture
def city(db: None) -> City:
    return cities.build()


@pytest.fixture
def keeper(city: City) -> Actor:
    """An administrator of the whole town."""
    user = User.objects.create(uuid=uuid7(), username="keeper", name="Keeper", password="!")
    post = Post.objects.create(
        user=user, role="administrator", unit=city.units["hall"], area=city.root, valid_from=START
    )
    return Actor("user", user.pk, post.pk)


@pytest.fixture
def client(keeper: Actor) -> Client:
    made = Client(headers={"Accept-Language": "en"})
    made.force_login(User.objects.get(pk=keeper.id))
    return made


def text(kind: str, key: str, *changes: tuple[str, str]) -> str:
    """What is in force, with some places changed."""
    found = putting.text_of(kind, key)
    assert found
    for before, after in changes:
        assert before in found
        found = found.replace(before, after, 1)
    return found


def deadlines(hours: int = 3) -> str:
    body = yaml.safe_load((DATA / "deadlines.yaml").read_text(encoding="utf-8"))
    body["always"]["accept"]["amount"] = hours
    return rulefiles.written(body)


# -- putting ----------------------------------------------------------------------------------


def test_an_administrator_changes_a_deadline_and_the_page_shows_who_before_and_after(
    client: Client,
) -> None:
    shown = client.post(PAGE, {"text": deadlines()})
    html = shown.content.decode()
    assert "Deadlines: what changes after version 1" in html
    assert "always · accept · amount" in html
    assert "Put it into force" in html
    assert Definition.objects.filter(kind="deadlines").count() == 1

    done = client.post(PAGE, {"text": deadlines(), "seen": "1", "put": "1"}, follow=True)
    assert done.redirect_chain[-1][0] == "/desk/changes/deadlines/deadlines/"
    html = done.content.decode()
    assert "· Keeper" in html
    assert html.index("<del>2</del>") < html.index("<ins>3</ins>")
    overview = client.get("/desk/changes/").content.decode()
    assert "Rules put into force" in overview
    assert "Keeper" in overview


def test_what_was_put_is_told_by_an_event_that_names_the_actor(keeper: Actor) -> None:
    actions.put_rules(deadlines(), actor=keeper)
    (event,) = history(stream_of("deadlines", "deadlines"))
    assert event.actor["id"] == keeper.id
    assert (event.data.key, event.data.number) == ("deadlines", 2)  # type: ignore[attr-defined]


def test_a_new_deadline_runs_for_cases_from_then_on(city: City, keeper: Actor) -> None:
    from lingka.cases.selectors import catalogue

    actions.put_rules(deadlines(), actor=keeper)
    catalogue.forget()
    rule = catalogue.deadline("request", "accept")
    assert rule
    assert rule["amount"] == 3


def test_a_workflow_with_a_dead_end_is_refused_with_its_faults_and_the_text_stays(
    client: Client,
) -> None:
    body = yaml.safe_load(text("workflow", "five_slips"))
    body["actions"] = {
        key: one for key, one in body["actions"].items() if "dispatched" not in one["from"]
    }
    answer = client.post(PAGE, {"text": rulefiles.written(body), "put": "1", "seen": "1"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "dispatched: no action leads on from here" in html
    assert "key: five_slips" in html
    assert Definition.objects.filter(key="five_slips").count() == 1


def test_a_file_with_shared_parts_comes_into_force_as_the_plain_workflow(keeper: Actor) -> None:
    given = (DATA / "workflows" / "quick_response.yaml").read_text(encoding="utf-8")
    found = actions.put_rules(re.sub("reopen_days: .*", "reopen_days: 3", given), actor=keeper)
    assert [one.place for one in found.changed] == ["reopen_days"]
    assert "uses" not in Definition.objects.get(key="quick_response", number=2).body


def test_what_says_the_same_makes_no_version(keeper: Actor) -> None:
    with pytest.raises(Problem) as refused:
        actions.put_rules(text("workflow", "hazard"), actor=keeper)
    assert refused.value.code == "same"
    assert Definition.objects.filter(key="hazard").count() == 1


def test_what_another_put_meanwhile_is_not_written_over_unseen(keeper: Actor) -> None:
    actions.put_rules(deadlines(3), actor=keeper, seen=1)
    with pytest.raises(Problem) as refused:
        actions.put_rules(deadlines(4), actor=keeper, seen=1)
    assert refused.value.code == "changed"


@pytest.mark.parametrize("who", ["chief", "worker"])
def test_nobody_but_an_administrator_of_the_whole_town_puts_rules(city: City, who: str) -> None:
    with pytest.raises(PermissionRefused):
        actions.put_rules(deadlines(), actor=city.staff.get(who, Actor("resident")))


def test_a_sent_file_is_looked_at_before_it_is_put(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "deadlines.yaml"
    file.write_text(deadlines(), encoding="utf-8")
    with file.open("rb") as stream:
        answer = client.post(PAGE, {"file": stream, "put": "1", "seen": "1"})
    assert "what changes after version 1" in answer.content.decode()
    assert Definition.objects.filter(kind="deadlines").count() == 1


# -- rules of which there is one set --------------------------------------------------------------


def changed(kind: str, key: str, **values: Any) -> str:
    return rulefiles.written(yaml.safe_load(text(kind, key)) | values)


def test_a_towns_own_ways_of_calling_back_count_at_once(keeper: Actor) -> None:
    assert callbacks.plan().tries == 3
    actions.put_rules(changed("call-backs", "call_backs", tries=4), actor=keeper)
    assert callbacks.plan().tries == 4
    (event,) = history(stream_of("call-backs", "call_backs"))
    assert (event.actor["id"], event.data.number) == (keeper.id, 1)  # type: ignore[attr-defined]


def test_what_another_process_put_is_seen_at_the_next_look(
    keeper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.put_rules(changed("assessment", "assessment", minimum=12), actor=keeper)
    rulebooks.forget()
    assert assessing.plan()["minimum"] == 10
    monkeypatch.setattr(rulebooks.Rulebook, "every", 0.0)
    assert assessing.plan()["minimum"] == 12


def test_the_page_shows_a_towns_own_set_after_the_shipped_one(client: Client) -> None:
    watched = {"street_calls": {"level": "street", "few": 2, "many": 9}}
    given = changed("calls", "calls", watched=watched)
    client.post(PAGE, {"text": given, "seen": "0", "put": "1"})
    html = client.get("/desk/changes/calls/calls/").content.decode()
    assert html.index("Version 1") < html.index("· Keeper") < html.index("As shipped")
    assert "<ins>9</ins>" in html
    assert calls.thresholds()["street_calls"]["many"] == 9


def test_a_version_of_such_a_set_cannot_be_changed_or_deleted(keeper: Actor) -> None:
    actions.put_rules(changed("call-backs", "call_backs", tries=4), actor=keeper)
    row = RuleVersion.objects.get()
    for change in (row.delete, lambda: RuleVersion.objects.update(number=9)):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("kind", "key", "values", "fault"),
    [
        ("call-backs", "call_backs", {"days": 9}, "days: a whole number from 1 to 3"),
        ("call-backs", "call_backs", {"windows": {}}, "times:"),
        ("call-backs", "call_backs", {"script": [cities.names("{who}")]}, "called “{who}”"),
        ("call-backs", "call_backs", {"sampling": 7}, "cannot be read"),
        ("calls", "calls", {"watched": {"x": {"level": "y", "few": 1, "many": 1}}}, "no level “y”"),
        ("assessment", "assessment", {"weights": {"superior": 100}}, "departments"),
        ("assessment", "assessment", {"minimum": 2}, "minimum: a whole number from 5"),
        ("assessment", "assessment", {"steps": []}, "steps: stay 5"),
    ],
)
def test_a_faulty_set_is_refused_by_its_place(
    city: City, kind: str, key: str, values: dict[str, Any], fault: str
) -> None:
    with pytest.raises(Problem) as refused:
        actions.put_rules(changed(kind, key, **values), actor=SYSTEM)
    assert any(fault in one for one in refused.value.extra["faults"]), refused.value.extra


# -- faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("key: [", "line "),
        ("a: 1\na: 2", "stands here twice"),
        ("a: &x [1]\nb: *x", "no anchors"),
        ("yes: 1", "put it in quotation marks"),
        ("- 1", "cannot be read"),
        ("key: what", "none of these"),
        ("key: deadlines\npolicies: 7", "cannot be read"),
        ("key: case_types\ntypes: [1]", "cannot be read"),
        ("initial: 1\nkey: x\nstates: {}\nactions: {}", "Faults found"),
        ("initial: a\nuses: [nothing]", "there is no part"),
        ("rates: {}", "is missing"),
        ("must: []", "is missing"),
        ('key: "\\0"', "cannot be read"),
        ("initial: !!python/object:os.system {}", "cannot be read"),
    ],
)  # fmt: skip
def test_odd_files_are_refused_in_words(client: Client, given: str, said: str) -> None:
    answer = client.post(PAGE, {"text": given})
    assert answer.status_code == 422
    assert said in answer.content.decode()


FAULTY = {  # some faults of every checker
    "yaml": "a: 1\na: 2",
    "broken": "key: [",
    "anchors": "a: &x [1]\nb: *x",
    "shape": "key: deadlines\npolicies: 7",
    "deadlines": "key: deadlines\n"
    "policies: {r: {a: {basis: moons}, b: {basis: elapsed, amount: 0}}}",
    "types": "key: case_types\ngroups: {g: {name: {}}}\n"
    "types: {t: {group: x, form: [{code: a, datatype: b}]}}",
    "workflow": "key: w\nname: {}\ninitial: gone\nrelations: [king]\n"
    "states: {a: {stage: x, label: {}, waits: {}}}\nactions: {}",
    "parts": "initial: a\nuses: [nothing]",
    "call-backs": (
        "call-backs", "call_backs", {"tries": 99, "ends": [1], "script": [{"en": "{who}"}]},
    ),
    "calls": ("calls", "calls", {"watched": {"x": {"level": "y", "few": -1, "many": 1}}}),
    "assessment": ("assessment", "assessment", {"weights": {"superior": 1}, "steps": []}),
    "rates": ("rates", "rates", {"weights": {"luck": 3}, "minimum": 1, "valid_from": "soon"}),
    "duty-list": "must: [{number: 3}]\nkey: x\nkinds: [palace]",
}  # fmt: skip
SENTENCE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")  # three words after one another


class Refusal(HTMLParser):
    """The text of the faults that a page lists."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside, self.said = False, ""
        self.feed(html[html.index('class="stack refusal"') :].partition("</ul>")[0])

    def handle_data(self, data: str) -> None:
        self.said += f"{data}\n"


@pytest.mark.parametrize("language", ["zh-hans", "bo"])
def test_faults_are_said_in_the_language_of_whoever_reads_them(
    client: Client, language: str
) -> None:
    reader = {"Accept-Language": language}
    for checker, given in FAULTY.items():
        file = given if isinstance(given, str) else changed(given[0], given[1], **given[2])
        answer = client.post(PAGE, {"text": file}, headers=reader)
        assert answer.status_code == 422, checker
        said = Refusal(answer.content.decode()).said
        assert re.search("[一-鿿ༀ-࿿]", said), (checker, said)
        assert not SENTENCE.search(said), (checker, said)


def test_a_version_of_the_town_s_own_without_channels_lets_each_kind_come_by_any(
    city: City, keeper: Actor
) -> None:
    from lingka.cases.selectors import catalogue

    body = yaml.safe_load(text("case-types", "case_types"))
    kept = next(iter(body["types"]))
    for kind in body["types"].values():
        kind.pop("channels", None)
    body["types"][kept]["channels"] = ["web", "door", "grid_worker", "hotline"]
    actions.put_rules(rulefiles.written(body), actor=keeper)
    catalogue.forget()
    closed = [one.key for one in catalogue.case_types("en") if not one.comes_by("leader")]
    assert closed == [kept]


def test_kinds_of_cases_and_policies_do_not_vanish(keeper: Actor) -> None:
    for kind, part, lost in (("deadlines", "policies", "request"), ("case_types", "types", None)):
        body = yaml.safe_load(text(kind.replace("_", "-"), kind))
        gone = lost or next(iter(body[part]))
        del body[part][gone]
        with pytest.raises(Problem) as refused:
            actions.put_rules(rulefiles.written(body), actor=keeper)
        assert f"{part}.{gone}: is gone" in refused.value.extra["faults"][0]


def test_a_clock_without_a_deadline_is_a_fault(keeper: Actor) -> None:
    body = yaml.safe_load(text("workflow", "wish"))
    state = next(one for one in body["states"].values() if one.get("clock"))
    state["clock"] = "someday"
    with pytest.raises(Problem) as refused:
        actions.put_rules(rulefiles.written(body), actor=keeper)
    assert "no deadline is called “someday”" in refused.value.extra["faults"][0]


# -- files ------------------------------------------------------------------------------------


def test_what_is_shown_as_a_file_reads_back_as_what_is_in_force(city: City) -> None:
    for kind, named in putting.things():
        key, _name = named[-1]  # one of a kind, the others are no different
        found = putting.proposal(text(kind.kind, key))
        assert not found.faults, (key, found.faults[:3])
        assert not found.changed, (key, found.changed[:3])


def test_the_page_says_where_the_parts_of_workflows_live(client: Client) -> None:
    assert "A part has no versions of its own" in client.get(PAGE).content.decode()


def test_the_page_offers_what_there_is_as_text(client: Client) -> None:
    html = client.get(PAGE, {"kind": "workflow", "key": "wish"}).content.decode()
    assert "key: wish" in html
    assert client.get(PAGE, {"kind": "workflow", "key": "none"}).status_code == 404
    assert client.get(PAGE, {"kind": "reply", "key": "received"}).status_code == 404


# -- the command ------------------------------------------------------------------------------


def test_the_command_shows_changes_and_puts(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["rules", "show", "deadlines"]) == 0
    assert "policies:" in capsys.readouterr().out
    file = tmp_path / "mine.yaml"
    file.write_text(deadlines(), encoding="utf-8")
    assert cli.main(["rules", "put", str(file), "--dry-run"]) == 0
    assert Definition.objects.filter(kind="deadlines").count() == 1
    assert cli.main(["rules", "put", str(file)]) == 0
    said = capsys.readouterr()
    assert "always · accept · amount: 2 → 3" in said.out + said.err
    assert "version 2 in force" in said.out + said.err


def test_the_command_names_faults_and_fails(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("key: deadlines\npolicies: {request: {respond: {basis: moons}}}")
    assert cli.main(["rules", "put", str(file)]) == 1
    said = capsys.readouterr()
    assert "cannot count “moons”" in said.out + said.err


def test_what_the_operator_put_is_not_taken_back_by_an_upgrade(city: City) -> None:
    from lingka.cases.actions import activate_shipped

    actions.put_rules(deadlines(), actor=SYSTEM)
    activate_shipped()
    assert Definition.objects.filter(kind="deadlines").latest("number").number == 2
