"""Letters that reached nobody: sending many again, correcting an address, reports of what came back."""

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import EmailField, MultipleFileField
from wtforms.validators import DataRequired, Email, Length

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.mail import bounces, server, service
from eventops.mail.blueprint import bp
from eventops.mail.bounces import Found
from eventops.mail.models import Letter

MOST_REPORTS = 100
REPORT_BYTES = 2_000_000
FOUND_WORDS = {
    Found.NOTED: lazy_gettext("%(count)s通を「戻ってきた」と記録しました。"),
    Found.KNOWN: lazy_gettext("%(count)s通は、すでに記録されています。"),
    Found.DELAYED: lazy_gettext("%(count)s通は、配達が遅れているという知らせです。届かないとは限りません。"),
    Found.STRANGER: lazy_gettext("%(count)s通は、ここから送ったメールについての知らせではありません。"),
    Found.NO_REPORT: lazy_gettext("%(count)s通は、配達できないという知らせとして読み取れません。"),
}


class AddressForm(FlaskForm):
    email = EmailField(lazy_gettext("正しいメールアドレス"), validators=[DataRequired(), Email(), Length(max=254)])


class ReportsForm(FlaskForm):
    files = MultipleFileField(
        lazy_gettext("戻ってきたメールのファイル（.eml）"),
        description=lazy_gettext("メールソフトから書き出したファイルを選びます。まとめて100通まで。"),
    )


@bp.post("/staff/letters/send-again")
@require(Permission.SEND_LETTERS)
def send_many_again() -> ResponseReturnValue:
    ids, actor_id = request.form.getlist("ids", type=int), current_user.id
    with transaction() as session:
        number = service.send_all_again(session, letter_ids=ids, actor_id=actor_id, now=clock.now())
    flash(_("%(count)s通を送信待ちに戻しました。", count=number), "ok" if number else "warn")
    return redirect(_here())


@bp.post("/staff/letters/knock")
@require(Permission.SEND_LETTERS)
def knock() -> ResponseReturnValue:
    """Try the server at once, after its settings were mended."""
    with transaction() as session:
        server.knock_now(session)
    flash(_("いま試しています。しばらくして、この画面を読み込み直してください。"), "ok")
    return redirect(_here())


@bp.route("/staff/letters/<int:letter_id>/redirect", methods=["GET", "POST"])
@require(Permission.SEND_LETTERS)
def redirect_letter(letter_id: int) -> ResponseReturnValue:
    letter = read_session().get(Letter, letter_id)
    if letter is None:
        raise NotFound
    form = AddressForm(email=letter.to_email)
    if not form.validate_on_submit():
        page = render_template("mail/redirect.html", letter=letter, form=form)
        return page, 422 if form.is_submitted() else 200
    actor_id, email = current_user.id, form.email.data or ""
    with transaction() as session:
        made = service.redirect_to(session, letter_id=letter_id, email=email, actor_id=actor_id, now=clock.now())
        session.flush()
        made_id = made.id
    flash(_("送信待ちに入れました。"), "ok")
    return redirect(url_for(".letter", letter_id=made_id))


@bp.route("/staff/letters/returned", methods=["GET", "POST"])
@require(Permission.SEND_LETTERS)
def returned() -> ResponseReturnValue:
    form = ReportsForm()
    contents = _contents(form) if form.validate_on_submit() else []
    reports = [content for content in contents if bounces.read(content) is not None]
    if not reports:
        if form.is_submitted():
            form.files.errors = [_unreadable(len(contents))]
        return render_template("mail/returned.html", form=form), 422 if form.is_submitted() else 200
    with transaction() as session:
        found = Counter(bounces.note(session, content) for content in contents)
    for what in Found:
        if found[what]:
            flash(str(FOUND_WORDS[what]) % {"count": found[what]}, "ok" if what is Found.NOTED else "info")
    return redirect(url_for(".outbox", state="bounced") if found[Found.NOTED] else url_for(".returned"))


def _unreadable(number: int) -> str:
    if not number:
        return str(_("ファイルを選んでください。"))
    return str(FOUND_WORDS[Found.NO_REPORT]) % {"count": number}


def _contents(form: ReportsForm) -> list[bytes]:
    files = [file for file in form.files.data or () if getattr(file, "filename", "")]
    return [file.read(REPORT_BYTES) for file in files[:MOST_REPORTS]]


def _here() -> str:
    """Back to the list that the button stood in; only our own paths."""
    event_id = request.form.get("event_id", type=int)
    state = request.form.get("state", "")
    if event_id:
        return url_for(".event_letters", event_id=event_id, state=state)
    return url_for(".outbox", state=state)
