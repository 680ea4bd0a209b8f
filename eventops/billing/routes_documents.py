"""The register of documents, their files, reissuing and taking back."""

import io

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.billing import archive, documents, handing_out, labels, register
from eventops.billing.blueprint import bp
from eventops.billing.forms import ReasonForm, SearchForm
from eventops.billing.items import Item
from eventops.billing.models import Document
from eventops.billing.register import Search
from eventops.database import read_session, transaction
from eventops.spreadsheets.writing import write_csv

HIGHEST_PAGE = 10_000
_HEADINGS = (
    "番号",
    "種類",
    "日付",
    "取引先",
    "金額",
    "消費税額",
    "登録番号",
    "もとの書類",
    "受付番号",
    "発行日時",
    "SHA-256",
)


@bp.get("/staff/documents")
@require(Permission.MANAGE_MONEY)
def document_register() -> ResponseReturnValue:
    session, form = read_session(), SearchForm(request.args)
    search = form.search() if form.validate() else Search()
    page = min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)
    number, yen = register.count(session, search)
    found = register.page(session, search, page=page)
    ids = [document.id for document in found]
    return render_template(
        "billing/register.html",
        form=form,
        documents=found,
        taken_back=register.taken_back(session, ids),
        copies=archive.copies(session, ids),
        number=number,
        yen=yen,
        page=page,
        pages=-(-number // register.PAGE),
        labels=labels,
    ), 200 if not form.errors else 422


@bp.get("/staff/documents.csv")
@require(Permission.MANAGE_MONEY)
def document_file_list() -> ResponseReturnValue:
    """The found documents as a table, with the checksums of their stored copies."""
    form = SearchForm(request.args)
    search = form.search() if form.validate() else Search()
    session = read_session()
    found = register.everything(session, search)
    sums = register.fingerprints(session, [document.id for document in found])
    written = write_csv(_HEADINGS, [_row(document, sums.get(document.id, "")) for document in found])
    return send_file(io.BytesIO(written.data), mimetype="text/csv", as_attachment=True, download_name="documents.csv")


def _row(document: Document, fingerprint: str) -> list[str | int]:
    return [
        document.number_text,
        document.title,
        document.dated_on.isoformat(),
        document.party or document.registration.organisation_name,
        document.total_yen,
        document.tax_yen,
        document.issuer_number,
        document.counters.number_text if document.counters else "",
        document.reference,
        document.issued_at.astimezone(clock.TOKYO).isoformat(timespec="seconds"),
        fingerprint,
    ]


@bp.get("/staff/documents/<int:document_id>.pdf")
@require(Permission.MANAGE_MONEY)
def document_file(document_id: int) -> ResponseReturnValue:
    document = documents.document(read_session(), document_id)
    return handing_out.answer(document, handing_out.copy_of(document_id, request.args.get("copy", 0, type=int)))


@bp.post("/staff/documents/<int:document_id>/reissue")
@require(Permission.MANAGE_MONEY)
def reissue_document(document_id: int) -> ResponseReturnValue:
    document = documents.document(read_session(), document_id)
    registration_id = document.registration_id
    made = handing_out.reissue(document_id, actor_id=current_user.id)
    flash(_("再発行（%(count)s回目）を作りました。", count=made.copy), "ok")
    return redirect(url_for(".ledger", registration_id=registration_id))


@bp.route("/staff/documents/<int:document_id>/take-back", methods=["GET", "POST"])
@require(Permission.MANAGE_MONEY)
def take_back_document(document_id: int) -> ResponseReturnValue:
    """Not deleted: another document takes it back, all of it or what some people paid."""
    session = read_session()
    document = documents.document(session, document_id)
    registration, form = document.registration, ReasonForm()
    group = documents.left(documents.of_registration(session, registration.id), document)
    chosen = request.form.getlist("people", type=int)
    if form.validate_on_submit() and chosen:
        reason, registration_id = form.reason.data or "", registration.id
        with transaction() as writing:
            made = documents.take_back(
                writing,
                document_id=document_id,
                reason=reason,
                attendee_ids=chosen,
                actor_id=current_user.id,
                now=clock.now(),
            ).id
        handing_out.first_copy(made)
        flash(_("取消・返還の書類を発行しました。"), "ok")
        return redirect(url_for(".ledger", registration_id=registration_id))
    page = render_template(
        "billing/take_back.html",
        event=registration.event,
        registration=registration,
        document=document,
        people=_people(group),
        gone={one.id for one in registration.attendees if not one.fee_yen},
        form=form,
        nobody_chosen=form.is_submitted() and not chosen,
    )
    return page, 422 if form.is_submitted() else 200


def _people(group: list[Item]) -> dict[int, tuple[str, int]]:
    found: dict[int, tuple[str, int]] = {}
    for item in group:
        name, yen = found.get(item.attendee_id, (item.name, 0))
        found[item.attendee_id] = (name, yen + item.yen)
    return found
