"""Setting a password anew: the link that an administrator makes, and the page that it opens."""

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, urls
from eventops.accounts import resetting
from eventops.accounts.blueprint import bp
from eventops.accounts.forms import NewPasswordForm
from eventops.accounts.models import StaffUser
from eventops.accounts.permissions import Permission, private_link, require
from eventops.database import read_session, transaction
from eventops.limits import limiter


@bp.post("/staff/users/<int:user_id>/reset-link")
@require(Permission.ADMINISTER)
def give_reset_link(user_id: int) -> ResponseReturnValue:
    now, actor_id = clock.now(), current_user.id
    with transaction() as session:
        secret = resetting.give(session, user_id=user_id, actor_id=actor_id, now=now)
    return render_template(
        "accounts/reset_link.html",
        user=read_session().get_one(StaffUser, user_id),
        address=urls.absolute("accounts.reset_password", secret=secret),
        until=now + resetting.LASTS,
    )


@bp.route("/staff/reset/<secret>", methods=["GET", "POST"])
@private_link
@limiter.limit("20/minute")
def reset_password(secret: str) -> ResponseReturnValue:
    user = resetting.owner(read_session(), secret, now=clock.now())
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/reset.html", form=form, user=user), 422 if form.is_submitted() else 200
    with transaction() as session:
        resetting.use(session, secret, password=form.password.data or "", now=clock.now())
    cookie.clear()
    flash(_("パスワードを設定しました。新しいパスワードでサインインしてください。"))
    return redirect(url_for(".sign_in"))
