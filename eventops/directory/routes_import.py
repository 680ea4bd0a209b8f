"""Importing organisations and people: an empty file to fill in, a preview, and the act itself."""

import io

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, uploads
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import importing
from eventops.directory.blueprint import bp
from eventops.directory.lookup import Lookup
from eventops.spreadsheets.blank import XLSX, blank_workbook
from eventops.spreadsheets.plan import ImportRefused, Plan, RowState
from eventops.spreadsheets.table import UnreadableTable
from eventops.spreadsheets.upload_form import UploadForm, sentences
from eventops.uploads import Upload


@bp.route("/staff/directory/import/<kind>", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def import_sheet(kind: str) -> ResponseReturnValue:
    importing.sheet(kind)
    form = UploadForm()
    if not form.validate_on_submit():
        return _upload_page(kind, form), 422 if form.is_submitted() else 200
    upload = Upload(form.file.data.filename or "", form.file.data.read())
    try:
        plan = importing.plan(read_session(), kind=kind, upload=upload, today=clock.today())
    except UnreadableTable as error:
        form.refuse(error)
        return _upload_page(kind, form), 422
    return _preview(kind, upload, plan), 200 if plan.is_clean else 422


@bp.post("/staff/directory/import/<kind>/confirm")
@require(Permission.MANAGE_EVENTS)
def confirm_import(kind: str) -> ResponseReturnValue:
    importing.sheet(kind)
    home, user_id, token = current_app.config["HOME"], current_user.id, request.form.get("token", "")
    upload = uploads.fetch(home, token, user_id=user_id)
    try:
        table = importing.read(upload)
        with transaction() as session:
            plan = importing.carry_out_table(
                session, kind=kind, table=table, filename=upload.filename, actor_id=user_id, now=clock.now()
            )
    except ImportRefused:
        plan = importing.plan(read_session(), kind=kind, upload=upload, today=clock.today())
        return _preview(kind, upload, plan), 422
    finally:
        uploads.discard(home, token, user_id=user_id)
    counts = {"new": plan.count(RowState.NEW), "changed": plan.count(RowState.CHANGED)}
    flash(
        _("取り込みました(新規 %(new)s件、変更 %(changed)s件)。「取り込みと統合の記録」から取り消せます。", **counts),
        "ok",
    )
    return redirect(_list_url(kind))


@bp.get("/staff/directory/import/<kind>/blank.xlsx")
@require(Permission.MANAGE_EVENTS)
def blank_sheet(kind: str) -> ResponseReturnValue:
    wanted = importing.sheet(kind)
    data = blank_workbook(str(wanted.title), wanted.columns(Lookup()))
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=f"{wanted.title}.xlsx")


def _list_url(kind: str) -> str:
    return url_for(f".{kind}")


def _upload_page(kind: str, form: UploadForm) -> str:
    wanted = importing.sheet(kind)
    return render_template(
        "imports/upload.html",
        title=wanted.title,
        columns=wanted.columns(Lookup()),
        form=form,
        blank_url=url_for(".blank_sheet", kind=kind),
        back_url=_list_url(kind),
    )


def _preview(kind: str, upload: Upload, plan: Plan) -> str:
    token = uploads.keep(current_app.config["HOME"], upload, user_id=current_user.id) if plan.is_clean else ""
    return render_template(
        "imports/preview.html",
        title=importing.sheet(kind).title,
        plan=plan,
        filename=upload.filename,
        faults=sentences(plan),
        removed=[],
        token=token,
        confirm_url=url_for(".confirm_import", kind=kind),
        again_url=url_for(".import_sheet", kind=kind),
        words=importing.shown_words(),
        rather=_rather(kind, upload, plan),
    )


def _rather(kind: str, upload: Upload, plan: Plan) -> tuple[str, str] | None:
    """What the file seems to be instead, and where that is imported."""
    other = None if plan.is_clean else importing.rather(kind, upload)
    return (str(other.title), url_for(".import_sheet", kind=other.kind)) if other else None
