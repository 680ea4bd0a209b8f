"""Twenty at once on the ledger, the numbers and the bank's lines: nothing double, nothing missing, no gaps."""

import pytest
from sqlalchemy import func, select

from eventops.accounts.models import Role, StaffUser
from eventops.billing import bank, documents, queries, service
from eventops.billing.documents import Wish
from eventops.billing.matching import Piece
from eventops.billing.models import BankLine, Document, Payment
from eventops.billing.refusals import LineSettled
from eventops.database import transaction
from eventops.registration.models import Attendee
from eventops.uploads import Upload
from tests.billing.arrange import FOUR, make_group, pay
from tests.billing.bank_files import statement
from tests.billing.test_bank import DAY, NAME
from tests.factories import NOW
from tests.rushing import rush

pytestmark = pytest.mark.both_databases
THREADS = 20


def test_twenty_invoices_of_two_events_have_twenty_numbers_without_a_gap(app):
    with app.app_context(), transaction() as session:
        first = make_group(session)
        ids = [first.id]
        ids += [make_group(session, first.event, people=1).id for _ in range(THREADS - 1)]

    def issue(number):
        with transaction() as session:
            documents.invoices(session, registration_id=ids[number], wish=Wish(party="海辺"), actor_id=None, now=NOW)
            if number % 5 == 0:
                raise KeyError  # whatever goes wrong afterwards gives the number back
        return "issued"

    assert rush(app, issue, THREADS) == {"issued": 16, "KeyError()": 4}
    with app.app_context(), transaction() as session:
        assert session.scalars(select(Document.number).order_by(Document.number)).all() == list(range(1, 17))


def test_twenty_presses_for_a_receipt_make_one(app):
    with app.app_context(), transaction() as session:
        registration = make_group(session)
        pay(session, registration, FOUR)
        registration_id = registration.id

    def press(_number):
        with transaction() as session:
            wish = Wish(party="海辺")
            return len(documents.receipts(session, registration_id=registration_id, wish=wish, actor_id=None, now=NOW))

    assert rush(app, press, THREADS) == {1: 1, "NothingToDocument('nothing_to_document')": THREADS - 1}


def test_twenty_desks_take_the_cash_of_one_person_once(app):
    with app.app_context(), transaction() as session:
        person = make_group(session).attendees[0]
        registration_id, attendee_id = person.registration_id, person.id

    def take(number):
        with transaction() as session:
            entry = service.take_cash(
                session,
                registration_id=registration_id,
                attendee_id=attendee_id,
                station=f"受付{number}",
                actor_id=None,
                now=NOW,
            )
            return entry is not None

    assert rush(app, take, THREADS) == {True: 1, False: THREADS - 1}
    with app.app_context(), transaction() as session:
        assert session.scalars(select(Payment.yen)).all() == [3000]
        assert session.get(Attendee, attendee_id).paid_yen == 3000


def test_twenty_payments_at_once_all_count(app):
    with app.app_context(), transaction() as session:
        registration_id = make_group(session).id

    def one(_number):
        with transaction() as session:
            return pay(session, queries.registration_for_update(session, registration_id), 700).yen

    assert rush(app, one, THREADS) == {700: THREADS}
    with app.app_context(), transaction() as session:
        assert queries.paid_yen(session, registration_id) == FOUR
        assert session.scalar(select(func.sum(Attendee.paid_yen))) == FOUR


def test_twenty_presses_book_a_line_of_the_bank_once(app):
    with app.app_context(), transaction() as session:
        registration_id = make_group(session).id
        bank.import_file(session, Upload("a.csv", statement((DAY, NAME, FOUR))), actor_id=None, now=NOW)
        line_id = session.scalars(select(BankLine.id)).one()
        user = StaffUser(email="k@example.jp", name="会計", role=Role.EVENT_MANAGER, password_hash="-", created_at=NOW)
        session.add(user)
        session.flush()
        user_id = user.id

    def press(_number):
        try:
            with transaction() as session:
                bank.book(session, line_id=line_id, pieces=[Piece(registration_id, FOUR)], actor_id=user_id, now=NOW)
        except LineSettled:
            return "settled"
        return "booked"

    assert rush(app, press, THREADS) == {"booked": 1, "settled": THREADS - 1}
    with app.app_context(), transaction() as session:
        assert queries.paid_yen(session, registration_id) == FOUR


def test_the_same_file_read_in_by_twenty_books_once(app):
    with app.app_context(), transaction() as session:
        registration_id = make_group(session).id
    file = statement((DAY, "NEWYEAR-0001", FOUR))

    def read_in(_number):
        with transaction() as session:
            bank.import_file(session, Upload("a.csv", file), actor_id=None, now=NOW)
        return "read"

    assert rush(app, read_in, THREADS)["read"] == 1
    with app.app_context(), transaction() as session:
        assert session.scalar(select(func.count()).select_from(BankLine)) == 1
        assert queries.paid_yen(session, registration_id) == FOUR
