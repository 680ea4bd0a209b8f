"""Issuing invoices and receipts, and taking them back by another document. Nothing is deleted. Never commits."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventops import wareki
from eventops.billing import addressing, fees, items, numbering, queries, terms
from eventops.billing.items import Item, Split
from eventops.billing.models import Document, DocumentKind, DocumentLine, Form
from eventops.billing.refusals import NothingToDocument, NotPaidYet, TakenBackAlready
from eventops.errors import NotFound
from eventops.registration import history
from eventops.registration.models import Registration
from eventops.settings import queries as settings_queries
from eventops.settings.queries import OrganiserProfile

CHANGED = "お申込み内容の変更"
GIVEN_BACK = "適格返還請求書"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a document is wanted: to whom (nobody makes it a simplified one), what for, and how parted."""

    party: str
    honorific: str = ""
    proviso: str = ""
    split: Split = Split.WHOLE


def of_registration(session: Session, registration_id: int) -> Sequence[Document]:
    """All documents about an application with their lines, oldest first."""
    return session.scalars(
        select(Document)
        .where(Document.registration_id == registration_id)
        .options(selectinload(Document.lines), joinedload(Document.counters), joinedload(Document.issued_by))
        .order_by(Document.id)
    ).all()


def document(session: Session, document_id: int) -> Document:
    found = session.scalar(
        select(Document)
        .where(Document.id == document_id)
        .options(selectinload(Document.lines), joinedload(Document.counters), joinedload(Document.registration))
    )
    if found is None:
        raise NotFound
    return found


def invoices(
    session: Session, *, registration_id: int, wish: Wish, actor_id: int | None, now: dt.datetime
) -> list[Document]:
    """The invoice of an application as it stands: the one that there is, or a new one in its place."""
    registration = queries.registration_for_update(session, registration_id)
    owed = items.owed(registration)
    if not owed:
        raise NothingToDocument
    known = of_registration(session, registration_id)
    standing = [one for one in known if one.kind == DocumentKind.INVOICE and left(known, one)]
    addressed = addressing.addressed(registration, wish.party, wish.honorific)
    for one in standing:
        if _amounts(left(known, one)) == _amounts(owed) and (one.party, one.honorific) == addressed:
            return [one]
    for one in standing:
        _take_back(session, registration, one, left(known, one), CHANGED, actor_id=actor_id, now=now)
    whole = replace(wish, split=Split.WHOLE)
    return [_issue(session, registration, DocumentKind.INVOICE, owed, whole, actor_id=actor_id, now=now)]


def receipts(
    session: Session, *, registration_id: int, wish: Wish, actor_id: int | None, now: dt.datetime
) -> list[Document]:
    """Receipts for all that was paid and does not stand on one yet."""
    registration = queries.registration_for_update(session, registration_id)
    waiting = waiting_for_receipt(session, registration)
    if not waiting:
        raise NothingToDocument if items.paid(registration) else NotPaidYet
    return [
        _issue(session, registration, DocumentKind.RECEIPT, group, wish, actor_id=actor_id, now=now)
        for group in items.parted(waiting, wish.split)
    ]


def waiting_for_receipt(session: Session, registration: Registration) -> list[Item]:
    """What was paid and does not stand on a receipt yet."""
    on_paper = items.standing_on(of_registration(session, registration.id), DocumentKind.RECEIPT)
    return items.beyond(items.paid(registration), on_paper)


def take_back(
    session: Session,
    *,
    document_id: int,
    reason: str,
    attendee_ids: Collection[int] | None = None,
    actor_id: int | None,
    now: dt.datetime,
) -> Document:
    """Take a document back, all of it or what these people paid, by a document of its own."""
    wrong = document(session, document_id)
    registration = queries.registration_for_update(session, wrong.registration_id)
    group = left(of_registration(session, registration.id), wrong)
    if attendee_ids is not None:
        group = [item for item in group if item.attendee_id in attendee_ids]
    if wrong.kind == DocumentKind.RETURN or not group:
        raise TakenBackAlready
    return _take_back(session, registration, wrong, group, reason, actor_id=actor_id, now=now)


def left(known: Sequence[Document], one: Document) -> list[Item]:
    """What of a document still stands."""
    return items.left_of(one, [taking for taking in known if taking.counters_id == one.id])


def _amounts(group: Sequence[Item]) -> dict[items.Key, int]:
    return {item.key: item.yen for item in group}


