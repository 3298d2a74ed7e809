"""What a holder is shown of a history that holds, and of one that does not."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from lingka.cases.actions import open_case
from lingka.cases.models import Case
from lingka.core.actors import Actor
from lingka.core.models import Event
from lingka.proofs import actions, selectors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opened(town):
    return open_case(
        actor=Actor("resident"),
        case_type="water.burst",
        channel="door",
        language="zh-hans",
        idempotency_key=uuid4(),
        words="地下室水管漏水",
        place_id=town.place.id,
    )


@pytest.fixture
def sealed(opened):
    actions.keep_up()
    return opened


def by_force(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def page(client, path, language="en", **posted):
    client.cookies["language"] = language
    answer = client.post(path, posted) if posted else client.get(path)
    return answer.content.decode()


def saved(client, sealed):
    return client.get(f"/r/{sealed.token}/proof.json").content.decode()


def test_the_receipt_says_up_to_when_its_history_is_proved(client, sealed):
    for path in (f"/r/{sealed.token}", f"/r/{sealed.token}/receipt"):
        assert "Its history is proved up to" in page(client, path)


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "没有改动过"), ("bo", "གང་ཡང་བཅོས་མེད།"), ("en", "Nothing was changed")],
)
def test_a_history_that_nobody_touched_holds_in_every_language(client, sealed, language, said):
    assert said in page(client, f"/r/{sealed.token}/proof", language)


def test_before_the_first_seal_the_page_says_to_look_again(client, opened):
    assert "Nothing of it is sealed yet" in page(client, f"/r/{opened.token}/proof")
    assert client.get(f"/r/{opened.token}/proof.json").status_code == 302


@pytest.mark.parametrize(
    "change",
    [
        'UPDATE core_event SET actor = \'{"kind": "user", "id": 1}\'',
        "UPDATE core_event SET recorded_at = recorded_at - interval '1 hour'",
        "UPDATE core_content SET value = '\"nothing\"' WHERE value IS NOT NULL",
        "UPDATE cases_case SET stage = 'closed'",
    ],
)
def test_whatever_row_is_altered_the_page_shows_that_the_history_does_not_hold(
    client, sealed, change
):
    by_force(change)
    shown = page(client, f"/r/{sealed.token}/proof")
    assert "This history does not hold" in shown
    assert "something was changed" in shown


def test_a_saved_proof_holds_when_pasted_and_when_uploaded(client, sealed):
    text = saved(client, sealed)
    assert "Nothing was changed" in page(client, "/proofs/", proof=text)
    file = SimpleUploadedFile("proof.json", text.encode())
    assert "Nothing was changed" in page(client, "/proofs/", file=file)


def test_a_saved_proof_fails_once_the_case_is_gone(client, sealed):
    text = saved(client, sealed)
    by_force("DELETE FROM core_event WHERE stream_id = %s", Case.objects.get().uuid)
    assert "something was changed" in page(client, "/proofs/", proof=text)


def test_a_saved_proof_shows_that_all_was_signed_anew_over_another_past(client, sealed, settings):
    text = saved(client, sealed)
    by_force("UPDATE core_event SET hash = %s", bytes(32))
    for table in ("proofs_bundle", "proofs_treehead", "core_cursor"):
        by_force(f"DELETE FROM {table}")
    actions.keep_up()
    assert "What was sealed then was rewritten since" in page(client, "/proofs/", proof=text)


def test_a_proof_signed_by_somebody_else_is_not_the_town_s(client, sealed, settings):
    text = saved(client, sealed)
    settings.HEAD_KEYS = ["f" * 40]
    by_force("DELETE FROM proofs_treehead")
    actions.keep_up()
    assert "The seal is not signed by this town" in page(client, "/proofs/", proof=text)


def test_a_receipt_s_address_leads_to_its_own_page(client, sealed):
    for typed in (f"/r/{sealed.token}", f"https://town.example/r/{sealed.token}/receipt"):
        answer = client.post("/proofs/", {"proof": typed})
        assert answer.headers["Location"] == f"/r/{sealed.token}/proof"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hello",
        "[1]",
        "{}",
        '{"format": "lingka-proof/1"}',
        "[" * 100_000,
        "NaN",
        "Infinity",
        '"\\ud800"',
    ],
)
def test_what_is_no_proof_is_said_and_kept_in_the_form(client, sealed, typed):
    answer = client.post("/proofs/", {"proof": typed})
    assert answer.status_code == 400
    assert "field-error" in answer.content.decode()


@pytest.mark.parametrize("field", ["stream", "head", "records"])
@pytest.mark.parametrize("value", [None, "x", 7, [], [{}], {"size": -1}, float("inf")])
def test_a_damaged_proof_is_no_fault_of_the_server(client, sealed, field, value):
    told = json.loads(saved(client, sealed)) | {field: value}
    shown = page(client, "/proofs/", proof=json.dumps(told))
    assert "Nothing was changed" not in shown


def test_a_proof_tells_nothing_but_times_and_hashes(client, sealed):
    told = json.loads(saved(client, sealed))
    assert set(told) == {"format", "head", "stream", "records"}
    assert {key for one in told["records"] for key in one} == {
        "index", "sequence", "recorded_at", "sealed", "path",
    }  # fmt: skip
    hashes = {bytes(one.hash).hex() for one in Event.objects.all()}
    assert not any(one in json.dumps(told) for one in hashes)


def test_the_newest_seal_is_published_for_people_and_machines(client, sealed):
    head = selectors.newest()
    assert head.root.hex() in page(client, "/proofs/")
    assert client.get("/proofs/head.json").json() == head.as_json()
    note = client.get("/proofs/checkpoint").content.decode()
    assert note.startswith(head.text + "\n\u2014 ")
