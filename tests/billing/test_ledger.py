"""The ledger: what is paid, for whom, corrected, refunded; and who has paid follows from it."""

import datetime as dt

import pytest
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import AuditEntry
from eventops.billing import closings, queries, rules, service, wording
from eventops.billing.models import Means, NeverChanged, PaymentKind, PaymentTerms
from eventops.billing.refusals import BadAmount, CounteredAlready, NotOverpaid
from eventops.billing.rules import Credit, Share, Standing, allocate
from eventops.billing.service import Refund
from eventops.errors import NotFound
from eventops.events.models import EventState, PriceCategory, Promotion
from eventops.mail.models import Letter
from eventops.registration import changes
from eventops.registration.desk import open_desk
from eventops.registration.models import PaymentMethod, PlaceState
from tests.billing.arrange import FOUR, TODAY, make_group, pay
from tests.factories import NOW
from tests.registration.arrange import make_new_year


def paid(registration):
    return [(person.paid_yen, person.paid_at is not None) for person in registration.attendees]


def refund(session, registration, yen):
    wanted = Refund(registration_id=registration.id, yen=yen, paid_on=TODAY, means=Means.BANK)
    return service.refund(session, wanted, actor_id=None, now=NOW)


def correct(session, entry):
    return service.correct(session, payment_id=entry.id, reason="別の会社の入金", actor_id=None, now=NOW)


@pytest.mark.parametrize(
    ("credits", "expected"),
    [
        ([], [0, 0, 0]),
        ([Credit(None, 11_000)], [3000, 3000, 5000]),
        ([Credit(None, 4000)], [3000, 1000, 0]),
        ([Credit(3, 5000)], [0, 0, 5000]),
        ([Credit(3, 5000), Credit(None, 3000)], [3000, 0, 5000]),
        ([Credit(2, 9000)], [3000, 3000, 3000]),
        ([Credit(2, 3000), Credit(2, -3000)], [0, 0, 0]),
        ([Credit(None, 11_000), Credit(None, -5000)], [3000, 3000, 0]),
        ([Credit(3, 5000), Credit(None, -5000)], [0, 0, 0]),
        ([Credit(None, 20_000)], [3000, 3000, 5000]),
    ],
)
def test_money_falls_on_whom_it_was_paid_for_and_then_in_their_order(credits, expected):
    shares = [Share(1, 3000), Share(2, 3000), Share(3, 5000)]
    assert list(allocate(shares, credits).values()) == expected


@pytest.mark.parametrize(
    ("owed", "got", "expected"),
    [
        (0, 0, Standing.FREE),
        (100, 0, Standing.UNPAID),
        (100, 60, Standing.PARTLY),
        (100, 100, Standing.PAID),
        (100, 101, Standing.OVERPAID),
        (0, 5, Standing.OVERPAID),
    ],
)
def test_how_an_application_stands(owed, got, expected):
    assert rules.standing(owed, got) is expected


@pytest.mark.parametrize("method", [PaymentMethod.BANK_TRANSFER, PaymentMethod.CASH_ON_DAY])
@pytest.mark.parametrize("agreed", [None, dt.date(2026, 11, 25), dt.date(2027, 1, 10)])
@pytest.mark.parametrize(
    "today", [dt.date(2026, 11, 26) + dt.timedelta(days=days) for days in (0, 8, 9, 10, 40, 55, 60)]
)
@pytest.mark.parametrize("applied", [dt.date(2026, 11, 1), dt.date(2026, 11, 25), dt.date(2027, 1, 14)])
def test_lists_and_letters_agree_on_who_is_late(method, agreed, today, applied):
    held = dt.date(2027, 1, 15)
    due = rules.due_on(agreed=agreed, applied_on=applied, held_on=held, method=method)
    before = rules.overdue_if_applied_before(agreed=agreed, held_on=held, method=method, today=today)
    if applied <= today:
        assert (due < today) == (before is not None and applied < before)


def test_four_people_are_paid_in_one_transfer_and_told_so(session):
    registration = make_group(session)
    assert registration.total_yen == FOUR
    entry = pay(session, registration, FOUR)
    assert paid(registration) == [(3000, True), (3000, True), (3000, True), (5000, True)]
    assert {person.paid_at for person in registration.attendees} == {entry.recorded_at}
    letters = session.scalars(select(Letter).where(Letter.kind == "payment_paid")).all()
    assert [letter.key for letter in letters] == [f"payment:{entry.id}:paid"]
    assert "14,000円" in letters[0].body


def test_a_fee_that_is_let_go_closes_the_rest(session):
    registration = make_group(session)
    pay(session, registration, 13_560)
    assert paid(registration)[-1] == (4560, False)
    assert session.scalars(select(Letter).where(Letter.kind == "payment_paid")).all() == []
    pay(session, registration, 440, kind=PaymentKind.FEE_DEDUCTED)
    assert paid(registration)[-1] == (5000, True)


def test_cash_for_one_of_a_group_makes_that_one_paid(session):
    registration = make_group(session)
    third = registration.attendees[2]
    for _ in range(2):
        service.take_cash(
            session, registration_id=registration.id, attendee_id=third.id, station="受付1", actor_id=None, now=NOW
        )
    assert paid(registration) == [(0, False), (0, False), (3000, True), (0, False)]
    assert [(entry.yen, entry.station) for entry in queries.payments(session, registration.id)] == [(3000, "受付1")]


def test_the_same_submission_is_one_entry(session):
    registration = make_group(session)
    first = pay(session, registration, 3000, submission_key="form:abc")
    assert pay(session, registration, 3000, submission_key="form:abc").id == first.id
    assert queries.paid_yen(session, registration.id) == 3000


