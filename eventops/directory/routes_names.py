"""Names of companies: a sheet of them with what each means, and the queue of those that a person has to decide."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, uploads
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import kana, lookup, reviewing, vocabulary
from eventops.directory.blueprint import bp
from eventops.directory.names import Decision
from eventops.directory.reviewing import NamesPlan
from eventops.directory.rules import membership_on
from eventops.spreadsheets import words as sheet_words
from eventops.spreadsheets.plan import ImportRefused
from eventops.spreadsheets.table import UnreadableTable
from eventops.spreadsheets.upload_form import UploadForm
from eventops.uploads import Upload


@bp.route("/staff/directory/names", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def check_names() -> ResponseReturnValue:
    """A sheet of names, and before anything is kept what every one of them means."""
    form = UploadForm()
    if not form.validate_on_submit():
        page = render_template("directory/names_upload.html", form=form, columns=reviewing.COLUMNS)
        return page, 422 if form.is_submitted() else 200
    upload = Upload(form.file.data.filename or "", form.file.data.read())
    try:
        plan = reviewing.plan(read_session(), upload)
    except UnreadableTable as error:
        form.refuse(error)
        return render_template("directory/names_upload.html", form=form, columns=reviewing.COLUMNS), 422
    return _preview(upload, plan), 200 if not plan.faults else 422


def _preview(upload: Upload, plan: NamesPlan) -> str:
    token = "" if plan.faults else uploads.keep(current_app.config["HOME"], upload, user_id=current_user.id)
    auto = plan.count(Decision.AUTO)
    bank = plan.count(Decision.REVIEW, bank=True)
    review = plan.count(Decision.REVIEW)
    return render_template(
        "directory/names_preview.html",
        plan=plan,
        filename=upload.filename,
        faults=[sheet_words.of_fault(fault) for fault in plan.faults],
        token=token,
        auto=auto,
        bank=bank,
        review=review,
        unknown=len(plan.rows) - auto - bank - review,
        organisations=lookup.read(read_session()).organisation_words,
        reasons=vocabulary.REASONS,
    )


@bp.post("/staff/directory/names/confirm")
@require(Permission.MANAGE_EVENTS)
def confirm_names() -> ResponseReturnValue:
    home, user_id, token = current_app.config["HOME"], current_user.id, request.form.get("token", "")
    upload = uploads.fetch(home, token, user_id=user_id)
    try:
        with transaction() as session:
            plan = reviewing.carry_out(session, upload, actor_id=user_id, now=clock.now())
    except ImportRefused:
        return _preview(upload, reviewing.plan(read_session(), upload)), 422
    finally:
        uploads.discard(home, token, user_id=user_id)
    waiting = len(plan.rows) - plan.count(Decision.AUTO)
    flash(
        _(
            "%(auto)s件は自動で決まりました。%(waiting)s件を確認してください。",
            auto=len(plan.rows) - waiting,
            waiting=waiting,
        ),
        "ok",
    )
    return redirect(url_for(".review_names"))


@bp.get("/staff/directory/review")
@require(Permission.MANAGE_EVENTS)
def review_names() -> ResponseReturnValue:
    session, today = read_session(), clock.today()
    return render_template(
        "directory/review_names.html",
        questions=reviewing.questions(session),
        decided=reviewing.decided(session),
        reasons=vocabulary.REASONS,
        is_member=lambda organisation: membership_on(organisation.memberships, today) is not None,
    )


@bp.post("/staff/directory/review")
@require(Permission.MANAGE_EVENTS)
def decide_name() -> ResponseReturnValue:
    """One decision: an organisation's id, `new` with a reading, or `aside`."""
    key, answer, kana_name = (request.form.get(name, "") for name in ("key", "answer", "kana"))
    actor_id, now = current_user.id, clock.now()
    if answer == "new" and not kana.sort_key(kana_name):
        flash(_("新しい団体のフリガナを入力してください。"), "bad")
        return redirect(url_for(".review_names"))
    with transaction() as session:
        if answer == "new":
            act_id = reviewing.make_new(session, key=key, kana_name=kana_name[:160], actor_id=actor_id, now=now)
        elif answer.isdecimal() and len(answer) < 10:
            act_id = reviewing.settle(session, key=key, organisation_id=int(answer), actor_id=actor_id, now=now)
        else:
            act_id = reviewing.put_aside(session, key=key, actor_id=actor_id, now=now)
    flash(_("決めました。取り消すときは「取り込みと統合の記録」から戻せます（%(number)s番）。", number=act_id), "ok")
    return redirect(url_for(".review_names"))