def _issue(
    session: Session,
    registration: Registration,
    kind: DocumentKind,
    group: Sequence[Item],
    wish: Wish,
    *,
    actor_id: int | None,
    now: dt.datetime,
) -> Document:
    organiser = settings_queries.organiser(session)
    agreed = terms.of_event(session, registration.event)
    party, honorific = addressing.addressed(registration, wish.party, wish.honorific)
    if party and wish.split is Split.PERSON:
        party, honorific = _with_name(party, group[0].name), "様"
    is_invoice = kind is DocumentKind.INVOICE
    made = Document(
        kind=kind,
        form=_form(organiser, party),
        title="請求書" if is_invoice else "領収書",
        dated_on=wareki.japan_date(now) if is_invoice else _paid_on(session, registration, now),
        due_on=terms.due_on(agreed, registration, registration.event) if is_invoice else None,
        party=party,
        honorific=honorific,
        proviso=wish.proviso or agreed.proviso,
        transfer_to=agreed.transfer_to if is_invoice else "",
    )
    return _finish(session, registration, made, group, organiser, actor_id=actor_id, now=now)


def _with_name(party: str, name: str) -> str:
    return party if party == name else f"{party} {name}"


def _take_back(
    session: Session,
    registration: Registration,
    wrong: Document,
    group: Sequence[Item],
    reason: str,
    *,
    actor_id: int | None,
    now: dt.datetime,
) -> Document:
    made = Document(
        kind=DocumentKind.RETURN,
        form=wrong.form,
        title=_return_title(session, registration, wrong, group),
        counters_id=wrong.id,
        dated_on=wareki.japan_date(now),
        party=wrong.party,
        honorific=wrong.honorific,
        proviso=wrong.proviso,
        reason=reason,
    )
    made.counters = wrong
    organiser = settings_queries.organiser(session)
    return _finish(session, registration, made, group, organiser, actor_id=actor_id, now=now)


def _return_title(session: Session, registration: Registration, wrong: Document, group: Sequence[Item]) -> str:
    """Money goes back only where less is owed than stands on receipts; a wrong name gives nothing back."""
    if wrong.kind == DocumentKind.INVOICE:
        return "請求取消通知書"
    on_paper = items.standing_on(of_registration(session, registration.id), DocumentKind.RECEIPT)
    owed = _amounts(items.owed(registration))
    goes_back = any(owed.get(item.key, 0) < on_paper[item.key] for item in group)
    return GIVEN_BACK if goes_back and wrong.form != Form.PLAIN else "領収取消書"


def _form(organiser: OrganiserProfile, party: str) -> Form:
    if not organiser.registration_number:
        return Form.PLAIN
    return Form.QUALIFIED if party else Form.SIMPLIFIED


def _paid_on(session: Session, registration: Registration, now: dt.datetime) -> dt.date:
    days = [entry.received_on for entry in queries.payments(session, registration.id) if entry.yen > 0]
    return max(days, default=wareki.japan_date(now))


def _finish(
    session: Session,
    registration: Registration,
    made: Document,
    group: Sequence[Item],
    organiser: OrganiserProfile,
    *,
    actor_id: int | None,
    now: dt.datetime,
) -> Document:
    """Number, sums and issuer: from here on nothing of the document is ever changed."""
    kind = DocumentKind(made.kind)
    made.registration_id, made.event_id = registration.id, registration.event_id
    made.fiscal_year = wareki.fiscal_year(wareki.japan_date(now))
    made.number = numbering.next_number(session, kind=kind, fiscal_year=made.fiscal_year)
    made.supplied_on = registration.event.held_on
    made.total_yen = sum(item.yen for item in group)
    made.tax_percent = fees.STANDARD_TAX_PERCENT
    made.tax_yen = fees.contained_tax(made.total_yen, made.tax_percent)
    made.reference = terms.reference(registration)
    made.party_key = addressing.search_key(
        f"{made.party} {registration.organisation_name} {registration.organisation_kana}"
    )
    made.issuer_name, made.issuer_number = organiser.name, organiser.registration_number
    made.issuer_address = (
        f"〒{organiser.postal_code} {organiser.address}" if organiser.postal_code else organiser.address
    )
    made.issuer_contact = " ".join(filter(None, (organiser.phone and f"TEL {organiser.phone}", organiser.email)))
    made.issued_at, made.issued_by_id = now, actor_id
    made.lines = [_line(position, item) for position, item in enumerate(group, start=1)]
    session.add(made)
    session.flush()
    after = {"document": made.number_text, "yen": made.total_yen, "reason": made.reason or made.title}
    action = "document_taken_back" if kind is DocumentKind.RETURN else "document_issued"
    history.note(session, registration, action, actor_id=actor_id, now=now, after=after)
    return made


def _line(position: int, item: Item) -> DocumentLine:
    return DocumentLine(
        position=position,
        attendee_id=item.attendee_id,
        part_id=item.part_id,
        text=item.text[:200],
        name=item.name,
        yen=item.yen,
        tax_percent=item.tax_percent,
    )


def note_reissue(session: Session, *, document_id: int, copy: int, actor_id: int | None, now: dt.datetime) -> None:
    """Write down that a document was handed out once more."""
    again = document(session, document_id)
    after = {"document": again.number_text, "copy": copy}
    history.note(session, again.registration, "document_reissued", actor_id=actor_id, now=now, after=after)
