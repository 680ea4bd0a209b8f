"""Which badges are printed: each once, again on purpose, anew when they have become wrong; runs that are taken back."""

import pytest
from sqlalchemy import select

from eventops.accounts.models import AuditEntry
from eventops.directory.kana import ROWS
from eventops.printing import runs
from eventops.printing.runs import Choice, NothingToPrint, PrintedAlready, State
from eventops.registration.models import RegistrationState
from tests.checkin.arrange import make_attendee, make_door
from tests.factories import NOW


@pytest.fixture
def event(session):
    return make_door(session)


def print_all(session, event, choice=None):
    return runs.print_chosen(session, event, choice or Choice(), stock="card10", first_label=1, actor_id=None, now=NOW)


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
    printed = runs.newest_prints(session, event.id)

    assert [runs.state_of(one, printed) for one in (substitute, renamed, same)] == [
        State.CHANGED,
        State.CHANGED,
        State.PRINTED,
    ]
    assert {one.attendee_id for one in print_all(session, event).prints} == {substitute.id, renamed.id}


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
            session, event, person.id, again=again, stock="roll62x100", first_label=1, actor_id=None, now=NOW
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
        found = runs.chosen([guest, party, unread], Choice(**values), {})
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
