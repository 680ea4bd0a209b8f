"""Which badges are printed: each once, again on purpose, anew when they have become wrong; runs that are taken back."""

import pytest
from sqlalchemy import select

from eventops.accounts.models import AuditEntry
from eventops.database import transaction
from eventops.directory.kana import ROWS
from eventops.events.models import Event
from eventops.meetings.models import Application, MatchingRound
from eventops.meetings.timetable.models import Timetable, TimetableMeeting, TimetableState
from eventops.printing import designs, hints, runs, standing
from eventops.printing.layouts import USUAL_LINES, Layout, Shown, Size
from eventops.printing.models import BadgePrint, BadgeRun
from eventops.printing.runs import Choice, NothingToPrint, PrintedAlready
from eventops.printing.standing import Standing, State
from eventops.registration.models import RegistrationState
from tests.checkin.arrange import make_attendee, make_door
from tests.factories import NOW
from tests.meetings.tiny import make_tiny
from tests.rushing import rush


@pytest.fixture
def event(session):
    return make_door(session)


def print_all(session, event, choice=None):
    told = hints.of_organisations(session, event.id)
    return runs.print_chosen(
        session, event, choice or Choice(), told, stock="card10", first_label=1, actor_id=None, now=NOW
    )


def states(session, event, *people):
    badges = standing.of_event(session, event, hints.of_organisations(session, event.id))
    return [badges.state_of(one) for one in people]


def printed_names(session, run):
    return [person.family_name for person in runs.people_of(session, run)]


def test_each_badge_is_printed_once_and_again_on_purpose(session, event):
    make_attendee(session, event, company_kana="イ")
    first = print_all(session, event)
    make_attendee(session, event, ("佐藤", "花子", "サトウ", "ハナコ"), company_kana="ア")

    assert printed_names(session, first) == ["山田"]
    assert printed_names(session, print_all(session, event)) == ["佐藤"]
    with pytest.raises(NothingToPrint):
        print_all(session, event)
    assert printed_names(session, print_all(session, event, Choice(again=True))) == ["佐藤", "山田"]


def test_a_badge_that_has_become_wrong_is_printed_anew(session, event):
    substitute, renamed, same = (make_attendee(session, event) for _number in range(3))
    print_all(session, event)
    substitute.ticket_issue += 1
    renamed.registration.organisation_name = "新社名株式会社"
    same.desk_note = "車いす"
    assert states(session, event, substitute, renamed, same) == [State.CHANGED, State.CHANGED, State.PRINTED]
    assert {one.attendee_id for one in print_all(session, event).prints} == {substitute.id, renamed.id}


def save(session, event, **values):
    designs.save(session, event, Layout(**values), logo_id=None, for_house=False, actor_id=None, now=NOW)


def test_what_is_not_printed_makes_no_badge_wrong_and_another_layout_neither(session, event):
    moved, renamed, reissued = (make_attendee(session, event) for _number in range(3))
    hidden = {Shown.COMPANY, Shown.DEPARTMENT}
    save(session, event, qr=False, lines=tuple((one, Size.OFF if one in hidden else size) for one, size in USUAL_LINES))
    print_all(session, event)
    moved.department, moved.registration.organisation_name = "開発部", "新社名株式会社"
    renamed.given_kana = "タロー"
    reissued.ticket_issue += 1

    assert states(session, event, moved, renamed, reissued) == [State.PRINTED, State.CHANGED, State.PRINTED]
    save(session, event, free_text="会場内は禁煙です")
    assert states(session, event, moved, reissued) == [State.PRINTED, State.PRINTED]


