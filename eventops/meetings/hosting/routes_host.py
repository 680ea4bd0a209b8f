"""The pages of a need's company, by its private link: reading and confirming the need, answering the applications."""

import io
from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventops import clock
from eventops.accounts.permissions import private_link
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.limits import limiter
from eventops.meetings import words as meeting_words
from eventops.meetings.applying import papers
from eventops.meetings.blueprint import bp
from eventops.meetings.hosting import answering, links, names_away, rules, service, sheet
from eventops.meetings.hosting.answering import Given, Trouble
from eventops.meetings.hosting.forms import HostForm
from eventops.meetings.hosting.service import PublicAlready
from eventops.meetings.models import Application, Need, NeedState, ProposalFile, Rating
from eventops.meetings.wishes.service import NeedRewritten
from eventops.spreadsheets import words as sheet_words
from eventops.spreadsheets.blank import XLSX
from eventops.spreadsheets.table import UnreadableTable
from eventops.spreadsheets.upload_form import MOST_SHOWN, UploadForm
from eventops.uploads import Upload
from eventops.words import sentence

_COPIED = (
    "title",
    "description",
    "stage",
    "excluded",
    "unit",
    "online_only",
    "online_ok",
    "is_anonymous",
    "public_name",
)
TROUBLES = {
    Trouble.CHANGED_SINCE: lambda: _("ほかの方が先に回答しました。いまの回答を確かめて、選び直してください。"),
    Trouble.REWRITTEN: lambda: _("ご提案が書き直されました。もう一度お読みになり、選び直してください。"),
    Trouble.REASON_MISSING: lambda: _("見送りの理由を書いてください。"),
}


@bp.route("/n/<token>", methods=["GET", "POST"])
@private_link
@limiter.limit("30/minute", methods=["POST"])
def host_page(token: str) -> ResponseReturnValue:
    need = links.need_of(read_session(), token)
    copied = {name: getattr(need, name) for name in _COPIED}
    stored = {**copied, "tags": "、".join(need.required_tags), "confirmed_by": need.confirmed_by}
    form = HostForm(data={**stored, "seen": rules.digest(need)})
    if not form.is_submitted():
        return _page(token, need, form)
    wants_confirmation = request.form.get("act") == "confirm"
    if not _fits(form, need, wants_confirmation):
        return _page(token, need, form), 422
    try:
        _store(need.id, form, wants_confirmation)
    except (PublicAlready, NeedRewritten) as error:
        need = links.need_of(read_session(), token)
        form.seen.data = rules.digest(need)
        return _page(token, need, form, sentence(error)), 409 if isinstance(error, NeedRewritten) else 422
    said = _("ご確認ありがとうございました。事務局が公開の準備をします。")
    flash(said if wants_confirmation else _("保存しました。まだ「確認」はされていません。"), "ok")
    return redirect(url_for(".host_page", token=token))


def _store(need_id: int, form: HostForm, wants_confirmation: bool) -> None:
    values, name, seen = form.values(), form.confirmed_by.data, form.seen.data or ""
    with transaction() as session:
        service.correct(session, need_id=need_id, values=values, now=clock.now(), seen=seen)
        if wants_confirmation:
            service.confirm(session, need_id=need_id, name=name, now=clock.now())


def _fits(form: HostForm, need: Need, wants_confirmation: bool) -> bool:
    fits = bool(form.validate())
    if wants_confirmation and not form.confirmed_by.data:
        form.confirmed_by.errors = [_("お名前を入力してください。")]
        fits = False
    return names_away.tell(form, need.organisation) and fits


def _page(token: str, need: Need, form: HostForm, trouble: str = "") -> str:
    return render_template(
        "meetings/host/need.html",
        token=token,
        need=need,
        event=need.round.event,
        form=form,
        is_open=NeedState(need.state) in rules.SECRET,
        trouble=trouble,
        confirmation=rules.confirmation(need),
        applications=len(answering.asked_of(read_session(), need.id)),
        state_words=meeting_words.NEED_STATES,
    )


