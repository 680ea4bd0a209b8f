"""What an applicant's page and an agency's list refuse or keep back: sent twice, too late, not public yet."""

import datetime as dt
import html
import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role
from eventops.clock import tokyo
from eventops.database import db, transaction
from eventops.mail.models import Letter
from eventops.meetings.applying import own
from eventops.meetings.applying.entries import EntriesClosed
from eventops.meetings.applying.proposals import Proposal
from eventops.meetings.frame import rounds
from eventops.meetings.frame.rounds import RoomRow
from eventops.meetings.hosting import answering, links
from eventops.meetings.hosting.answering import Given
from eventops.meetings.models import (
    Application,
    LimitKind,
    MatchingRound,
    Need,
    NeedState,
    ParticipantLimit,
    ProposalFile,
)
from eventops.meetings.timetable import drafts, publication
from eventops.meetings.timetable.drafts import Spot
from eventops.meetings.timetable.models import Timetable, TimetableMeeting, TimetableState
from tests.factories import HELD_ON, NOW
from tests.meetings.day.published import somebody
from tests.meetings.sheets import make_round
from tests.meetings.test_hosts import entry
from tests.meetings.test_own_pages import PDF, SHEET, application, apply, drawing, page_of
from tests.meetings.test_service import make_need
from tests.meetings.tiny import make_tiny
from tests.rushing import rush


@pytest.fixture
def event_id(app: Flask) -> int:
    with app.app_context(), transaction() as session:
        found = make_round(session)
        for code in ("N01", "N02"):
            make_need(session, found, code)
        return found.event_id


def test_a_form_sent_twice_is_one_application_with_one_receipt(app: Flask, client: FlaskClient, event_id: int) -> None:
    for _again in range(2):
        apply(client, **SHEET, file_1=drawing())

    with app.app_context():
        assert len(db.session.scalars(select(Application)).all()) == 1
        assert len(db.session.scalars(select(Letter)).all()) == 1


def test_the_proof_of_a_file_serves_a_second_application_too(app: Flask, client: FlaskClient, event_id: int) -> None:
    refused = client.post(
        "/e/m08/needs/N01/apply",
        data={**entry(), "family_kana": "", "file_1": drawing()},
        content_type="multipart/form-data",
    )
    proof = re.search(r'name="file_1-kept" value="([^"]+)"', refused.text)
    assert proof is not None
    for title in ("穴あけ", "穴あけの別案"):
        apply(client, **{"proposal_title": title, "file_1-kept": html.unescape(proof[1])})

    with app.app_context():
        kept = db.session.scalars(select(ProposalFile).order_by(ProposalFile.id)).all()
        assert [(one.name, one.application_id) for one in kept] == [("図面.pdf", 1), ("図面.pdf", 2)]
        for place in range(2):
            assert client.get(page_of(app, f"/files/{kept[place].id}", number=place)).data == PDF


def publish(app: Flask) -> None:
    """A published timetable that holds the first application."""
    with app.app_context(), transaction() as session:
        first = session.scalars(select(Application).order_by(Application.id)).first()
        round_id = first.round_id
        rounds.save_rooms(session, round_id=round_id, rows=[RoomRow(None, "RA", "研修室A", 1)], actor_id=None, now=NOW)
        found = session.get_one(MatchingRound, round_id)
        made = Timetable(round_id=round_id, created_at=NOW, state=TimetableState.PUBLISHED, version=1)
        place = {"slot_id": found.slots[0].id, "table_id": found.rooms[0].tables[0].id}
        made.meetings.append(TimetableMeeting(application_id=first.id, **place))
        session.add(made)


def test_a_published_timetable_ends_withdrawing_ordering_and_answering(
    app: Flask, client: FlaskClient, event_id: int
) -> None:
    apply(client, "N01", priority="1")
    apply(client, "N02", priority="2")
    first = application(app)
    with app.app_context():
        host = f"/n/{links.token_of(db.session.get_one(Need, first.need_id))}/applications"
    publish(app)

    refused = [
        client.post(page_of(app, "/withdraw")),
        client.post(page_of(app, "/order"), data={f"priority-{first.id}": "5"}),
        client.post(host, data={f"rating-{first.id}": "A", f"comment-{first.id}": "ぜひ", f"seen-{first.id}": ""}),
    ]

    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert "A001" in refused[1].text
    assert "選考の回答は締め切りました" in refused[2].text
    assert 'value="ぜひ"' in refused[2].text
    now = application(app)
    assert (now.state, now.priority, now.rating) == ("received", 1, None)
    assert "順番を保存" not in client.get(page_of(app)).text


