"""Registering on a real session: numbers, seats, prices, the letter; and everything that is refused."""

import datetime as dt
import re

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select

from eventops.database import db
from eventops.directory.models import Membership, OrganisationSize
from eventops.events.models import Eligibility, EventState, Mode
from eventops.mail.models import Letter
from eventops.registration import service
from eventops.registration.commands import Claim
from eventops.registration.models import IfFull, Place, Registration, Source
from eventops.registration.refusals import BadWish, NotEligible, NotOpen, SoldOut
from eventops.registration.seats import promotion
from tests.factories import NOW, make_organisation
from tests.registration.arrange import application, entrant, make_new_year

ONSITE, ONLINE = Mode.ONSITE, Mode.ONLINE


def register(session, event, *entrants, **values):
    return service.register(session, application(event, *entrants, **values), now=NOW)


def places(registration, person=0):
    found = registration.attendees[person].places
    return [
        (place.part.position, place.mode, place.state) for place in sorted(found, key=lambda p: (p.part_id, p.mode))
    ]


def test_one_application_becomes_rows_a_number_a_fee_and_a_letter(session):
    event = make_new_year(session)
    made = register(session, event, entrant(event), entrant(event, 1, parts=[1]))
    assert (made.number, event.last_registration_number, made.total_yen) == (1, 1, 10_000)
    assert [places(made, person) for person in (0, 1)] == [
        [(1, ONSITE, "confirmed"), (2, ONSITE, "confirmed")],
        [(1, ONSITE, "confirmed")],
    ]
    assert [(p.fee_yen, p.sort_key, p.phone_tail, p.badge_category) for p in made.attendees] == [
        (5000, "ヤマタタロウ", "5678", "general"),
        (5000, "サトウハナコ", "5678", "general"),
    ]
    assert register(session, event).number == 2


def test_the_letter_says_what_was_applied_for_and_carries_ticket_and_dates(session):
    event = make_new_year(session, cancellation_rule="3営業日前の17時まで無料です。")
    made = register(session, event, entrant(event), entrant(event, 1, mode=ONLINE, parts=[1]))
    letter = session.scalars(select(Letter)).one()
    assert letter.subject == "【事務局】お申込みを受け付けました(令和9年新春講演会・賀詞交歓会)"
    assert (letter.to_email, letter.to_name) == ("soumu@umibe.example.jp", "株式会社海辺工業 総務 花")
    assert letter.attachments == [
        {"maker": "ticket_pdf", "subject_id": made.id},
        {"maker": "event_ics", "subject_id": made.id},
    ]
    for expected in (
        "令和9年1月15日(金)",
        "■ 山田 太郎 様(参加証番号 0001-1)\n ・",
        "第1部 新春講演会 17:00〜18:00\n   会場で参加",
        "オンラインで参加",
        "5,000円(税込)",
        "銀行振込",
        "3営業日前の17時まで無料です。",
    ):
        assert expected in letter.body
    assert re.search(r"http://localhost/r/\S{20,}\n", letter.body)
    assert "{" not in letter.body


def test_the_same_submission_is_registered_once(session):
    event = make_new_year(session)
    first = register(session, event, submission_key="k")
    again = register(session, event, submission_key="k")
    assert (again.id, session.query(Registration).count(), session.query(Letter).count()) == (first.id, 1, 1)


@pytest.mark.parametrize(
    ("ends_on", "claim", "expected"),
    [
        (None, Claim.GENERAL, ("member", False, 3000)),
        (None, Claim.UNKNOWN, ("member", False, 3000)),
        (dt.date(2026, 11, 22), Claim.MEMBER, ("member", False, 3000)),
        (dt.date(2026, 11, 21), Claim.MEMBER, ("member", True, 3000)),
        (dt.date(2026, 11, 21), Claim.UNKNOWN, ("general", True, 5000)),
        (dt.date(2026, 11, 21), Claim.GENERAL, ("general", False, 5000)),
    ],
)
def test_the_roll_on_the_day_of_application_decides_the_price(session, ends_on, claim, expected):
    event = make_new_year(session)
    company = make_organisation(session, "株式会社青空精密", member=False)
    company.memberships.append(Membership(starts_on=dt.date(2020, 4, 1), ends_on=ends_on))
    session.flush()
    made = register(session, event, organisation_name=" ㈱青空精密 御中", claim=claim)
    assert made.organisation_id == company.id
    assert (made.price_category, made.claims_membership, made.total_yen) == expected


def test_a_name_that_is_not_certain_is_left_to_the_secretariat(session):
    event = make_new_year(session)
    make_organisation(session, "株式会社青空精密")
    made = register(session, event, organisation_name="青空精密", claim=Claim.MEMBER)
    assert (made.organisation_id, made.price_category, made.claims_membership) == (None, "member", True)


def test_a_member_company_brings_a_guest_who_pays_as_one(session):
    event = make_new_year(session)
    make_organisation(session, "株式会社青空精密")
    people = [entrant(event, index) for index in range(3)] + [entrant(event, 3, is_outside=True)]
    made = register(session, event, *people, organisation_name="株式会社青空精密")
    assert [(p.price_category, p.fee_yen, p.badge_category) for p in made.attendees] == [
        *[("member", 3000, "member")] * 3,
        ("general", 5000, "general"),
    ]
    assert made.total_yen == 14_000


def test_people_of_a_large_company_wear_its_badge(session):
    event = make_new_year(session)
    make_organisation(session, "株式会社青空精密", size=OrganisationSize.LARGE)
    assert register(session, event, organisation_name="株式会社青空精密").attendees[0].badge_category == "large"