@bp.route("/n/<token>/applications", methods=["GET", "POST"])
@private_link
@limiter.limit("60/minute", methods=["POST"])
def host_screening(token: str) -> ResponseReturnValue:
    session = read_session()
    need = links.need_of(session, token)
    if request.method == "GET":
        return _screening(token, need)
    given = _given(answering.asked_of(session, need.id))
    need_id = need.id
    try:
        with transaction() as writing:
            outcome = answering.answer(writing, need_id=need_id, given=given, now=clock.now())
    except answering.ScreeningClosed:
        return _screening(token, links.need_of(read_session(), token), given=given), 422
    if outcome.troubles:
        page = _screening(token, links.need_of(read_session(), token), given=given, troubles=outcome.troubles)
        return page, 422 if set(outcome.troubles.values()) == {Trouble.REASON_MISSING} else 409
    flash(_("回答を保存しました(変更 %(n)s件)。あとから何度でも直せます。", n=outcome.changed), "ok")
    return redirect(url_for(".host_screening", token=token))


def _given(applications: Sequence[Application]) -> dict[int, Given]:
    """What the page sent; an answer that is none is left as it was."""
    found = {}
    for one in applications:
        rating = request.form.get(f"rating-{one.id}")
        if rating is not None and rating in ("", *Rating):
            comment = request.form.get(f"comment-{one.id}", "").strip()[:300]
            found[one.id] = Given(rating or None, comment, request.form.get(f"seen-{one.id}", ""))
    return found


def _screening(
    token: str,
    need: Need,
    *,
    given: Mapping[int, Given] | None = None,
    troubles: Mapping[int, Trouble] | None = None,
    upload: UploadForm | None = None,
    faults: Sequence[str] = (),
) -> str:
    session = read_session()
    return render_template(
        "meetings/host/screening.html",
        token=token,
        need=need,
        event=need.round.event,
        applications=answering.asked_of(session, need.id),
        people=papers.people(session, answering.asked_of(session, need.id)),
        stamp=answering.stamp,
        given=given or {},
        troubles={one: TROUBLES[why]() for one, why in (troubles or {}).items()},
        overtaken={one for one, why in (troubles or {}).items() if why is Trouble.CHANGED_SINCE},
        is_closed=answering.is_closed(session, need.round_id),
        ratings=meeting_words.RATINGS,
        upload=upload or UploadForm(),
        faults=faults,
    )


@bp.get("/n/<token>/applications.xlsx")
@private_link
def host_sheet(token: str) -> ResponseReturnValue:
    need = links.need_of(read_session(), token)
    data = sheet.write(need, answering.asked_of(read_session(), need.id))
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=f"選考表_{need.code}.xlsx")


@bp.post("/n/<token>/applications.xlsx")
@private_link
@limiter.limit("20/minute")
def host_sheet_back(token: str) -> ResponseReturnValue:
    need = links.need_of(read_session(), token)
    form = UploadForm()
    if not form.validate_on_submit():
        return _screening(token, need, upload=form), 422
    upload = Upload(form.file.data.filename or "", form.file.data.read())
    need_id = need.id
    try:
        table = sheet.read(upload)
    except UnreadableTable as error:
        form.refuse(error)
        return _screening(token, need, upload=form), 422
    with transaction() as session:
        returned = sheet.take(session, session.get_one(Need, need_id), table, now=clock.now())
    if returned.faults:
        faults = [sheet_words.of_fault(fault) for fault in returned.faults[:MOST_SHOWN]]
        return _screening(token, links.need_of(read_session(), token), faults=faults), 422
    flash(taken_words(returned), "ok")
    return redirect(url_for(".host_screening", token=token))


def taken_words(returned: sheet.Returned) -> str:
    changed = returned.outcome.changed
    return str(_("選考表の%(rows)s行を読み、%(n)s件の回答を変えました。", rows=returned.rows, n=changed))


@bp.get("/n/<token>/files/<int:file_id>")
@private_link
def host_file(token: str, file_id: int) -> ResponseReturnValue:
    """Only what belongs to an application that this company is asked about."""
    session = read_session()
    need = links.need_of(session, token)
    found = session.get(ProposalFile, file_id)
    if found is None or found.application_id not in {one.id for one in answering.asked_of(session, need.id)}:
        raise NotFound
    return papers.send(found)