def test_the_order_is_closed_with_the_needs_and_leaves_a_line_before(
    app: Flask, client: FlaskClient, event_id: int
) -> None:
    apply(client, "N01", priority="1")
    apply(client, "N02", priority="2")
    numbers = {f"priority-{application(app).id}": "3"}
    client.post(page_of(app, "/order"), data=numbers)
    with app.app_context(), transaction() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.action == "wishes_ordered")).one()
        assert (line.before, line.after) == ({"A001": 1}, {"A001": 3, "code": "A001"})
        for need in session.scalars(select(Need)):
            need.state = NeedState.CLOSED

    assert client.post(page_of(app, "/order"), data={f"priority-{application(app).id}": "1"}).status_code == 422
    assert application(app).priority == 3


@pytest.mark.parametrize("number", ["abc", "21", "0", ""])
def test_an_order_that_is_none_is_said_beside_what_was_typed(
    app: Flask, client: FlaskClient, event_id: int, number: str
) -> None:
    apply(client, "N01", priority="1")
    apply(client, "N02", priority="2")

    answer = client.post(page_of(app, "/order"), data={f"priority-{application(app).id}": number})

    assert (answer.status_code, f'value="{number}"' in answer.text) == (422, True)
    assert "1から20までの数字で入力してください。" in answer.text


def test_a_correction_after_the_deadline_is_refused_with_a_sentence(
    app: Flask, client: FlaskClient, event_id: int
) -> None:
    apply(client)
    with app.app_context(), transaction() as session:
        session.scalars(select(Need).where(Need.code == "N01")).one().entries_close_at = NOW

    typed = {**SHEET, "proposal_title": "長く考えた題名"}
    answer = client.post(page_of(app, "/edit"), data=typed)

    assert (answer.status_code, "内容は変わっていません" in answer.text) == (422, True)
    assert "長く考えた題名" in answer.text
    assert application(app).proposal_title != "長く考えた題名"
    assert client.get(page_of(app, "/edit")).status_code == 302


def test_changed_and_cleared_times_replace_what_was_taken_over(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], event_id: int
) -> None:
    apply(client, **SHEET)
    stated = f"/staff/events/{event_id}/matching/limits"
    form = {"proposal_title": "題", "proposal_text": "文", "no_secrets": "y", "arrives_from": "", "leaves_by": ""}
    manager, chosen = sign_in(Role.EVENT_MANAGER), {"application": application(app).id, "act": "take"}
    manager.post(f"{stated}/stated", data=chosen)

    client.post(page_of(app, "/edit"), data={**form, "arrives_from": "13:30"})
    manager.post(f"{stated}/stated", data=chosen)
    with app.app_context():
        limits = [(one.kind, one.time_from) for one in db.session.scalars(select(ParticipantLimit))]
    assert limits == [(LimitKind.ARRIVES_FROM, tokyo(HELD_ON, dt.time(13, 30)))]

    client.post(page_of(app, "/edit"), data=form)
    assert "時間の希望がなくなりました" in manager.get(stated).text
    manager.post(f"{stated}/stated", data=chosen)
    with app.app_context():
        assert db.session.scalars(select(ParticipantLimit)).all() == []
    assert "時間の希望がなくなりました" not in manager.get(stated).text


