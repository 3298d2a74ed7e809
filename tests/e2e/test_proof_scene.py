"""The scene of mission row L2: an administrator alters one database row; it fails visibly."""

import json

import pytest
from django.db import connection
from playwright.sync_api import expect

from lingka.cases.models import Case
from lingka.ops import cli, doctor, metrics
from lingka.proofs import actions as proofs

SEND = "送到受理台"


def _alters_one_row(case_uuid):
    """With all that the owner of the database may do, every trigger switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE core_event SET recorded_at = recorded_at - interval '3 hours'"
            " WHERE stream_id = %s AND sequence = 1",
            [case_uuid],
        )
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.mark.parametrize("scripts", [True, False])
def test_l2_an_administrator_alters_one_row_and_the_page_the_command_and_the_doctor_say_so(
    town, phone, tmp_path, capsys, scripts
):
    resident = phone(scripts=scripts)
    resident.goto("/report/light.out?place=" + town.place.code)
    resident.locator("textarea[name=words]").fill("楼道的灯不亮了")
    resident.get_by_role("button", name=SEND).click()
    resident.wait_for_url("**/receipt")
    assert cli.main(["head", "export", str(tmp_path / "head.json")]) == 0

    resident.reload()
    resident.get_by_role("link", name="核对", exact=True).click()
    expect(resident.get_by_text("没有改动过")).to_be_visible()
    with resident.expect_download() as kept:
        resident.get_by_role("link", name="保存证明").click()
    kept.value.save_as(tmp_path / "proof.json")
    proofs.look_at_all()
    assert doctor.history().grade == "ok"

    _alters_one_row(Case.objects.get().uuid)

    resident.reload()
    expect(resident.get_by_text("这段经过对不上了")).to_be_visible()
    resident.goto("/proofs/")
    resident.locator("#file").set_input_files(tmp_path / "proof.json")
    resident.get_by_role("button", name="核对").click()
    expect(resident.get_by_text("本市的记录和这份证明不一样")).to_be_visible()

    capsys.readouterr()
    assert cli.main(["verify", "--processes", "1", "--head", str(tmp_path / "head.json")]) == 1
    assert "was altered after it was written" in capsys.readouterr().out
    proofs.look_at_all()
    assert doctor.history().grade == "bad"
    assert b"lingka_history_breaches 0.0" not in metrics.page()
    assert cli.main(["check-proof", str(tmp_path / "proof.json")]) == 0, "the file itself holds"
    assert "records" in json.loads((tmp_path / "proof.json").read_text())
