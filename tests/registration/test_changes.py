"""Changing what was applied for: people, substitutes, parts, queues, cancelling, the fee category."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role, StaffUser
from eventops.errors import NotFound
from eventops.events.models import Eligibility, Mode, PriceCategory
from eventops.mail.models import Letter
from eventops.registration import agreements, changes, service
from eventops.registration.commands import Claim, PersonDetails
from eventops.registration.desk import open_desk
from eventops.registration.models import IfFull
from eventops.registration.refusals import BadWish, CancelledAlready, NotEligible, SoldOut, TooLate
from eventops.registration.seats import part_changes
from tests.factories import NOW
from tests.registration.arrange import application, entrant, make_new_year

ONSITE, ONLINE = Mode.ONSITE, Mode.ONLINE
BEFORE_THE_DAY = dt.datetime(2027, 1, 14, tzinfo=dt.UTC)
AFTERWARDS = dt.datetime(2027, 1, 16, tzinfo=dt.UTC)
SOMEBODY = PersonDetails(
    family_name="鈴木",
    given_name="実",
    family_kana="スズキ",
    given_kana="ミノル",
    dietary_need="えび",
    job_title="課長",
)


def register(session, event, *entrants, **values):
    return service.register(session, application(event, *entrants, **values), now=NOW)


def desk_for(session, registration, *, now=NOW, actor_id=None):
    return open_desk(session, registration.id, now=now, actor_id=actor_id)


def held(registration, person=0):
    places = registration.attendees[person].places
    return sorted((p.part.position, p.mode, p.state) for p in places if p.state != "cancelled")


def letters(session):
    return [letter.kind.removeprefix("registration_") for letter in session.scalars(select(Letter).order_by(Letter.id))]


def clerk(session):
    user = StaffUser(email="c@example.jp", name="職員", role=Role.EVENT_MANAGER, password_hash="-", created_at=NOW)
    session.add(user)
    session.flush()
    return user.id


def test_a_correction_keeps_the_ticket_and_the_history_holds_nothing_about_health(session):
    event = make_new_year(session)
    made = register(session, event)
    person = made.attendees[0]
    changes.change_details(desk_for(session, made), attendee_id=person.id, details=SOMEBODY)
    assert (person.full_name, person.sort_key, person.ticket_issue, person.dietary_need) == (
        "鈴木 実",
        "ススキミノル",
        1,
        "えび",
    )
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "attendee_changed")).one()
    assert (entry.actor_id, entry.before["family_name"], entry.after["family_name"]) == (None, "山田", "鈴木")
    assert "えび" not in str(entry.after)


def test_a_substitute_keeps_the_number_and_makes_the_old_code_invalid(session):
    event = make_new_year(session)
    made = register(session, event, entrant(event), entrant(event, 1))
    person = made.attendees[1]
    person.desk_note = "車いすの方"
    changes.substitute(desk_for(session, made), attendee_id=person.id, details=SOMEBODY)
    assert person.desk_note == ""
    assert (made.number, person.position, person.ticket_issue, person.full_name) == (1, 2, 2, "鈴木 実")
    assert made.attendees[0].ticket_issue == 1
    assert letters(session) == ["received", "changed"]


def test_people_of_others_and_cancelled_people_cannot_be_changed(session):
    event = make_new_year(session)
    mine, other = register(session, event, entrant(event), entrant(event, 1)), register(session, event)
    with pytest.raises(NotFound):
        changes.substitute(desk_for(session, mine), attendee_id=other.attendees[0].id, details=SOMEBODY)
    changes.cancel(desk_for(session, mine), attendee_ids=[mine.attendees[1].id])
    with pytest.raises(CancelledAlready):
        changes.substitute(desk_for(session, mine), attendee_id=mine.attendees[1].id, details=SOMEBODY)


def test_a_part_is_added_and_dropped_with_its_seat_and_its_fee(session):
    event = make_new_year(session, party=1)
    lecture, party = (part.id for part in event.parts)
    made = register(session, event, entrant(event, parts=[1]))
    person = made.attendees[0].id

    def wish(registration, wanted, if_full=IfFull.WAIT):
        desk = desk_for(session, registration)
        part_changes.change_parts(desk, attendee_id=registration.attendees[0].id, wanted=wanted, if_full=if_full)

    wish(made, {lecture: ONSITE, party: ONSITE})
    assert held(made) == [(1, ONSITE, "confirmed"), (2, ONSITE, "confirmed")]
    other = register(session, event, entrant(event, parts=[2]))
    assert held(other) == [(2, ONSITE, "waiting")]
    wish(made, {lecture: ONLINE})
    assert (held(made), made.total_yen) == ([(1, ONLINE, "confirmed")], 0)
    assert (held(other), other.total_yen) == ([(2, ONSITE, "confirmed")], 5000)
    wish(made, {lecture: ONSITE, party: ONSITE})
    assert (held(made), made.total_yen) == ([(1, ONSITE, "confirmed"), (2, ONSITE, "waiting")], 5000)
    assert letters(session) == ["received", "changed", "received", "promoted", "changed", "changed"]
    with pytest.raises(BadWish):
        wish(made, {})
    assert made.attendees[0].id == person


def test_unchanged_parts_write_nothing(session):
    event = make_new_year(session)
    made = register(session, event)
    wanted = part_changes.standing_in(made.attendees[0])
    part_changes.change_parts(
        desk_for(session, made), attendee_id=made.attendees[0].id, wanted=wanted, if_full=IfFull.WITHDRAW
    )
    assert (made.revision, letters(session)) == (0, ["received"])


def test_who_cannot_get_what_is_asked_for_keeps_what_was_held(session):
    event = make_new_year(session, venue=1, online=1)
    lecture = event.parts[0].id
    at_venue = register(session, event, entrant(event, parts=[1]))
    watching = register(session, event, entrant(event, parts=[1], mode=ONLINE))
    for registration, mode, if_full in (
        (at_venue, ONLINE, IfFull.WAIT),
        (watching, ONSITE, IfFull.WITHDRAW),
    ):
        before = held(registration)
        with pytest.raises(SoldOut):
            part_changes.change_parts(
                desk_for(session, registration),
                attendee_id=registration.attendees[0].id,
                wanted={lecture: mode},
                if_full=if_full,
            )
        assert held(registration) == before


@pytest.mark.parametrize("choice", [IfFull.WAIT, IfFull.ONLINE_AND_WAIT, IfFull.ONLINE])
def test_somebody_online_waits_for_the_venue_without_losing_the_online_seat(session, choice):
    event = make_new_year(session, venue=1, online=1)
    lecture = event.parts[0].id
    first = register(session, event, entrant(event, parts=[1]))
    watching = register(session, event, entrant(event, parts=[1], mode=ONLINE))
    part_changes.change_parts(
        desk_for(session, watching),
        attendee_id=watching.attendees[0].id,
        wanted={lecture: ONSITE},
        if_full=choice,
    )
    assert held(watching) == [(1, ONLINE, "confirmed"), (1, ONSITE, "waiting")]
    changes.cancel(desk_for(session, first), attendee_ids=[first.attendees[0].id])
    assert held(watching) == [(1, ONSITE, "confirmed")]


def test_cancelling_one_keeps_the_others_and_moves_the_first_up(session):
    event = make_new_year(session, venue=2, party=2)
    made = register(session, event, entrant(event), entrant(event, 1))
    first, second = (register(session, event, entrant(event, 2)) for _time in range(2))
    changes.cancel(desk_for(session, made), attendee_ids=[made.attendees[0].id])
    assert (made.state, [p.state for p in made.attendees], made.total_yen) == ("active", ["cancelled", "active"], 5000)
    assert held(first) == [(1, ONSITE, "confirmed"), (2, ONSITE, "confirmed")]
    assert held(second) == [(1, ONSITE, "waiting"), (2, ONSITE, "waiting")]
    assert letters(session)[3:] == ["promoted", "cancelled"]


def test_cancelling_everybody_cancels_the_application_once(session):
    event = make_new_year(session)
    made = register(session, event, entrant(event), entrant(event, 1))
    everybody = [person.id for person in made.attendees]
    changes.cancel(desk_for(session, made), attendee_ids=everybody)
    assert (made.state, made.cancelled_at, made.total_yen, held(made)) == ("cancelled", NOW, 0, [])
    letter = session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()
    assert [attachment["maker"] for attachment in letter.attachments] == ["event_ics"]
    assert "お申込みをすべて取り消しました。" in letter.body
    with pytest.raises(CancelledAlready):
        changes.cancel(desk_for(session, made), attendee_ids=everybody)


def test_after_the_free_time_the_fee_stays_unless_staff_let_it_go(session):
    event = make_new_year(session, free_cancellation_until=NOW)
    late = NOW + dt.timedelta(seconds=1)
    first, second = register(session, event), register(session, event)
    changes.cancel(desk_for(session, first, now=late), attendee_ids=[first.attendees[0].id])
    assert first.total_yen == 5000
    desk = desk_for(session, second, now=late, actor_id=clerk(session))
    changes.cancel(desk, attendee_ids=[second.attendees[0].id], keeps_fee=False)
    assert second.total_yen == 0


def test_deadlines_bind_guests_and_not_staff(session):
    event = make_new_year(session)
    made = register(session, event)
    person, lecture = made.attendees[0].id, event.parts[0].id

    def attempts(now, actor_id=None):
        def run(act, **values):
            desk = desk_for(session, made, now=now, actor_id=actor_id)
            act(desk, attendee_id=person, **values)

        yield lambda: run(part_changes.change_parts, wanted={lecture: ONSITE}, if_full=IfFull.WAIT)
        yield lambda: run(changes.substitute, details=SOMEBODY)
        yield lambda: changes.cancel(desk_for(session, made, now=now, actor_id=actor_id), attendee_ids=[person])

    for attempt in attempts(AFTERWARDS):
        with pytest.raises(TooLate):
            attempt()
    with pytest.raises(TooLate):
        next(attempts(BEFORE_THE_DAY))()
    for attempt in attempts(AFTERWARDS, clerk(session)):
        attempt()
    assert made.state == "cancelled"


def test_nobody_moves_up_in_a_part_that_has_begun(session):
    event = make_new_year(session, venue=1)
    first, second = (register(session, event, entrant(event, parts=[1])) for _time in range(2))
    desk = desk_for(session, first, now=AFTERWARDS, actor_id=clerk(session))
    changes.cancel(desk, attendee_ids=[first.attendees[0].id])
    assert held(second) == [(1, ONSITE, "waiting")]


def test_a_part_that_is_not_for_the_guest_is_refused(session):
    event = make_new_year(session)
    lecture, party = event.parts
    party.eligibility = Eligibility.INVITED
    made = register(session, event, entrant(event, parts=[1]))
    wanted = {lecture.id: ONSITE, party.id: ONSITE}
    with pytest.raises(NotEligible):
        part_changes.change_parts(
            desk_for(session, made), attendee_id=made.attendees[0].id, wanted=wanted, if_full=IfFull.WAIT
        )
    desk = desk_for(session, made, actor_id=clerk(session))
    part_changes.change_parts(desk, attendee_id=made.attendees[0].id, wanted=wanted, if_full=IfFull.WAIT)
    assert len(held(made)) == 2


def test_staff_decide_the_fee_category_with_a_reason(session):
    event = make_new_year(session)
    made = register(session, event, entrant(event), entrant(event, 1), claim=Claim.MEMBER)
    assert (made.total_yen, made.claims_membership) == (6000, True)
    changes.set_price_category(
        desk_for(session, made, actor_id=clerk(session)),
        attendee_ids=[made.attendees[1].id],
        category=PriceCategory.GENERAL,
        reason="1月に退会",
    )
    assert (made.total_yen, made.claims_membership, made.price_category) == (8000, False, "member")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "price_category_changed")).one()
    assert (entry.before["2"], entry.after["2"], entry.after["reason"]) == ("member", "general", "1月に退会")


def test_a_consent_is_shown_for_whoever_gave_it_with_the_hour_of_that(app, session):
    told = {"privacy": "個人情報", "photo_consent": "撮影した写真"}
    event = make_new_year(session)
    made = register(session, event, entrant(event), entrant(event, 1), applicant_name="山田　太郎", told=told)
    applicant, colleague = made.attendees
    applicant.photo_consent = True
    session.flush()

    def shown():
        with app.test_request_context():
            found = agreements.of_registration(session, made.id)
        return [[(one.text, one.at) for one in found[person.id]] for person in (applicant, colleague)]

    assert shown() == [[("個人情報", NOW), ("撮影した写真", NOW)], []]
    later = NOW + dt.timedelta(days=1)
    ticked = replace(SOMEBODY, photo_consent=True)
    changes.change_details(desk_for(session, made, now=later), attendee_id=colleague.id, details=ticked)
    assert shown()[1] == [("", later)]
    corrected = later + dt.timedelta(hours=1)
    changes.change_details(desk_for(session, made, now=corrected), attendee_id=colleague.id, details=ticked)
    changes.substitute(desk_for(session, made, now=corrected), attendee_id=applicant.id, details=ticked)
    assert shown() == [[("", corrected)], [("", later)]]
