"""Importing sheets of a round: an empty file to fill in, a preview of what would happen, and the act itself."""

import io

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from eventops import clock, uploads
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.meetings.blueprint import bp
from eventops.meetings.routes_desk import open_round
from eventops.meetings.sheets import importing, next_sheets, taking_back
from eventops.meetings.sheets.scope import Scope
from eventops.spreadsheets.blank import XLSX, blank_workbook
from eventops.spreadsheets.plan import ImportRefused, Plan, RowState
from eventops.spreadsheets.table import UnreadableTable
from eventops.spreadsheets.upload_form import UploadForm, sentences
from eventops.uploads import Upload

LISTS = {
    "needs": "meetings.needs",
    "applications": "meetings.applications",
    "limits": "meetings.limits",
    "pairs": "meetings.pairs",
    "exclusions": "meetings.pairs",
    "slots": "meetings.round_frame",
    "rooms": "meetings.round_frame",
}


@bp.route("/staff/events/<int:event_id>/matching/import/<kind>", methods=["GET", "POST"])
@require(Permission.MANAGE_MATCHING)
def import_sheet(event_id: int, kind: str) -> ResponseReturnValue:
    importing.sheet(kind)
    found = open_round(event_id)
    form = UploadForm()
    if not form.validate_on_submit():
        return _upload_page(event_id, kind, form), 422 if form.is_submitted() else 200
    upload = Upload(form.file.data.filename or "", form.file.data.read())
    try:
        plan = importing.plan(read_session(), round_id=found.id, kind=kind, upload=upload)
    except UnreadableTable as error:
        form.refuse(error)
        return _upload_page(event_id, kind, form), 422
    return _preview(event_id, kind, upload, plan), 200 if plan.is_clean else 422


@bp.post("/staff/events/<int:event_id>/matching/import/<kind>/confirm")
@require(Permission.MANAGE_MATCHING)
def confirm_import(event_id: int, kind: str) -> ResponseReturnValue:
    importing.sheet(kind)
    round_id, user_id, token = open_round(event_id).id, current_user.id, request.form.get("token", "")
    upload = uploads.fetch(current_app.config["HOME"], token, user_id=user_id)
    try:
        table = importing.read(upload)
        with transaction() as session:
            plan = importing.carry_out_table(
                session, round_id=round_id, kind=kind, table=table, actor_id=user_id, now=clock.now()
            )
    except ImportRefused:
        plan = importing.plan(read_session(), round_id=round_id, kind=kind, upload=upload)
        return _preview(event_id, kind, upload, plan), 422
    finally:
        uploads.discard(current_app.config["HOME"], token, user_id=user_id)
    said = _(
        "取り込みました(新規 %(new)s件、変更 %(changed)s件、変更なし %(same)s件)。",
        new=plan.count(RowState.NEW),
        changed=plan.count(RowState.CHANGED),
        same=plan.count(RowState.UNCHANGED),
    )
    flash(_with_next(event_id, round_id, kind, said), "ok")
    return redirect(url_for(LISTS[kind], event_id=event_id))


def _with_next(event_id: int, round_id: int, kind: str, said: str) -> str:
    """The sentence with the way on to the next sheet."""
    onward = _onward(event_id, round_id, kind)
    return Markup('{} <a href="{}">{}</a>').format(said, onward[1], onward[0]) if onward else said


def _onward(event_id: int, round_id: int, kind: str) -> tuple[str, str] | None:
    following = next_sheets.after(read_session(), round_id, kind)
    if following is None:
        return None
    label = _("次: %(sheet)sを取り込む", sheet=following.title)
    return str(label), url_for(".import_sheet", event_id=event_id, kind=following.kind)


@bp.get("/staff/events/<int:event_id>/matching/import/<kind>/blank.xlsx")
@require(Permission.MANAGE_MATCHING)
def blank_sheet(event_id: int, kind: str) -> ResponseReturnValue:
    wanted = importing.sheet(kind)
    data = blank_workbook(str(wanted.title), wanted.columns(Scope()))
    name = f"{wanted.title}.xlsx"
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)


@bp.post("/staff/events/<int:event_id>/matching/imports/<int:import_id>/take-back")
@require(Permission.MANAGE_MATCHING)
def take_back_import(event_id: int, import_id: int) -> ResponseReturnValue:
    round_id, user_id = open_round(event_id).id, current_user.id
    with transaction() as session:
        kind = taking_back.take_back(
            session, round_id=round_id, import_id=import_id, actor_id=user_id, now=clock.now()
        ).kind
    flash(_("取り込みを取り消して、元に戻しました。"), "ok")
    return redirect(url_for(LISTS[kind], event_id=event_id))


def _upload_page(event_id: int, kind: str, form: UploadForm) -> str:
    return render_template(
        "imports/upload.html",
        event=open_round(event_id).event,
        title=importing.sheet(kind).title,
        columns=importing.sheet(kind).columns(Scope()),
        form=form,
        blank_url=url_for(".blank_sheet", event_id=event_id, kind=kind),
        back_url=url_for(LISTS[kind], event_id=event_id),
    )


def _preview(event_id: int, kind: str, upload: Upload, plan: Plan) -> str:
    token = uploads.keep(current_app.config["HOME"], upload, user_id=current_user.id) if plan.is_clean else ""
    return render_template(
        "imports/preview.html",
        event=open_round(event_id).event,
        title=importing.sheet(kind).title,
        plan=plan,
        filename=upload.filename,
        faults=sentences(plan),
        removed=[row.code for row in plan.removed],
        token=token,
        confirm_url=url_for(".confirm_import", event_id=event_id, kind=kind),
        again_url=url_for(".import_sheet", event_id=event_id, kind=kind),
        words=importing.shown_words(),
        rather=_rather(event_id, kind, upload, plan),
        onward=_onward(event_id, open_round(event_id).id, kind),
    )


def _rather(event_id: int, kind: str, upload: Upload, plan: Plan) -> tuple[str, str] | None:
    """What the file seems to be instead, and where that is imported."""
    other = None if plan.is_clean else importing.rather(kind, upload)
    return (str(other.title), url_for(".import_sheet", event_id=event_id, kind=other.kind)) if other else None
