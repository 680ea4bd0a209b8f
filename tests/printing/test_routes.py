"""Papers from the demonstration's rows: every file opens, says what it should, and is refused to those who may not."""

import io

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.events.models import Event
from eventops.meetings.models import Application, MatchingRound
from eventops.meetings.timetable.models import Timetable, TimetableMeeting
from eventops.printing import guests
from tests.conftest import NOW, sign_in_to


@pytest.fixture
def event_id(demonstration):
    """The exchange with a small timetable: each table's first request in the first slot."""
    with demonstration.app_context():
        session = db.session()
        frame = session.scalars(select(MatchingRound)).one()
        tables = [table for room in frame.rooms for table in room.tables]
        firsts = {one.need_id: one for one in session.scalars(select(Application).order_by(Application.id.desc()))}
        timetable = Timetable(round_id=frame.id, created_at=NOW)
        for table, one in zip(tables, firsts.values(), strict=False):
            place = {"slot_id": frame.slots[0].id, "table_id": table.id}
            timetable.meetings.append(TimetableMeeting(application_id=one.id, **place))
        session.add(timetable)
        session.commit()
        return session.scalars(select(Event.id).where(Event.code == "M08")).one()


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize("kind", ["reception", "large", "sme", "rooms", "whole", "cards"])
def test_every_paper_is_a_pdf_with_a_japanese_name(demonstration, event_id, kind):
    response = sign_in_to(demonstration, Role.RECEPTION).get(f"/staff/events/{event_id}/papers/{kind}.pdf")
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert "filename*=UTF-8''" in response.headers["Content-Disposition"]
    assert "第8回TAMA技術連携交流会@KISTEC" in text_of(response.data).replace("\n", "").replace("\r", "")


@pytest.mark.parametrize("kind", ["reception", "large", "sme", "rooms", "whole"])
def test_the_same_lists_are_workbooks(demonstration, event_id, kind):
    response = sign_in_to(demonstration, Role.READ_ONLY).get(f"/staff/events/{event_id}/papers/{kind}.xlsx")
    assert response.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.data))
    assert len(book.get_sheet_by_index(0).to_python()) > 2


def test_notes_are_only_on_the_desks_list(demonstration, event_id):
    with demonstration.app_context(), transaction() as session:
        guest = guests.expected(session, event_id)[0]
        guest.desk_note = "要連絡"
    address = f"/staff/events/{event_id}/papers/reception.pdf"

    def notes(role):
        shown = text_of(sign_in_to(demonstration, role).get(address).data)
        return "車いす利用" in shown, "要連絡" in shown

    assert (notes(Role.RECEPTION), notes(Role.READ_ONLY)) == ((True, True), (False, False))


def test_without_a_timetable_the_page_says_what_comes_first(demonstration):
    with demonstration.app_context():
        event_id = db.session.scalars(select(Event.id).where(Event.code == "M08")).one()
    client = sign_in_to(demonstration, Role.READ_ONLY)
    assert (
        "時間割を作ると、企業別・部屋別の時間割と卓札を印刷できます"
        in client.get(f"/staff/events/{event_id}/papers").text
    )
    refused = client.get(f"/staff/events/{event_id}/papers/large.pdf")
    assert (refused.status_code, "印刷できる時間割がまだありません" in refused.text) == (422, True)
    assert client.get(f"/staff/events/{event_id}/papers/nothing.pdf").status_code == 404


def test_the_reception_list_is_shared_out_among_desks(demonstration, event_id):
    address = f"/staff/events/{event_id}/papers/reception.pdf?desks=3"
    text = text_of(sign_in_to(demonstration, Role.RECEPTION).get(address).data)
    assert [f"受付{number} " in text for number in (1, 2, 3, 4)] == [True, True, True, False]