def test_an_agency_learns_neither_a_hidden_name_nor_the_draft(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], event_id: int
) -> None:
    apply(client, introducer="架空商工会議所")
    sheet = f"/staff/events/{event_id}/matching/introducers.xlsx?name=架空商工会議所"
    publish(app)
    with app.app_context(), transaction() as session:
        need = session.scalars(select(Need).where(Need.code == "N01")).one()
        need.is_anonymous, need.public_name = True, "大手電機メーカー"

    published = listed(sign_in(Role.EVENT_MANAGER), sheet)
    with app.app_context(), transaction() as session:
        session.scalars(select(Timetable)).one().state = TimetableState.DRAFT
    draft = listed(sign_in(Role.EVENT_MANAGER), sheet)

    assert (published[3], draft[3]) == ("大手電機メーカー", "大手電機メーカー")
    assert published[5] != draft[5]
    with app.app_context():
        lines = db.session.scalars(select(AuditEntry.after).where(AuditEntry.action == "introducers_exported")).all()
        assert lines == [{"list": "introducers", "introducer": "架空商工会議所"}] * 2


def listed(manager: FlaskClient, address: str) -> list[object]:
    data = manager.get(address).data
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1]


def test_a_forwarded_address_of_an_applicant_is_replaced(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], event_id: int
) -> None:
    apply(client)
    old = page_of(app)

    renew = f"/staff/events/{event_id}/matching/applications/{application(app).id}/link"
    assert sign_in(Role.READ_ONLY).post(renew).status_code == 403
    assert sign_in(Role.EVENT_MANAGER).post(renew).status_code == 302

    assert (client.get(old).status_code, client.get(page_of(app)).status_code) == (404, 200)


@pytest.mark.both_databases
def test_withdrawing_while_the_timetable_is_published(app: Flask) -> None:
    """Whoever comes first: no published meeting is with a company that has withdrawn."""
    with app.app_context(), transaction() as session:
        tiny, actor_id = make_tiny(session), somebody(session)
        found = session.get_one(MatchingRound, tiny.round_id)
        first = session.scalars(select(Application.id).order_by(Application.code)).first()
        draft = drafts.draft_for_round(session, round_id=tiny.round_id, now=NOW)
        spot = Spot(found.slots[0].id, found.rooms[0].tables[0].id)
        drafts.replace_all(session, draft, layout={first: spot}, actor_id=actor_id, now=NOW)
        revision = draft.revision

    def work(number: int) -> str:
        try:
            with transaction() as session:
                if number:
                    own.withdraw(session, application_id=first, now=NOW)
                else:
                    publication.publish(session, round_id=tiny.round_id, revision=revision, actor_id=actor_id, now=NOW)
        except (own.TooLateToWithdraw, publication.BrokenTimetable, publication.NothingToPublish):
            return "told"
        return "done"

    assert rush(app, work, 2) == {"done": 1, "told": 1}
    with app.app_context():
        is_published = db.session.scalars(select(Timetable)).one().state == TimetableState.PUBLISHED
        assert is_published == (db.session.get_one(Application, first).state == "received")


@pytest.mark.both_databases
def test_rewriting_a_proposal_while_its_company_answers(app: Flask, client: FlaskClient, event_id: int) -> None:
    """Whoever comes first: no answer stands for a proposal that its company has not read."""
    apply(client)
    with app.app_context():
        first = db.session.scalars(select(Application)).one()
        number, need_id, seen = first.id, first.need_id, answering.stamp(first)

    def work(turn: int) -> str:
        try:
            with transaction() as session:
                if turn:
                    written = Proposal(title="別の提案", text="別の内容")
                    own.change(session, application_id=number, proposal=written, dropped=(), now=NOW)
                else:
                    given = {number: Given("A", "", seen)}
                    return (
                        "told" if answering.answer(session, need_id=need_id, given=given, now=NOW).troubles else "done"
                    )
        except EntriesClosed:
            return "told"
        return "done"

    assert rush(app, work, 2) == {"done": 1, "told": 1}
    now = application(app)
    assert (now.rating == "A") == (now.proposal_title != "別の提案")


def test_the_company_s_name_is_told_with_the_published_timetable_and_not_before(
    app: Flask, client: FlaskClient, event_id: int
) -> None:
    apply(client)
    with app.app_context(), transaction() as session:
        need = session.scalars(select(Need).where(Need.code == "N01")).one()
        need.is_anonymous, need.public_name, name = True, "大手計測器メーカー", need.organisation.name
    before = client.get(page_of(app)).text
    assert ("大手計測器メーカー" in before, name in before) == (True, False)
    publish(app)
    assert name in client.get(page_of(app)).text
