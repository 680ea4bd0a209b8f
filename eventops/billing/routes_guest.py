"""The payer's own page behind the private link: what is owed, how to pay it, and the documents about it."""

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventops import clock, words
from eventops.accounts.permissions import private_link
from eventops.billing import addressing, documents, handing_out, labels, queries, rules, terms
from eventops.billing.blueprint import bp
from eventops.billing.forms import WishForm
from eventops.billing.models import DocumentKind
from eventops.billing.refusals import NothingToDocument, NotPaidYet
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.limits import limiter
from eventops.registration import labels as registration_labels
from eventops.registration.own import views

_OFTEN = "20/minute"


@bp.get("/r/<token>/payments")
@private_link
def my_payments(token: str) -> ResponseReturnValue:
    return _page(token)


def _page(token: str, form: WishForm | None = None, status: int = 200) -> ResponseReturnValue:
    session = read_session()
    registration = views.read_link(session, token)
    paid = queries.paid_yen(session, registration.id)
    agreed = terms.of_event(session, registration.event)
    known = documents.of_registration(session, registration.id)
    page = render_template(
        "billing/my_payments.html",
        token=token,
        registration=registration,
        event=registration.event,
        paid_yen=paid,
        open_yen=registration.total_yen - paid,
        standing=rules.standing(registration.total_yen, paid),
        due_on=terms.due_on(agreed, registration, registration.event),
        transfer_to=agreed.transfer_to,
        reference=terms.reference(registration),
        documents=[one for one in reversed(known) if one.kind != DocumentKind.RETURN or one.counters],
        void={one.id for one in known if one.kind != DocumentKind.RETURN and not documents.left(known, one)},
        waiting=sum(item.yen for item in documents.waiting_for_receipt(session, registration)),
        form=form or WishForm(formdata=None, party=addressing.usual(registration)),
        labels=labels,
        payments=registration_labels.PAYMENTS,
    )
    return page, status


@bp.post("/r/<token>/documents/<kind>")
@private_link
@limiter.limit(_OFTEN)
def my_document(token: str, kind: str) -> ResponseReturnValue:
    """Issue the invoice at once, or receipts for what was paid."""
    if kind not in (DocumentKind.INVOICE, DocumentKind.RECEIPT):
        raise NotFound
    form = WishForm()
    if not form.validate():
        return _page(token, form, 422)
    wish = replace(form.wish(), proviso="")  # what it was for is the organiser's word
    try:
        with transaction() as session:
            registration_id = views.read_link(session, token).id
            issue = documents.invoices if kind == DocumentKind.INVOICE else documents.receipts
            made = issue(session, registration_id=registration_id, wish=wish, actor_id=None, now=clock.now())
            ids = [document.id for document in made]
    except (NothingToDocument, NotPaidYet) as refusal:
        form.form_errors.append(words.sentence(refusal))
        return _page(token, form, 422)
    for document_id in ids:
        handing_out.first_copy(document_id)
    if len(ids) == 1:
        return redirect(url_for(".my_document_file", token=token, document_id=ids[0]), 303)
    flash(_("%(count)s枚を発行しました。下の一覧からダウンロードしてください。", count=len(ids)), "ok")
    return redirect(url_for(".my_payments", token=token), 303)


@bp.get("/r/<token>/documents/<int:document_id>.pdf")
@private_link
def my_document_file(token: str, document_id: int) -> ResponseReturnValue:
    session = read_session()
    registration = views.read_link(session, token)
    document = documents.document(session, document_id)
    if document.registration_id != registration.id:
        raise NotFound
    return handing_out.answer(document, handing_out.first_copy(document_id))
