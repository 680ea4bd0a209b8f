"""Stopping announcements: the headers, the page behind the link, one click without cookies; nothing else is stopped."""

import re

import pytest

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.mail import unsubscribing
from eventops.mail.delivery import deliver_next
from eventops.mail.models import Letter, LetterState, Refusal
from eventops.settings.queries import DEFAULT_NAME
from tests.conftest import NOW
from tests.i18n.catalogue import japanese_on
from tests.mail.conftest import state_of

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def link(app, post_office, write) -> str:
    """The way to stop that stands in the headers of an announcement which has arrived."""
    write("news:1", is_announcement=True, to_email="Reader@Example.jp", subject="ご案内")
    deliver_next(app, "worker")
    (message,) = post_office.taken
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (url,) = re.findall(r"^<http://localhost(/u/[\w.-]+)>$", message["List-Unsubscribe"])
    assert f"http://localhost{url}" in message.get_body(("plain",)).get_content()
    return url


def refused(app) -> list[tuple[str, str]]:
    with app.app_context():
        return [(row.email, row.how) for row in db.session.scalars(db.select(Refusal))]


def test_mail_programs_stop_announcements_by_themselves(make_app, app, link):
    guarded = make_app(WTF_CSRF_ENABLED=True).test_client()
    for _again in range(2):
        assert guarded.post(link, data=ONE_CLICK).status_code == 200
    assert refused(app) == [("reader@example.jp", "one_click")]


def test_looking_at_the_page_stops_nothing_and_shows_no_address(app, client, link):
    page = client.get(link).text
    assert "R…@Example.jp" in page
    assert "Reader@" not in page
    assert refused(app) == []


def test_the_page_speaks_the_reader_s_language(client, link):
    for page in (client.get(f"{link}?lang=en"), client.post(link), client.post(f"{link}/again")):
        assert set(japanese_on(page.text)) <= {DEFAULT_NAME}


def test_a_reader_stops_and_comes_back(app, client, link):
    assert "配信を停止しました" in client.post(link).text
    assert refused(app) == [("reader@example.jp", "link")]
    assert "また案内メールをお送りします" in client.post(f"{link}/again").text
    assert refused(app) == []


def test_whoever_stopped_gets_no_announcement_that_waited_and_every_other_letter(app, client, post_office, write, link):
    news, receipt = write("news:2", is_announcement=True, to_email="reader@example.jp"), write("receipt")
    client.post(link, data=ONE_CLICK)
    while deliver_next(app, "worker"):
        pass
    assert state_of(app, news) == (LetterState.CANCELLED, 1, "unsubscribed")
    assert state_of(app, receipt)[0] == LetterState.SENT
    assert post_office.taken[-1]["List-Unsubscribe"] is None


def test_a_letter_of_another_kind_is_no_key(app, client, write):
    letter_id = write("receipt")
    with app.app_context():
        token = unsubscribing.token(db.session.get_one(Letter, letter_id))
    assert client.get(f"/u/{token}").status_code == 404


def test_staff_note_what_they_were_told_and_lift_it(app, sign_in):
    manager = sign_in(Role.EVENT_MANAGER)
    assert manager.post("/staff/letters/refusals", data={"email": "nonsense"}).status_code == 422
    manager.post("/staff/letters/refusals", data={"email": "Told@Example.jp"})
    assert refused(app) == [("told@example.jp", "staff")]
    assert "told@example.jp" in manager.get("/staff/letters/refusals").text
    manager.post("/staff/letters/refusals/lift", data={"email": "told@example.jp"})
    assert refused(app) == []


def test_refusals_are_found_for_many_addresses_at_once(app, monkeypatch):
    monkeypatch.setattr(unsubscribing, "AT_ONCE", 2)
    with app.app_context(), transaction() as session:
        for number in range(3):
            unsubscribing.refuse(session, email=f"r{number}@example.jp", how=unsubscribing.How.LINK, now=NOW)
        wanted = [f"R{number}@example.jp" for number in range(5)]
        assert unsubscribing.refused_at(session, wanted) == {f"r{number}@example.jp": NOW for number in range(3)}
