"""The bank's lines: read in once, laid out on applications, set aside, or put back. Never commits.

A line is never forgotten: it is open until what it brought is booked to the last yen, or somebody said why not.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.accounts import audit
from eventops.billing import bank_files, debts, matching, movements, payers, queries, service
from eventops.billing.matching import Piece
from eventops.billing.models import BankFile, BankLine, LineState, Payment, PaymentKind
from eventops.billing.movements import Movement
from eventops.billing.owing import Transfer
from eventops.billing.refusals import BadAmount, FileKnown, LineSettled
from eventops.billing.service import Receipt
from eventops.errors import Stale
from eventops.events.models import Event
from eventops.registration.models import Registration
from eventops.uploads import Upload

WENT_OUT = "出金"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    file_id: int
    new: int
    known: int
    booked: int


def import_file(session: Session, upload: Upload, *, actor_id: int | None, now: dt.datetime) -> Imported:
    """Read a file in, lay out what is certain, leave the rest open. Movements seen in earlier files are left out."""
    found = bank_files.read(upload.data, today=wareki.japan_date(now))
    fingerprint = hashlib.sha256(upload.data).hexdigest()
    known_file = session.scalar(select(BankFile).where(BankFile.sha256 == fingerprint))
    if known_file is not None:
        raise FileKnown(day=wareki.date_ja(wareki.japan_date(known_file.imported_at)))
    file = BankFile(filename=upload.filename[:200], sha256=fingerprint, imported_at=now, imported_by_id=actor_id)
    session.add(file)
    session.flush()
    made = _new_lines(session, file, found, now=now)
    booked = _book_the_certain(session, made, now=now)
    after = {"new": len(made), "known": len(found) - len(made), "booked": booked}
    subject = ("bank_file", file.id)
    audit.record(session, actor_id=actor_id, action="bank_file_imported", subject=subject, now=now, after=after)
    return Imported(file.id, len(made), len(found) - len(made), booked)


def _new_lines(session: Session, file: BankFile, found: Sequence[Movement], *, now: dt.datetime) -> list[BankLine]:
    marks = movements.fingerprints(found)
    known = set(session.scalars(select(BankLine.fingerprint).where(BankLine.fingerprint.in_(marks))))
    made = [
        _line(file, movement, mark, now=now) for movement, mark in zip(found, marks, strict=True) if mark not in known
    ]
    session.add_all(made)
    session.flush()
    return made


def _line(file: BankFile, movement: Movement, fingerprint: str, *, now: dt.datetime) -> BankLine:
    """Money that went out pays no fee and asks nothing of anybody; a notice that is taken back does."""
    goes_out = movement.yen < 0 and not movement.is_reversal
    return BankLine(
        file_id=file.id,
        position=movement.line,
        booked_on=movement.booked_on,
        payer=movement.payer,
        payer_key=payers.read(movement.payer).key[:200],
        yen=movement.yen,
        fingerprint=fingerprint,
        state=LineState.IGNORED if goes_out else LineState.OPEN,
        reason=WENT_OUT if goes_out else "",
        settled_at=now if goes_out else None,
    )


def _book_the_certain(session: Session, made: Sequence[BankLine], *, now: dt.datetime) -> int:
    """Number and amount both exact, and nobody else in question: only then without asking."""
    incoming = [line for line in made if line.yen > 0]
    if not incoming:
        return 0
    _lock_events(session, [one.event_id for one in debts.open_applications(session)])
    book = debts.book(session, debts.open_applications(session))
    used: set[int] = set()
    booked = 0
    for line in incoming:
        (best, *_rest) = matching.suggest(Transfer(line.id, line.payer, line.yen), book) or (None,)
        if best is None or not best.is_certain or best.pieces[0].registration_id in used:
            continue
        used.add(best.pieces[0].registration_id)
        _lay_out(session, line, best.pieces, actor_id=None, now=now)
        booked += 1
    return booked


def book(
    session: Session,
    *,
    line_id: int,
    pieces: Sequence[Piece],
    seen_open: Sequence[int] | None = None,
    actor_id: int,
    now: dt.datetime,
) -> None:
    """Lay a line out as staff decided; if what they saw open on each (`seen_open`) has changed, they look again.

    A part of it may be laid out: the rest stays open for the next one.
    """
    registrations = [piece.registration_id for piece in pieces]
    events = session.scalars(select(Registration.event_id).where(Registration.id.in_(registrations))).all()
    _lock_events(session, events)
    line = debts.line_for_update(session, line_id)
    if line.state != LineState.OPEN:
        raise LineSettled
    if seen_open is not None and list(seen_open) != [_open_yen(session, one) for one in registrations]:
        raise Stale
    left = line.yen - debts.laid_out(session, [line.id]).get(line.id, 0)
    if not pieces or sum(piece.yen for piece in pieces) > left or any(_is_bad(piece) for piece in pieces):
        raise BadAmount
    _lay_out(session, line, pieces, actor_id=actor_id, now=now)


def _is_bad(piece: Piece) -> bool:
    return piece.yen <= 0 or piece.fee_yen < 0


def _open_yen(session: Session, registration_id: int) -> int:
    total = session.scalar(select(Registration.total_yen).where(Registration.id == registration_id)) or 0
    return total - queries.paid_yen(session, registration_id)


def _lock_events(session: Session, event_ids: Sequence[int]) -> None:
    """All at once and in order, so that two who lay out lines never wait for each other."""
    wanted = sorted(set(event_ids))
    session.execute(select(Event.id).where(Event.id.in_(wanted)).order_by(Event.id).with_for_update()).all()


def _lay_out(
    session: Session, line: BankLine, pieces: Sequence[Piece], *, actor_id: int | None, now: dt.datetime
) -> None:
    for piece in pieces:
        if piece.fee_yen:
            _receive(session, line, piece, PaymentKind.FEE_DEDUCTED, piece.fee_yen, actor_id=actor_id, now=now)
        _receive(session, line, piece, PaymentKind.BANK_TRANSFER, piece.yen, actor_id=actor_id, now=now)
    session.flush()
    if debts.laid_out(session, [line.id]).get(line.id, 0) >= line.yen:
        line.state, line.settled_at, line.settled_by_id = LineState.BOOKED, now, actor_id
    _note(session, line, "bank_line_booked", actor_id=actor_id, now=now)


def _receive(
    session: Session,
    line: BankLine,
    piece: Piece,
    kind: PaymentKind,
    yen: int,
    *,
    actor_id: int | None,
    now: dt.datetime,
) -> None:
    receipt = Receipt(
        registration_id=piece.registration_id,
        kind=kind,
        yen=yen,
        received_on=line.booked_on,
        bank_line_id=line.id,
    )
    service.receive(session, receipt, actor_id=actor_id, now=now)


def ignore(session: Session, *, line_id: int, reason: str, actor_id: int, now: dt.datetime) -> None:
    """Say why a line, or what is left of it, pays no fee here."""
    line = debts.line_for_update(session, line_id)
    if line.state != LineState.OPEN:
        raise LineSettled
    has_paid = debts.laid_out(session, [line_id]).get(line_id, 0) > 0
    line.state = LineState.BOOKED if has_paid else LineState.IGNORED
    line.reason, line.settled_at, line.settled_by_id = reason, now, actor_id
    _note(session, line, "bank_line_ignored", actor_id=actor_id, now=now)


def reopen(session: Session, *, line_id: int, reason: str, actor_id: int, now: dt.datetime) -> None:
    """Put a line back: what was booked from it is countered in the ledger."""
    standing = _standing_entries(session, line_id)
    _lock_events(session, [entry.registration.event_id for entry in standing])
    line = debts.line_for_update(session, line_id)
    standing = _standing_entries(session, line_id)
    if line.state == LineState.OPEN and not standing:
        raise LineSettled
    for entry in standing:
        service.correct(session, payment_id=entry.id, reason=reason, actor_id=actor_id, now=now)
    line.state, line.reason, line.settled_at, line.settled_by_id = LineState.OPEN, "", None, None
    _note(session, line, "bank_line_reopened", actor_id=actor_id, now=now)


def _standing_entries(session: Session, line_id: int) -> list[Payment]:
    rows = session.scalars(select(Payment).where(Payment.bank_line_id == line_id).order_by(Payment.id)).all()
    countered = {entry.counters_id for entry in rows}
    return [entry for entry in rows if entry.counters_id is None and entry.id not in countered]


def _note(session: Session, line: BankLine, action: str, *, actor_id: int | None, now: dt.datetime) -> None:
    after = {"yen": line.yen, "reason": line.reason}
    audit.record(session, actor_id=actor_id, action=action, subject=("bank_line", line.id), now=now, after=after)
