"""Steps that several scenes take: reporting at a door, acting by a form, one more unit."""

from playwright.sync_api import expect

from lingka.core.ids import uuid7
from lingka.units.models import Unit


def report(page, kind, town, words, *, email="", link=""):
    """From the door to the receipt; returns the address of the page on which it is followed."""
    if link:
        page.goto(f"/p/{town.place.code}")
        page.get_by_role("link", name=link).click()
    else:
        page.goto(f"/report/{kind}?place={town.place.code}")
    page.locator("#words").fill(words)
    if email:
        page.locator("details.more summary").click()
        page.locator("#email").fill(email)
    page.locator("button[name=do][value=send]").last.click()
    page.wait_for_url("**/receipt")
    return page.url.removesuffix("/receipt")


def act(page, number, action, said, **given):
    """Do one action by its form on the case's page, and read what is said then."""
    page.goto(f"/desk/cases/{number}/?tab=others")
    form = page.locator(f"form[action$='/do/{action}/']")
    folded = page.locator(f"details#do-{action} > summary")
    if folded.count():
        folded.click()
    for name, value in given.items():
        field = form.locator(f"[name={name}]").first
        kind = field.evaluate("one => one.type || one.tagName.toLowerCase()")
        if kind == "checkbox":
            for one in form.locator(f"[name={name}]").all():
                one.check()
        elif kind == "radio":
            form.locator(f"[name={name}][value='{value}']").check(force=True)
        elif kind.startswith("select"):
            field.select_option(str(value))
        else:
            field.fill(str(value))
    form.locator("button").last.click()
    expect(page.locator(".toast")).to_contain_text(said)


def a_unit(town, key, zh, en):
    """A department of the whole town."""
    return Unit.objects.create(
        uuid=uuid7(), key=key, kind="department", name={"zh-hans": zh, "bo": "ལས་ཁུངས།", "en": en},
        area=town.city, calendar=town.desk.calendar,
    )  # fmt: skip
