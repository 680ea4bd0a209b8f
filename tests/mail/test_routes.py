"""The outbox pages."""

import pytest
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.events.models import Event
from eventops.mail import outbox
from eventops.mail.models import Letter, LetterState
from tests.conftest import NOW


@pytest.fixture
def letter_id(app):
    with app.app_context(), transaction() as session:
        letter = outbox.put(
            session,
            outbox.Draft(
                key="k",
                kind="confirmation",
                to_name="山田 太郎",
                to_email="taro@example.jp",
                subject="ご案内",
                body="本文 <b>",
            ),
            now=NOW,
        )
        session.flush()
        return letter.id


def found(client, words) -> str:
    """The list after a search; what was typed stands in no address."""
    page = client.post("/staff/search", data={"back": "/staff/letters", "q": words}, follow_redirects=True)
    assert words not in page.request.url
    return page.text


def test_staff_read_a_letter(sign_in, letter_id):
    manager = sign_in(Role.EVENT_MANAGER)
    assert "ご案内" in found(manager, "太郎")
    assert "ご案内" not in found(manager, "花子")
    assert "本文 &lt;b&gt;" in manager.get(f"/staff/letters/{letter_id}").text


def test_an_address_with_an_underscore_is_found_and_a_percent_sign_finds_nothing(app, sign_in, letter_id):
    with app.app_context(), transaction() as session:
        session.get(Letter, letter_id).to_email = "Taro_Yamada@example.jp"
    manager = sign_in(Role.EVENT_MANAGER)
    assert "ご案内" in found(manager, "taro_yamada")
    for nothing in ("taroXyamada", "%"):
        assert "ご案内" not in found(manager, nothing)


def test_a_letter_whose_attachment_can_no_longer_be_made_is_still_read(app, sign_in, letter_id):
    with app.app_context(), transaction() as session:
        session.get(Letter, letter_id).attachments = [{"maker": "meetings_ics", "subject_id": 987}]
    page = sign_in(Role.EVENT_MANAGER).get(f"/staff/letters/{letter_id}")
    assert page.status_code == 200
    assert "この添付は、いまの申込または時間割では作れません" in page.text
    assert f"/staff/letters/{letter_id}/files/0" not in page.text


def test_a_waiting_letter_can_be_taken_back_once_and_sent_after_all(app, sign_in, letter_id):
    manager = sign_in(Role.EVENT_MANAGER)
    assert manager.post(f"/staff/letters/{letter_id}/cancel").status_code == 302
    again = manager.post(f"/staff/letters/{letter_id}/cancel")
    assert again.status_code == 422
    assert "いまの状態ではこの操作ができません" in again.text
    assert manager.post(f"/staff/letters/{letter_id}/send-again").status_code == 302
    with app.app_context(), transaction() as session:
        assert session.get(Letter, letter_id).state == LetterState.QUEUED


def test_reception_reads_no_letters(sign_in, letter_id):
    assert sign_in(Role.RECEPTION).get("/staff/letters").status_code == 403


def test_an_event_has_its_own_letters_in_its_frame(demonstration, sign_in):
    with demonstration.app_context(), transaction() as session:
        event_id = session.scalars(select(Event.id).where(Event.code == "M08")).one()
        own = session.scalars(select(Letter.id).where(Letter.event_id == event_id)).first()
    manager = sign_in(Role.EVENT_MANAGER)
    address = f"/staff/events/{event_id}/letters"
    assert f'href="{address}"' in manager.get(f"/staff/events/{event_id}/").text
    assert f'href="/staff/letters/{own}"' in manager.get(f"{address}?page=2").text
    page = manager.get(f"/staff/letters/{own}").text
    assert f'href="{address}"' in page
    assert f"/staff/letters/{own}/files/0" in page
    ticket = manager.get(f"/staff/letters/{own}/files/0")
    assert (ticket.status_code, ticket.data[:5]) == (200, b"%PDF-")
    assert manager.get(f"/staff/letters/{own}/message.eml").status_code == 200
