"""Acts of staff on applications: answers all at once, merging, moving, numbers that are taken."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts.models import AuditEntry
from eventops.directory.models import Organisation
from eventops.meetings.frame import rounds
from eventops.meetings.frame.rounds import RoomRow
from eventops.meetings.models import (
    Application,
    ApplicationState,
    MatchingRound,
    Need,
    ParticipantLimit,
    ProposalFile,
    Recommendation,
)
from eventops.meetings.timetable.models import Timetable, TimetableMeeting
from eventops.meetings.wishes import requests, service
from eventops.meetings.wishes.service import Act, Answer, InTimetable, NotDuplicates, NotInTheseStates, NumberTaken
from tests.factories import NOW, make_organisation
from tests.meetings.sheets import make_round


def make_need(session: Session, found: MatchingRound, code: str = "N01", host: Organisation | None = None) -> Need:
    owner = host or make_organisation(session, f"大手{code}株式会社", "オオテ")
    need = Need(round_id=found.id, code=code, organisation_id=owner.id, title="穴あけ")
    session.add(need)
    session.flush()
    return need


def apply(session: Session, need: Need, code: str, company: Organisation, **values: object) -> Application:
    fields = {"round_id": need.round_id, "need_id": need.id, "code": code, "organisation_id": company.id}
    application = Application(**(fields | {"submitted_at": NOW} | values))
    session.add(application)
    session.flush()
    return application


def act(found: MatchingRound) -> Act:
    return Act(found.id, None, NOW)


def test_answers_are_stored_all_at_once_and_counted_when_they_differ(session: Session) -> None:
    found = make_round(session)
    need, company = make_need(session, found), make_organisation(session)
    one = apply(session, need, "A001", company)
    two = apply(session, need, "A002", make_organisation(session, "株式会社海", "ウミ"), rating="B")
    gone = apply(session, need, "A003", make_organisation(session, "株式会社山", "ヤマ"), state="withdrawn")

    answers = {one.id: Answer("A", "ぜひ"), two.id: Answer("B", ""), gone.id: Answer("A", "")}
    changed = service.screen(session, act(found), need_id=need.id, answers=answers)

    assert changed == 1
    assert [(a.rating, a.screening_comment) for a in (one, two, gone)] == [("A", "ぜひ"), ("B", ""), (None, "")]
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "screened")).one()
    assert entry.after == {"need_id": need.id, "ratings": {"A001": "A"}}


def test_an_answer_can_be_taken_back(session: Session) -> None:
    found = make_round(session)
    need = make_need(session, found)
    one = apply(session, need, "A001", make_organisation(session), rating="A")

    service.screen(session, act(found), need_id=need.id, answers={one.id: Answer(None, "")})

    assert one.rating is None


def test_merging_keeps_the_first_and_takes_what_it_lacks(session: Session) -> None:
    found = make_round(session)
    need, company = make_need(session, found), make_organisation(session)
    first = apply(session, need, "A001", company, proposal_title="放電加工", technology_tags=["切削"])
    later = apply(
        session,
        need,
        "A002",
        company,
        proposal_title="別の題名",
        proposal_text="本文",
        technology_tags=["切削", "研磨"],
        rating="A",
    )

    service.merge(session, act(found), first_id=first.id, later_id=later.id)

    assert later.state == ApplicationState.DUPLICATE
    assert (first.proposal_title, first.proposal_text, first.rating) == ("放電加工", "本文", "A")
    assert first.technology_tags == ["切削", "研磨"]
    assert list(requests.requests_of(session, found.id)) == [first]


def test_only_the_later_of_a_pair_is_merged_into_the_earlier(session: Session) -> None:
    found = make_round(session)
    need, company = make_need(session, found), make_organisation(session)
    first, later = apply(session, need, "A001", company), apply(session, need, "A002", company)
    other = apply(session, make_need(session, found, "N02"), "A003", company)

    for pair in ((later, first), (first, other), (first, first)):
        with pytest.raises(NotDuplicates):
            service.merge(session, act(found), first_id=pair[0].id, later_id=pair[1].id)


def test_a_merged_application_is_not_withdrawn(session: Session) -> None:
    found = make_round(session)
    one = apply(session, make_need(session, found), "A001", make_organisation(session), state="duplicate")

    with pytest.raises(NotInTheseStates):
        service.move(session, act(found), application_id=one.id, target=ApplicationState.WITHDRAWN)


def test_a_number_is_given_once_in_a_round(session: Session) -> None:
    found = make_round(session)
    need = make_need(session, found)
    make_need(session, make_round(session, slug="other"), "N02")

    with pytest.raises(NumberTaken):
        service.require_free_code(session, Need, found.id, "N01", None)
    service.require_free_code(session, Need, found.id, "N01", need.id)
    service.require_free_code(session, Need, found.id, "N02", None)


def test_what_a_timetable_refers_to_is_not_deleted(session: Session) -> None:
    found = make_round(session)
    need = make_need(session, found)
    one = apply(session, need, "A001", make_organisation(session))
    rounds.save_rooms(session, round_id=found.id, rows=[RoomRow(None, "RA", "研修室A", 1)], actor_id=None, now=NOW)
    timetable = Timetable(round_id=found.id, created_at=NOW)
    place = {"slot_id": found.slots[0].id, "table_id": found.rooms[0].tables[0].id}
    timetable.meetings.append(TimetableMeeting(application_id=one.id, **place))
    session.add(timetable)
    session.flush()

    for row in (one, need):
        with pytest.raises(InTimetable):
            service.drop(session, act(found), row=row)


def test_merging_takes_papers_times_and_praise_along(session: Session) -> None:
    found = make_round(session)
    need, company = make_need(session, found), make_organisation(session)
    first = apply(session, need, "A001", company, times_settled=True)
    later = apply(session, need, "A002", company, introducer="架空商工会議所", is_recommended=True)
    later.arrives_from, later.times_settled = found.starts_at, True
    later.files = [ProposalFile(name="図面.pdf", size=3, stored="x" * 32)]
    later.recommendations = [Recommendation(recommender="協会", reason="現場を見ました", created_at=NOW)]
    session.add(ParticipantLimit(round_id=found.id, organisation_id=company.id, kind="arrives_from", note="A002"))
    session.flush()

    service.merge(session, act(found), first_id=first.id, later_id=later.id)
    session.flush()
    session.expire_all()

    assert ([one.name for one in first.files], [one.reason for one in first.recommendations]) == (
        ["図面.pdf"],
        ["現場を見ました"],
    )
    assert (first.introducer, first.arrives_from, first.times_settled) == ("架空商工会議所", found.starts_at, False)
    assert (first.is_recommended, later.is_recommended, later.files) == (True, False, [])
    assert session.scalars(select(ParticipantLimit.note)).all() == ["A001"]
