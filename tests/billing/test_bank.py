"""The bank's lines: read once, booked when certain or by one press, never lost, never twice."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from eventops.accounts.models import Role, StaffUser
from eventops.billing import bank, debts, matching, queries, service
from eventops.billing.matching import Piece
from eventops.billing.models import BankLine, LineState, Payment, PaymentKind
from eventops.billing.owing import Transfer
from eventops.billing.refusals import BadAmount, FileKnown, LineSettled
from eventops.errors import Stale
from eventops.uploads import Upload
from tests.billing.arrange import FOUR, make_group
from tests.billing.bank_files import notice, statement
from tests.factories import NOW

DAY = dt.date(2026, 11, 25)
NAME = "ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ"
NUMBERED = "NEWYEAR-0001 ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ"


@pytest.fixture
def staff(session):
    user = StaffUser(email="kaikei@example.jp", name="会計", role=Role.EVENT_MANAGER, password_hash="-", created_at=NOW)
    session.add(user)
    session.flush()
    return user.id


def import_rows(session, *rows, file=statement, name="meisai.csv"):
    return bank.import_file(session, Upload(name, file(*rows)), actor_id=None, now=NOW)


def lines(session):
    return session.scalars(select(BankLine).order_by(BankLine.id)).all()


def states(session):
    return [line.state for line in lines(session)]


def suggested(session, line):
    book = debts.book(session, debts.open_applications(session))
    return matching.suggest(Transfer(line.id, line.payer, line.yen), book, others=debts.open_transfers(session))


def accept(session, line, staff, index=0):
    pieces = suggested(session, line)[index].pieces
    bank.book(session, line_id=line.id, pieces=pieces, actor_id=staff, now=NOW)


def test_number_and_amount_exact_are_booked_by_themselves(session):
    registration = make_group(session)
    made = import_rows(session, (DAY, NUMBERED, FOUR))
    assert (made.new, made.known, made.booked) == (1, 0, 1)
    (entry,) = queries.payments(session, registration.id)
    assert (entry.kind, entry.yen, entry.received_on, entry.recorded_by_id) == ("bank_transfer", FOUR, DAY, None)
    assert [person.paid_at is not None for person in registration.attendees] == [True] * 4


def test_anything_else_waits_for_a_press(session, staff):
    registration = make_group(session)
    import_rows(session, (DAY, NAME, FOUR), (DAY, "ｼﾗﾅｲﾋﾄ", 777), (DAY, "ﾃｽｳﾘﾖｳ", -440))
    assert states(session) == [LineState.OPEN, LineState.OPEN, LineState.IGNORED]
    assert queries.paid_yen(session, registration.id) == 0

    accept(session, lines(session)[0], staff)

    assert states(session)[0] == LineState.BOOKED
    assert queries.paid_yen(session, registration.id) == FOUR
    assert debts.counts(session) == {"open": 1, "booked": 1, "ignored": 1}


def test_the_same_file_books_nothing_twice(session):
    registration = make_group(session)
    import_rows(session, (DAY, NUMBERED, FOUR))
    with pytest.raises(FileKnown):
        import_rows(session, (DAY, NUMBERED, FOUR))
    assert queries.paid_yen(session, registration.id) == FOUR


def test_files_of_overlapping_days_and_of_another_kind_bring_only_what_is_new(session):
    make_group(session)
    first, second = (DAY, NAME, FOUR), (DAY + dt.timedelta(days=1), NAME, FOUR)
    import_rows(session, first)
    again = import_rows(session, first, second, name="other.csv")
    fixed = import_rows(session, first, second, file=notice, name="zengin.txt")
    assert [(made.new, made.known) for made in (again, fixed)] == [(1, 1), (0, 2)]
    assert len(lines(session)) == 2


def test_two_equal_transfers_of_one_day_are_two(session):
    make_group(session)
    made = import_rows(session, (DAY, NAME, 3000), (DAY, NAME, 3000))
    assert made.new == 2


def test_two_numbered_transfers_for_one_application_book_only_the_first(session):
    registration = make_group(session)
    made = import_rows(session, (DAY, NUMBERED, FOUR), (DAY + dt.timedelta(days=1), NUMBERED, FOUR))
    assert (made.booked, states(session)) == (1, [LineState.BOOKED, LineState.OPEN])
    assert queries.paid_yen(session, registration.id) == FOUR


def test_a_fee_kept_back_is_let_go_with_the_press(session, staff):
    registration = make_group(session)
    import_rows(session, (DAY, NUMBERED, FOUR - 440))
    (line,) = lines(session)
    assert line.state == LineState.OPEN
    accept(session, line, staff)
    kinds = [(entry.kind, entry.yen) for entry in queries.payments(session, registration.id)]
    assert kinds == [(PaymentKind.FEE_DEDUCTED, 440), (PaymentKind.BANK_TRANSFER, FOUR - 440)]
    assert registration.attendees[3].paid_at is not None


def test_several_applications_paid_in_one_transfer(session, staff):
    first = make_group(session)
    second = make_group(session, first.event, people=1, general=0)
    import_rows(session, (DAY, NAME, FOUR + 3000))
    accept(session, lines(session)[0], staff)
    assert [queries.paid_yen(session, one.id) for one in (first, second)] == [FOUR, 3000]


def test_a_transfer_under_a_strange_name_is_laid_out_by_hand_one_application_after_the_other(session, staff):
    first = make_group(session)
    second = make_group(session, first.event, people=1, general=0)
    import_rows(session, (DAY, "ﾎｶﾉｸﾞﾙｰﾌﾟ", FOUR + 3000 - 440))
    (line,) = lines(session)
    found = []
    for one, left, owed in ((first, FOUR + 2560, FOUR), (second, 2560, 3000)):
        likeliest, *_others = matching.by_hand(one.id, left_yen=left, open_yen=owed)
        bank.book(session, line_id=line.id, pieces=[likeliest], seen_open=[owed], actor_id=staff, now=NOW)
        found.append((queries.paid_yen(session, one.id), line.state))
    assert found == [(FOUR, LineState.OPEN), (3000, LineState.BOOKED)]


def test_one_application_paid_in_two_transfers(session, staff):
    registration = make_group(session)
    import_rows(session, (DAY, NAME, 9000), (DAY, NAME, 5000))
    for line in lines(session):
        accept(session, line, staff)
    assert queries.paid_yen(session, registration.id) == FOUR
    assert states(session) == [LineState.BOOKED] * 2


def test_what_was_seen_has_to_be_what_is(session, staff):
    registration = make_group(session)
    import_rows(session, (DAY, NAME, FOUR))
    (line,) = lines(session)
    pieces = [Piece(registration.id, FOUR)]
    with pytest.raises(Stale):
        bank.book(session, line_id=line.id, pieces=pieces, seen_open=[FOUR - 1], actor_id=staff, now=NOW)
    with pytest.raises(BadAmount):
        bank.book(session, line_id=line.id, pieces=[Piece(registration.id, FOUR + 1)], actor_id=staff, now=NOW)
    bank.book(session, line_id=line.id, pieces=pieces, seen_open=[FOUR], actor_id=staff, now=NOW)
    with pytest.raises(LineSettled):
        bank.book(session, line_id=line.id, pieces=pieces, actor_id=staff, now=NOW)


def test_a_line_is_set_aside_with_a_reason_and_put_back(session, staff):
    make_group(session)
    import_rows(session, (DAY, "ﾈﾝｶｲﾋ", 50_000))
    (line,) = lines(session)
    bank.ignore(session, line_id=line.id, reason="年会費", actor_id=staff, now=NOW)
    assert (line.state, line.reason) == (LineState.IGNORED, "年会費")
    with pytest.raises(LineSettled):
        bank.ignore(session, line_id=line.id, reason="利息", actor_id=staff, now=NOW)
    bank.reopen(session, line_id=line.id, reason="", actor_id=staff, now=NOW)
    assert (line.state, line.reason) == (LineState.OPEN, "")


def test_what_is_left_of_a_line_is_set_aside_and_a_part_laid_out_is_put_back(session, staff):
    registration = make_group(session)
    import_rows(session, (DAY, "ﾈﾝｶｲﾋ", 50_000))
    (line,) = lines(session)
    found = []
    for sets_aside in (True, False):
        bank.book(session, line_id=line.id, pieces=[Piece(registration.id, FOUR)], actor_id=staff, now=NOW)
        if sets_aside:
            bank.ignore(session, line_id=line.id, reason="残りは年会費", actor_id=staff, now=NOW)
        found.append((line.state, line.reason, queries.paid_yen(session, registration.id)))
        bank.reopen(session, line_id=line.id, reason="別の会社", actor_id=staff, now=NOW)
        found.append((line.state, line.reason, queries.paid_yen(session, registration.id)))
    back = (LineState.OPEN, "", 0)
    assert found == [(LineState.BOOKED, "残りは年会費", FOUR), back, (LineState.OPEN, "", FOUR), back]


def test_a_wrong_booking_is_countered_and_the_line_is_open_again(session, staff):
    registration = make_group(session)
    import_rows(session, (DAY, NUMBERED, FOUR - 440))
    (line,) = lines(session)
    accept(session, line, staff)
    bank.reopen(session, line_id=line.id, reason="別の会社", actor_id=staff, now=NOW)
    assert (line.state, queries.paid_yen(session, registration.id)) == (LineState.OPEN, 0)
    accept(session, line, staff)
    assert queries.paid_yen(session, registration.id) == FOUR


def test_correcting_an_entry_in_the_ledger_opens_its_line_for_what_is_missing(session, staff):
    first = make_group(session)
    second = make_group(session, first.event, people=1, general=0)
    import_rows(session, (DAY, NAME, FOUR + 3000))
    (line,) = lines(session)
    accept(session, line, staff)
    entry = queries.payments(session, second.id)[0]
    service.correct(session, payment_id=entry.id, reason="違う申込", actor_id=staff, now=NOW)
    assert line.state == LineState.OPEN
    assert [transfer.yen for transfer in debts.open_transfers(session)] == [3000]
    bank.book(session, line_id=line.id, pieces=[Piece(second.id, 3000)], actor_id=staff, now=NOW)
    assert line.state == LineState.BOOKED


def test_every_yen_on_the_account_is_booked_set_aside_or_open(session, staff):
    make_group(session)
    rows = [(DAY, NUMBERED, FOUR), (DAY, "ﾈﾝｶｲﾋ", 50_000), (DAY, "ﾌﾒｲ", 123), (DAY, "ﾃｽｳﾘﾖｳ", -440)]
    import_rows(session, *rows)
    bank.ignore(session, line_id=lines(session)[1].id, reason="年会費", actor_id=staff, now=NOW)
    sums = dict(session.execute(select(BankLine.state, func.sum(BankLine.yen)).group_by(BankLine.state)).all())
    assert sums == {"booked": FOUR, "ignored": 49_560, "open": 123}
    assert session.scalar(select(func.sum(Payment.yen)).where(Payment.means == "bank")) == sums["booked"]


def test_a_name_that_paid_before_is_known(session, staff):
    first = make_group(session)
    import_rows(session, (DAY, "ｶ)ｳﾐﾍﾞｷﾖｳﾂｳｻ-ﾋﾞｽ", FOUR))
    bank.book(session, line_id=lines(session)[0].id, pieces=[Piece(first.id, FOUR)], actor_id=staff, now=NOW)
    second = make_group(session, first.event, people=1, general=0)
    import_rows(session, (DAY + dt.timedelta(days=1), "ｶ)ｳﾐﾍﾞｷﾖｳﾂｳｻｰﾋﾞｽ", 3000), name="second.csv")
    found = suggested(session, lines(session)[1])
    assert found[0].pieces == (Piece(second.id, 3000),)
    assert found[0].reasons[0].why is matching.Why.BEFORE