def publish(session, tiny, version, *, slot):
    """The first guest alone, in this slot at the first table."""
    frame = session.get_one(MatchingRound, tiny.round_id)
    table_id = frame.rooms[0].tables[0].id
    application = session.scalars(select(Application).where(Application.organisation_id == tiny.guest_ids[0])).one()
    made = Timetable(round_id=frame.id, created_at=NOW, version=version, state=TimetableState.PUBLISHED)
    place = {"slot_id": frame.slots[slot].id, "table_id": table_id}
    made.meetings.append(TimetableMeeting(application_id=application.id, **place))
    session.add(made)
    session.flush()
    session.expire_all()


def test_a_timetable_that_is_published_anew_makes_badges_wrong(session):
    tiny = make_tiny(session)
    event = session.get_one(Event, tiny.event_id)
    meets, listens = make_attendee(session, event), make_attendee(session, event)
    meets.registration.organisation_id = tiny.guest_ids[0]
    publish(session, tiny, 1, slot=0)
    print_all(session, event)
    assert states(session, event, meets, listens) == [State.PRINTED, State.PRINTED]

    publish(session, tiny, 2, slot=1)
    assert states(session, event, meets, listens) == [State.CHANGED, State.PRINTED]


@pytest.mark.both_databases
def test_two_people_who_press_at_once_print_each_badge_once(app):
    with app.app_context(), transaction() as session:
        event = make_door(session)
        event_id = event.id
        for _number in range(5):
            make_attendee(session, event)

    def press(_number):
        try:
            with transaction() as session:
                print_all(session, session.get_one(Event, event_id))
        except NothingToPrint:
            return "nothing"
        return "printed"

    assert rush(app, press, 6) == {"printed": 1, "nothing": 5}
    with app.app_context(), transaction() as session:
        assert (session.query(BadgeRun).count(), session.query(BadgePrint).count()) == (1, 5)


@pytest.mark.both_databases
def test_a_logo_that_many_choose_at_once_is_kept_once(app):
    def keep(_number):
        with transaction() as session:
            return designs.keep_logo(session, b"the same picture")

    assert list(rush(app, keep, 6).values()) == [6]


def test_a_run_that_was_taken_back_printed_nobody(session, event):
    make_attendee(session, event)
    run = print_all(session, event)
    runs.undo(session, event, run.id, actor_id=None, now=NOW)
    runs.undo(session, event, run.id, actor_id=None, now=NOW)

    assert printed_names(session, print_all(session, event)) == ["山田"]
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["badges_printed", "badges_taken_back", "badges_printed"]


def test_one_badge_at_the_desk_is_guarded_as_well(session, event):
    person = make_attendee(session, event)

    def once(*, again=False):
        return runs.print_one(
            session, event, person.id, {}, again=again, stock="roll62x100", first_label=1, actor_id=None, now=NOW
        )

    once()
    with pytest.raises(PrintedAlready):
        once()
    assert once(again=True).stock == "roll62x100"


def test_chosen_by_category_part_and_rows(session, event):
    guest = make_attendee(session, event, company_kana="カスミ", badge_category="guest_of_honour")
    party = make_attendee(session, event, company_kana="タマ", places=[(2, "onsite", "confirmed")])
    unread = make_attendee(session, event, company_kana="")

    def chosen(**values):
        found = runs.chosen([guest, party, unread], Choice(**values), Standing(event="", hints={}, printed={}))
        return [("guest", "party", "unread")[[guest, party, unread].index(one)] for one in found]

    assert chosen(category="guest_of_honour") == ["guest"]
    assert chosen(part_id=event.parts[0].id) == ["guest", "unread"]
    assert chosen(from_row="カ", to_row="サ") == ["guest"]
    assert chosen(from_row="サ") == ["party", "unread"]
    assert chosen(to_row="タ") == ["guest", "party"]
    assert chosen(from_row=ROWS[-1]) == ["unread"]


def test_who_has_cancelled_since_is_left_out_of_the_file(session, event):
    stays, goes = make_attendee(session, event), make_attendee(session, event)
    run = print_all(session, event)
    goes.state = RegistrationState.CANCELLED
    session.flush()

    assert runs.people_of(session, run) == [stays]
