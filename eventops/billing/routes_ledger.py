"""Staff's page of one application's money: its ledger, its documents, and everything that may be done about them."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.billing import addressing, archive, documents, handing_out, labels, queries, rules, service, terms
from eventops.billing.blueprint import bp
from eventops.billing.forms import PaymentForm, ReasonForm, RefundForm, WishForm
from eventops.billing.models import Document, DocumentKind, Means, PaymentKind
from eventops.billing.service import Receipt, Refund
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.registration import labels as registration_labels
from eventops.registration import queries as registrations

_ONE = "/staff/registrations/<int:registration_id>/money"


@bp.get(_ONE)
@require(Permission.MANAGE_MONEY)
def ledger(registration_id: int) -> ResponseReturnValue:
    return _page(registration_id)


def _page(
    registration_id: int,
    *,
    payment: PaymentForm | None = None,
    refund: RefundForm | None = None,
    wish: WishForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    session = read_session()
    registration = registrations.registration(session, registration_id)
    entries = queries.payments(session, registration_id)
    paid = sum(entry.yen for entry in entries)
    known = documents.of_registration(session, registration_id)
    open_yen = registration.total_yen - paid
    page = render_template(
        "billing/ledger.html",
        event=registration.event,
        registration=registration,
        entries=entries,
        countered={entry.counters_id for entry in entries},
        paid_yen=paid,
        open_yen=open_yen,
        standing=rules.standing(registration.total_yen, paid),
        due_on=terms.due_on(terms.of_event(session, registration.event), registration, registration.event),
        reference=terms.reference(registration),
        documents=known,
        left={one.id: sum(item.yen for item in documents.left(known, one)) for one in known},
        copies=archive.copies(session, [one.id for one in known]),
        waiting=sum(item.yen for item in documents.waiting_for_receipt(session, registration)),
        payment=payment or PaymentForm(formdata=None, yen=max(open_yen, 0) or None).offer(registration.attendees),
        refund=refund or RefundForm(formdata=None, yen=max(-open_yen, 0) or None),
        wish=wish or WishForm(formdata=None, party=addressing.usual(registration)),
        labels=labels,
        payments=registration_labels.PAYMENTS,
    )
    return page, status


@bp.post(f"{_ONE}/payments")
@require(Permission.MANAGE_MONEY)
def record_payment(registration_id: int) -> ResponseReturnValue:
    registration = registrations.registration(read_session(), registration_id)
    form = PaymentForm().offer(registration.attendees)
    if not form.validate():
        return _page(registration_id, payment=form, status=422)
    receipt = Receipt(
        registration_id=registration_id,
        kind=PaymentKind(form.kind.data),
        yen=form.yen.data or 0,
        received_on=form.received_on.data,
        attendee_id=form.attendee.data or None,
        note=form.note.data or "",
        submission_key=form.submission_key,
    )
    _act(lambda session, actor_id: service.receive(session, receipt, actor_id=actor_id, now=clock.now()))
    flash(_("%(yen)s円の入金を記録しました。", yen=f"{receipt.yen:,}"), "ok")
    return _back(registration_id)


@bp.post(f"{_ONE}/refunds")
@require(Permission.MANAGE_MONEY)
def record_refund(registration_id: int) -> ResponseReturnValue:
    form = RefundForm()
    if not form.validate():
        return _page(registration_id, refund=form, status=422)
    wanted = Refund(
        registration_id=registration_id,
        yen=form.yen.data or 0,
        paid_on=form.received_on.data,
        means=Means(form.means.data),
        note=form.note.data or "",
        submission_key=form.submission_key,
    )
    try:
        _act(lambda session, actor_id: service.refund(session, wanted, actor_id=actor_id, now=clock.now()))
    except DomainError as refusal:
        form.yen.errors = [words.sentence(refusal)]
        return _page(registration_id, refund=form, status=422)
    flash(_("%(yen)s円の返金を記録しました。", yen=f"{wanted.yen:,}"), "ok")
    return _back(registration_id)


@bp.route("/staff/payments/<int:payment_id>/correct", methods=["GET", "POST"])
@require(Permission.MANAGE_MONEY)
def correct_payment(payment_id: int) -> ResponseReturnValue:
    entry = queries.payment(read_session(), payment_id)
    form, registration_id = ReasonForm(), entry.registration_id
    if not form.validate_on_submit():
        registration = registrations.registration(read_session(), registration_id)
        page = render_template(
            "billing/correct.html",
            event=registration.event,
            registration=registration,
            entry=entry,
            form=form,
            labels=labels,
        )
        return page, 422 if form.is_submitted() else 200
    reason = form.reason.data or ""
    _act(
        lambda session, actor_id: service.correct(
            session, payment_id=payment_id, reason=reason, actor_id=actor_id, now=clock.now()
        )
    )
    flash(_("訂正を記録しました。"), "ok")
    return _back(registration_id)


@bp.post(f"{_ONE}/documents/<kind>")
@require(Permission.MANAGE_MONEY)
def issue_document(registration_id: int, kind: str) -> ResponseReturnValue:
    form = WishForm()
    if not form.validate():
        return _page(registration_id, wish=form, status=422)
    wish = form.wish()
    try:
        with transaction() as session:
            made = _issue(session, registration_id, kind, wish, current_user.id)
            ids = [document.id for document in made]
    except DomainError as refusal:
        form.form_errors.append(words.sentence(refusal))
        return _page(registration_id, wish=form, status=422)
    for document_id in ids:
        handing_out.first_copy(document_id)
    flash(_("%(count)s枚を発行しました。", count=len(ids)), "ok")
    return _back(registration_id)


def _issue(session: Session, registration_id: int, kind: str, wish: documents.Wish, actor_id: int) -> list[Document]:
    now = clock.now()
    issue = documents.invoices if kind == DocumentKind.INVOICE else documents.receipts
    return issue(session, registration_id=registration_id, wish=wish, actor_id=actor_id, now=now)


def _act(act: Callable[[Session, int], object]) -> None:
    actor_id = current_user.id
    with transaction() as session:
        act(session, actor_id)


def _back(registration_id: int) -> ResponseReturnValue:
    return redirect(url_for(".ledger", registration_id=registration_id))