def test_a_full_venue_follows_each_applicants_choice(session):
    event = make_new_year(session, venue=1, online=2)
    choices = (IfFull.WAIT, IfFull.ONLINE, IfFull.ONLINE_AND_WAIT, IfFull.ONLINE, IfFull.WAIT)
    made = [register(session, event, entrant(event, parts=[1]), if_full=choice) for choice in choices]
    assert [places(registration) for registration in made] == [
        [(1, ONSITE, "confirmed")],
        [(1, ONLINE, "confirmed")],
        [(1, ONLINE, "confirmed"), (1, ONSITE, "waiting")],
        [(1, ONSITE, "waiting")],
        [(1, ONSITE, "waiting")],
    ]
    assert [registration.total_yen for registration in made] == [5000, 0, 0, 0, 0]


def test_who_does_not_want_to_wait_is_refused_and_nothing_is_written(session):
    event = make_new_year(session, venue=0, online=0)
    with pytest.raises(SoldOut):
        register(session, event, if_full=IfFull.WITHDRAW)
    assert (session.query(Registration).count(), event.last_registration_number) == (0, 0)


def test_the_reserve_is_for_the_secretariat(session):
    event = make_new_year(session, venue=3)
    pool = event.parts[0].pools[0]
    pool.reserved = 2
    first = [register(session, event, entrant(event, parts=[1])) for _time in range(2)]
    assert [places(made) for made in first] == [[(1, ONSITE, "confirmed")], [(1, ONSITE, "waiting")]]
    guest = register(session, event, entrant(event, parts=[1]), source=Source.STAFF, uses_reserve=True)
    assert (places(guest), pool.reserved) == ([(1, ONSITE, "confirmed")], 1)


def test_seats_added_by_staff_go_to_those_who_wait_first(session):
    event = make_new_year(session, venue=1)
    made = [register(session, event, entrant(event, parts=[1])) for _time in range(3)]
    event.parts[0].pools[0].capacity = 2
    late = register(session, event, entrant(event, parts=[1]))
    assert [places(r)[0][2] for r in (*made, late)] == ["confirmed", "confirmed", "waiting", "waiting"]
    event.parts[0].pools[0].capacity = 10
    session.flush()
    gained = promotion.promote(session, event_id=event.id, now=NOW)
    assert [registration.number for registration in gained] == [3, 4]
    assert [letter.kind for letter in session.scalars(select(Letter).order_by(Letter.id)).all()[-2:]] == [
        "registration_promoted",
        "registration_promoted",
    ]


@pytest.mark.parametrize(
    ("values", "window"),
    [
        ({"state": EventState.DRAFT}, "not_yet"),
        ({"state": EventState.CLOSED}, "closed"),
        ({"state": EventState.CANCELLED}, "cancelled"),
        ({"applications_open_at": NOW + dt.timedelta(minutes=1)}, "not_yet"),
        ({"applications_close_at": NOW}, "closed"),
    ],
)
def test_an_event_that_takes_no_applications_refuses_guests_but_not_staff(session, values, window):
    event = make_new_year(session, **values)
    with pytest.raises(NotOpen) as refused:
        register(session, event)
    assert (refused.value.window, refused.value.code) == (window, f"not_open_{window}")
    assert register(session, event, source=Source.STAFF).number == 1


def test_parts_for_members_and_for_invited_people_are_refused_to_others(session):
    event = make_new_year(session)
    event.parts[1].eligibility = Eligibility.MEMBERS_ONLY
    with pytest.raises(NotEligible) as refused:
        register(session, event, entrant(event, parts=[1]), entrant(event, 1))
    assert refused.value.details == {"entrant": 1, "part_id": event.parts[1].id}
    assert register(session, event, claim=Claim.MEMBER).claims_membership is True
    event.parts[0].eligibility = Eligibility.INVITED
    with pytest.raises(NotEligible):
        register(session, event, claim=Claim.MEMBER)
    assert register(session, event, source=Source.STAFF).number == 2


def test_wishes_that_the_event_does_not_offer_are_refused(session):
    event, other = make_new_year(session), make_new_year(session, slug="other")
    for wrong in (
        entrant(event, parts=[]),
        entrant(event, parts=[2], mode=ONLINE),
        entrant(other, parts=[1]),
    ):
        with pytest.raises(BadWish):
            register(session, event, wrong)
    with pytest.raises(BadWish):
        register(session, event, *[entrant(event, index) for index in range(11)])
    assert session.query(Place).count() == 0


def test_registering_takes_few_statements_and_reads_no_more_for_more_people(session):
    event = make_new_year(session)
    make_organisation(session, "株式会社青空精密")
    ten = [entrant(event, index) for index in range(10)]
    commands = [
        application(event, *people, submission_key=str(number), organisation_name="株式会社青空精密")
        for number, people in enumerate(([], [], ten))
    ]
    seen = [statements_of(session, command) for command in commands]
    assert max(map(len, seen)) <= 20
    _first, one, many = [[text for text in statements if not text.startswith("INSERT")] for statements in seen]
    assert len(one) == len(many)


def statements_of(session, command):
    session.commit()
    session.expunge_all()
    found = []

    def listener(_connection, _cursor, statement, *_rest):
        found.append(statement)

    sql_event.listen(db.engine, "before_cursor_execute", listener)
    service.register(session, command, now=NOW)
    sql_event.remove(db.engine, "before_cursor_execute", listener)
    return found


def test_a_part_that_is_free_for_somebody_costs_nothing_and_needs_no_letter(session):
    event = make_new_year(session)
    free = event.parts[0].id
    only = register(session, event, entrant(event, parts=[1]), free_part_id=free, tells_applicant=False)
    both = register(session, event, entrant(event), free_part_id=free)
    assert [only.total_yen, both.total_yen] == [0, 5000]
    assert session.scalars(select(Letter.subject_id)).all() == [both.id]
