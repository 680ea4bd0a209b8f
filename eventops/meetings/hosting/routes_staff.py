"""Staff's side of the companies' pages: asking for confirmation and answers, opening needs, sheets that come back."""

import io

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.meetings import queries
from eventops.meetings import words as meeting_words
from eventops.meetings.blueprint import bp
from eventops.meetings.hosting import answering, asking, links, rules, service, sheet
from eventops.meetings.hosting.asking import Request
from eventops.meetings.hosting.routes_host import taken_words
from eventops.meetings.models import MatchingRound, Need, NeedState
from eventops.meetings.routes_desk import act_on, open_round
from eventops.spreadsheets import words as sheet_words
from eventops.spreadsheets.blank import XLSX
from eventops.spreadsheets.table import UnreadableTable
from eventops.spreadsheets.upload_form import MOST_SHOWN, UploadForm
from eventops.uploads import Upload

_ASK = "/staff/events/<int:event_id>/matching/ask/<kind>"
_NEED = "/staff/events/<int:event_id>/matching/needs/<int:need_id>"
BACK = {Request.CONFIRM: "meetings.needs", Request.SCREEN: "meetings.screening"}


def _kind(kind: str) -> Request:
    if kind not in tuple(Request):
        raise NotFound
    return Request(kind)


@bp.get(_ASK)
@require(Permission.SEND_LETTERS)
def ask_hosts(event_id: int, kind: str) -> ResponseReturnValue:
    found, wanted = open_round(event_id), _kind(kind)
    session = read_session()
    outlook = asking.whom(session, found.id, wanted)
    first = outlook.asked[0] if outlook.asked else None
    return render_template(
        "meetings/host/ask.html",
        event=found.event,
        kind=wanted,
        outlook=outlook,
        needs=len({one.need.id for one in outlook.asked}),
        example=asking.example(session, found, first, wanted) if first else None,
        back_url=url_for(BACK[wanted], event_id=event_id),
    )


@bp.post(_ASK)
@require(Permission.SEND_LETTERS)
def send_to_hosts(event_id: int, kind: str) -> ResponseReturnValue:
    wanted, act = _kind(kind), act_on(open_round(event_id).id)
    with transaction() as session:
        number = asking.ask(session, act, wanted)
    if number:
        flash(_("%(n)s名へのお願いを送信待ちにしました。「連絡」で確認できます。", n=number), "ok")
    else:
        flash(_("きょうのお願いは、もう全員に送っています。新しく送ったものはありません。"), "info")
    return redirect(url_for(BACK[wanted], event_id=event_id))


@bp.post(f"{_ASK}/trial")
@require(Permission.SEND_LETTERS)
def try_host_letter(event_id: int, kind: str) -> ResponseReturnValue:
    wanted, act, email = _kind(kind), act_on(open_round(event_id).id), current_user.email
    with transaction() as session:
        asking.try_out(session, act, wanted, email=email)
    flash(_("%(email)s に試し送りをしました。", email=email), "ok")
    return redirect(url_for(".ask_hosts", event_id=event_id, kind=wanted))


@bp.post(f"{_NEED}/move")
@require(Permission.MANAGE_MATCHING)
def move_need(event_id: int, need_id: int) -> ResponseReturnValue:
    target = request.form.get("target", "")
    if target not in tuple(NeedState):
        raise service.NeedMoveRefused
    act = act_on(open_round(event_id).id)
    with transaction() as session:
        code = service.move(session, act, need_id=need_id, target=NeedState(target)).code
    flash(
        _("%(code)s を「%(state)s」にしました。", code=code, state=meeting_words.NEED_STATES[NeedState(target)]), "ok"
    )
    return redirect(url_for(".needs", event_id=event_id))


@bp.post("/staff/events/<int:event_id>/matching/needs/open")
@require(Permission.MANAGE_MATCHING)
def open_confirmed(event_id: int) -> ResponseReturnValue:
    """All at once, and none of those that their companies have not confirmed."""
    found = open_round(event_id)
    act = act_on(found.id)
    with transaction() as session:
        ready = [need.id for need in queries.needs(session, found.id) if is_ready(need)]
        for need_id in ready:
            service.move(session, act, need_id=need_id, target=NeedState.OPEN)
    flash(_("%(n)s件のニーズを公開しました。", n=len(ready)), "ok")
    return redirect(url_for(".needs", event_id=event_id))


def is_ready(need: Need) -> bool:
    return need.state in rules.SECRET and rules.confirmation(need) is rules.Confirmation.CONFIRMED


@bp.post(f"{_NEED}/link")
@require(Permission.MANAGE_MATCHING)
def renew_need_link(event_id: int, need_id: int) -> ResponseReturnValue:
    act = act_on(open_round(event_id).id)
    with transaction() as session:
        service.renew_link(session, act, need_id=need_id)
    flash(_("企業専用のアドレスを新しくしました。前のアドレスはもう使えません。"), "ok")
    return redirect(url_for(".edit_need", event_id=event_id, need_id=need_id))


@bp.get(f"{_NEED}/screening.xlsx")
@require(Permission.MANAGE_MATCHING)
def screening_sheet(event_id: int, need_id: int) -> ResponseReturnValue:
    session = read_session()
    need = queries.need(session, open_round(event_id).id, need_id)
    data = sheet.write(need, answering.asked_of(session, need_id))
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=f"選考表_{need.code}.xlsx")


@bp.route(f"{_NEED}/screening/sheet", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def screening_sheet_back(event_id: int, need_id: int) -> ResponseReturnValue:
    """The sheet that a company sent by mail; all of it is taken, or every fault is named and nothing is changed."""
    found = open_round(event_id)
    need = queries.need(read_session(), found.id, need_id)
    form = UploadForm()
    if not form.validate_on_submit():
        return _sheet_page(found, need, form), 422 if form.is_submitted() else 200
    upload = Upload(form.file.data.filename or "", form.file.data.read())
    round_id = found.id
    try:
        table = sheet.read(upload)
    except UnreadableTable as error:
        form.refuse(error)
        return _sheet_page(found, need, form), 422
    with transaction() as session:
        returned = sheet.take(session, queries.need(session, round_id, need_id), table, now=clock.now())
    if returned.faults:
        return _sheet_page(open_round(event_id), queries.need(read_session(), found.id, need_id), form, returned), 422
    flash(taken_words(returned), "ok")
    return redirect(url_for(".screen_need", event_id=event_id, need_id=need_id))


def _sheet_page(found: MatchingRound, need: Need, form: UploadForm, returned: sheet.Returned | None = None) -> str:
    faults = returned.faults[:MOST_SHOWN] if returned else ()
    return render_template(
        "meetings/host/sheet.html",
        event=found.event,
        need=need,
        form=form,
        faults=[sheet_words.of_fault(fault) for fault in faults],
        number=len(returned.faults) if returned else 0,
        host_url=links.screening_address(need),
    )
