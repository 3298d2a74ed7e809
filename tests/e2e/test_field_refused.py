"""What the server refused is put right on the phone, and goes as the same record with its photo."""

from playwright.sync_api import expect

from lingka.cases.models import Attachment, Case
from lingka.core.problems import Problem
from lingka.field import kinds
from lingka.field.models import Operation
from tests.e2e.test_scenes_field import worker_phone
from tests.e2e.workers import photo

__all__ = ["worker_phone"]
SOON = 30_000  # milliseconds for an exchange with the server


def _refusing(words):
    """As the server's own effect, but that it takes no report that says this."""
    takes = kinds.KINDS["report"]

    def effect(sent, given):
        if given.words == words:
            raise Problem("place", "这里没有这个地方。", field="place", status=422)
        return takes.effect(sent, given)

    return kinds.Kind(takes.shape, effect)


def _of_operations(answer):
    """What the server said to a push that was not empty."""
    return answer.url.endswith("/push") and '"op_id"' in (answer.request.post_data or "")


def test_a_refused_report_is_put_right_from_the_tray_and_arrives_with_its_photo(
    town, worker_phone, monkeypatch
):
    monkeypatch.setitem(kinds.KINDS, "report", _refusing("写错了"))
    phone = worker_phone("wangge")
    phone.report("路灯用电", "写错了", photo(1))
    phone.page.goto("/field/#/tray")
    expect(phone.page.locator(".f-pending-why")).to_contain_text("没收下", timeout=SOON)

    # One is begun meanwhile: the other is put right beside it.
    phone.begin_report("漏水", "另一件")
    phone.page.goto("/field/#/tray")
    phone.press("改好再送")
    expect(phone.page.locator("textarea")).to_have_value("写错了")
    expect(phone.page.locator("img.f-photo")).to_have_count(1)

    # The photo opens as large as the screen, and shuts again.
    phone.page.locator(".f-open").click()
    expect(phone.page.locator(".f-large")).to_be_visible()
    phone.page.locator(".f-large > button").click()
    expect(phone.page.locator(".f-large")).to_have_count(0)

    # It says now where it is, and goes as the same record.
    phone.page.locator("textarea").fill("写对了")
    phone.page.locator(".f-change").click()
    phone.page.locator(".f-picker .f-row").first.click()
    with phone.page.expect_response(_of_operations):
        phone.keep_report()
    phone.comes_back()
    first, second = Operation.objects.order_by("seq")
    assert first.record == second.record
    assert [first.status, second.status] == ["rejected", "applied"]
    assert Attachment.objects.get().case == Case.objects.get()
    phone.page.goto("/field/#/tray")
    expect(phone.page.get_by_role("link", name="接着写")).to_have_count(1)
    assert phone.faults == []