@pytest.mark.parametrize("yen", [0, -5])
def test_an_amount_of_nothing_is_refused(session, yen):
    with pytest.raises(BadAmount):
        pay(session, make_group(session), yen)


def test_money_for_somebody_of_another_application_is_refused(session):
    first = make_group(session)
    second = make_group(session, first.event)
    with pytest.raises(NotFound):
        pay(session, first, 3000, attendee_id=second.attendees[0].id)


def test_a_wrong_entry_is_countered_once_and_both_stay(session):
    registration = make_group(session)
    wrong = pay(session, registration, FOUR)
    counter = correct(session, wrong)
    assert (counter.kind, counter.yen, counter.counters_id, counter.note) == (
        PaymentKind.CORRECTION,
        -FOUR,
        wrong.id,
        "別の会社の入金",
    )
    assert paid(registration) == [(0, False)] * 4
    for entry in (wrong, counter):
        with pytest.raises(CounteredAlready):
            correct(session, entry)


def test_entries_are_never_changed_or_deleted(session):
    entry = pay(session, make_group(session), FOUR)
    session.commit()
    entry.yen = 1
    with pytest.raises(NeverChanged):
        session.flush()
    session.rollback()
    session.delete(entry)
    with pytest.raises(NeverChanged):
        session.flush()


def test_after_somebody_has_cancelled_what_is_too_much_is_given_back_and_no_more(session):
    registration = make_group(session)
    pay(session, registration, FOUR)
    with pytest.raises(NotOverpaid):
        refund(session, registration, 1)
    changes.cancel(open_desk(session, registration.id, now=NOW), attendee_ids=[registration.attendees[3].id])
    assert (registration.total_yen, queries.paid_yen(session, registration.id)) == (9000, FOUR)
    with pytest.raises(NotOverpaid):
        refund(session, registration, 5001)
    refund(session, registration, 5000)
    assert queries.paid_yen(session, registration.id) == 9000
    assert paid(registration) == [(3000, True)] * 3 + [(0, False)]


def test_who_has_paid_follows_when_the_fee_changes(session):
    registration = make_group(session)
    pay(session, registration, FOUR)
    first = registration.attendees[0]
    desk = open_desk(session, registration.id, now=NOW)
    changes.set_price_category(desk, attendee_ids=[first.id], category=PriceCategory.GENERAL, reason="一般だった")
    assert registration.total_yen == 16_000
    assert paid(registration)[-1] == (3000, False)
    changes.set_price_category(desk, attendee_ids=[first.id], category=PriceCategory.MEMBER, reason="やはり会員")
    assert paid(registration)[-1] == (5000, True)


def test_history_says_what_was_paid(session):
    registration = make_group(session)
    entry = pay(session, registration, 3000, kind=PaymentKind.CASH_ON_DAY, station="受付2")
    correct(session, entry)
    acts = session.scalars(select(AuditEntry).where(AuditEntry.action.like("payment%")).order_by(AuditEntry.id)).all()
    assert [(act.action, act.subject_id, act.after["yen"]) for act in acts] == [
        ("payment_recorded", registration.id, 3000),
        ("payment_corrected", registration.id, -3000),
    ]


def test_the_closing_sums_cash_by_desk_person_and_day(session):
    registration = make_group(session)
    for station, yen in (("受付1", 3000), ("受付1", 5000), ("受付2", 3000)):
        wrong = pay(session, registration, yen, kind=PaymentKind.CASH_ON_DAY, station=station)
    pay(session, registration, 1000)
    correct(session, wrong)
    tills = closings.tills(session, registration.event_id)
    assert [(till.station, till.entries, till.yen) for till in tills] == [("受付1", 2, 8000), ("受付2", 2, 0)]
    assert closings.totals(tills) == {TODAY: 8000}
    assert closings.expected(session, event_id=registration.event_id, day=TODAY, station="受付1") == 8000


def test_letters_about_an_application_say_how_to_pay_until_it_is_paid(session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    event = make_new_year(session)
    session.add(PaymentTerms(event_id=event.id, transfer_to="架空銀行 普通 0000001"))
    registration = make_group(session, event)
    pay(session, registration, FOUR)
    changes.cancel(open_desk(session, registration.id, now=NOW), attendee_ids=[registration.attendees[0].id])

    bodies = {letter.kind: letter.body for letter in session.scalars(select(Letter))}

    told = ("お支払期限 令和8年12月5日(土)", "▼ お振込先\n架空銀行 普通 0000001", "「NEWYEAR-0001」")
    assert [said in bodies["registration_received"] for said in told] == [True] * 3
    assert not [kind for kind in bodies if kind != "registration_received" and "お振込先" in bodies[kind]]


def test_no_letter_tells_a_day_of_payment_that_is_past_or_at_odds_with_the_offer_s(session, monkeypatch):
    registration = make_group(session)
    place = registration.attendees[0].places[0]

    def told(now, state=PlaceState.CONFIRMED, needs=""):
        monkeypatch.setattr(clock, "now", lambda: now)
        place.state, place.offer_needs = state, needs
        said = wording.how_to_pay(session, registration, registration.event, "ja")
        return "お支払期限" in said, "お振込" in said

    assert told(NOW) == (True, True)
    assert told(NOW + dt.timedelta(days=20)) == (False, True)
    assert told(NOW, PlaceState.OFFERED, Promotion.PAYMENT) == (False, True)
    registration.event.state = EventState.CANCELLED
    assert told(NOW) == (False, False)
