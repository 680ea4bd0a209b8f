"""Stopping announcements: the reader's own page behind the link in a letter, and staff's list."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import DataRequired, Email, Length

from eventops import clock, searching
from eventops.accounts.permissions import Permission, private_link, require
from eventops.database import read_session, transaction
from eventops.limits import limiter
from eventops.mail import rules, unsubscribing
from eventops.mail.blueprint import bp
from eventops.mail.unsubscribing import How

PAGE = 50
_OFTEN = "30/minute"


class RefusalForm(FlaskForm):
    email = EmailField(lazy_gettext("メールアドレス"), validators=[DataRequired(), Email(), Length(max=254)])


@bp.route("/u/<token>", methods=["GET", "POST"])
@private_link
@limiter.limit(_OFTEN, methods=["POST"])
def unsubscribe(token: str) -> ResponseReturnValue:
    """The reader's page. Mail programs post here by themselves (RFC 8058): without cookie and without our token."""
    how = How.ONE_CLICK if request.form.get("List-Unsubscribe") == "One-Click" else How.LINK
    email = unsubscribing.letter_of(read_session(), token).to_email
    if request.method == "GET":
        is_refused = unsubscribing.is_refused(read_session(), email)
        return _page(token, email, is_refused=is_refused)
    with transaction() as session:
        unsubscribing.refuse(session, email=email, how=how, now=clock.now())
    return _page(token, email, is_refused=True, is_new=True)


@bp.post("/u/<token>/again")
@private_link
@limiter.limit(_OFTEN)
def subscribe_again(token: str) -> ResponseReturnValue:
    email = unsubscribing.letter_of(read_session(), token).to_email
    with transaction() as session:
        unsubscribing.welcome_back(session, email=email, now=clock.now())
    return _page(token, email, is_refused=False, is_new=True)


def _page(token: str, email: str, *, is_refused: bool, is_new: bool = False) -> ResponseReturnValue:
    return render_template(
        "mail/unsubscribe.html", token=token, shown=rules.masked(email), is_refused=is_refused, is_new=is_new
    )


@bp.route("/staff/letters/refusals", methods=["GET", "POST"])
@require(Permission.SEND_LETTERS)
def refusals() -> ResponseReturnValue:
    form = RefusalForm()
    if form.validate_on_submit():
        actor_id, email = current_user.id, form.email.data or ""
        with transaction() as session:
            unsubscribing.refuse(session, email=email, how=How.STAFF, now=clock.now(), actor_id=actor_id)
        flash(_("案内メールの配信を停止しました。"), "ok")
        return redirect(url_for(".refusals"))
    search = searching.text()
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    found = unsubscribing.refusals(read_session(), search=search, page=page, size=PAGE)
    html = render_template(
        "mail/refusals.html", form=form, refusals=found, search=search, page=page, has_more=len(found) == PAGE
    )
    return html, 422 if form.is_submitted() else 200


@bp.post("/staff/letters/refusals/lift")
@require(Permission.SEND_LETTERS)
def lift_refusal() -> ResponseReturnValue:
    actor_id, email = current_user.id, request.form.get("email", "")
    with transaction() as session:
        unsubscribing.welcome_back(session, email=email, now=clock.now(), actor_id=actor_id)
    flash(_("案内メールをまた送れるようにしました。"), "ok")
    return redirect(url_for(".refusals"))
