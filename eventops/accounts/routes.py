"""Signing in and out, the first start, and the administrator's pages about users."""

from urllib.parse import urlsplit

from flask import Flask, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from eventops import clock
from eventops.accounts import commands, passwords, queries, routes_reset, routes_search, service
from eventops.accounts.blueprint import bp
from eventops.accounts.forms import (
    ROLE_WORDS,
    ChangePasswordForm,
    FirstAdministratorForm,
    NewUserForm,
    SignInForm,
    UserForm,
)
from eventops.accounts.models import Role, StaffUser
from eventops.accounts.permissions import Permission, public, require
from eventops.accounts.sign_in import start_url
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.limits import limiter

__all__ = ["bp", "init_accounts", "routes_reset", "routes_search"]


def init_accounts(app: Flask) -> None:
    commands.init_commands(app)


def _typed_email() -> str:
    return "sign-in:" + request.form.get("email", "")[:254].strip().lower()


def _signed_in() -> str:
    return f"password:{current_user.get_id()}"


@bp.route("/staff/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("20/minute", methods=["POST"])
@limiter.limit("10 per 15 minutes", methods=["POST"], key_func=_typed_email)
def sign_in() -> ResponseReturnValue:
    if queries.user_count(read_session()) == 0:
        return redirect(url_for(".first_start"))
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.is_submitted() else 200
    user = queries.user_by_email(read_session(), form.email.data or "")
    fits = passwords.verify(user.password_hash if user else None, form.password.data or "")
    if user is None or not fits or not user.enabled:
        form.password.errors = [_("メールアドレスかパスワードが違います。")]
        return render_template("accounts/sign_in.html", form=form), 422
    _begin_session(user)
    return redirect(_safe_target(request.args.get("next")))


@bp.post("/staff/sign-out")
@require(Permission.SIGN_IN)
def sign_out() -> ResponseReturnValue:
    logout_user()
    cookie.clear()
    flash(_("サインアウトしました。"))
    return redirect(url_for(".sign_in"))


@bp.route("/staff/first-start", methods=["GET", "POST"])
@public
@limiter.limit("20/minute", methods=["POST"])
def first_start() -> ResponseReturnValue:
    if queries.user_count(read_session()):
        return redirect(url_for(".sign_in"))
    form = FirstAdministratorForm()
    if not form.validate_on_submit():
        return render_template("accounts/first_start.html", form=form), 422 if form.is_submitted() else 200
    with transaction() as session:
        now = clock.now()
        user = service.create_first_administrator(
            session,
            email=form.email.data or "",
            name=form.name.data or "",
            password=form.password.data or "",
            now=now,
        )
        if form.demonstration.data:
            current_app.extensions["demonstration"](session, now=now)
    _begin_session(user)
    return redirect(url_for("events.home"))


@bp.route("/staff/password", methods=["GET", "POST"])
@require(Permission.SIGN_IN)
@limiter.limit("10 per 15 minutes", methods=["POST"], key_func=_signed_in)
def password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    is_right = form.validate_on_submit()
    if is_right and not passwords.verify(current_user.password_hash, form.current.data or ""):
        form.current.errors, is_right = [_("いまのパスワードが違います。")], False
    if not is_right:
        return render_template("accounts/password.html", form=form), 422 if form.is_submitted() else 200
    user_id = current_user.id
    with transaction() as session:
        service.change_password(
            session, user_id=user_id, password=form.password.data or "", actor_id=user_id, now=clock.now()
        )
    login_user(read_session().get(StaffUser, user_id))
    flash(_("パスワードを変更しました。"))
    return redirect(start_url())


@bp.get("/staff/users")
@require(Permission.ADMINISTER)
def users() -> ResponseReturnValue:
    return render_template("accounts/users.html", users=queries.users(read_session()), role_words=ROLE_WORDS)


@bp.route("/staff/users/new", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
def new_user() -> ResponseReturnValue:
    form = NewUserForm()
    if not form.validate_on_submit():
        return render_template("accounts/user.html", form=form, user=None), 422 if form.is_submitted() else 200
    try:
        with transaction() as session:
            service.create_user(
                session,
                email=form.email.data or "",
                name=form.name.data or "",
                office=form.office.data or "",
                role=Role(form.role.data),
                password=form.password.data or "",
                actor_id=current_user.id,
                now=clock.now(),
            )
    except service.EmailTaken:
        form.email.errors = [_("このメールアドレスの職員は登録済みです。")]
        return render_template("accounts/user.html", form=form, user=None), 422
    flash(_("職員を追加しました。"))
    return redirect(url_for(".users"))


@bp.route("/staff/users/<int:user_id>", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
def edit_user(user_id: int) -> ResponseReturnValue:
    user = read_session().get(StaffUser, user_id)
    if user is None:
        raise NotFound
    form = UserForm(obj=user)
    if not form.validate_on_submit():
        return render_template("accounts/user.html", form=form, user=user), 422 if form.is_submitted() else 200
    try:
        with transaction() as session:
            service.change_user(
                session,
                user_id=user_id,
                name=form.name.data or "",
                office=form.office.data or "",
                role=Role(form.role.data),
                enabled=bool(form.enabled.data),
                actor_id=current_user.id,
                now=clock.now(),
            )
    except service.LastAdministrator:
        form.role.errors = [_("管理者がいなくなります。先に別の管理者を決めてください。")]
        return render_template("accounts/user.html", form=form, user=user), 422
    flash(_("保存しました。"))
    return redirect(url_for(".users"))


@bp.get("/staff/audit")
@require(Permission.ADMINISTER)
def audit_trail() -> ResponseReturnValue:
    before_id = request.args.get("before", type=int)
    entries = queries.audit_entries(read_session(), before_id=before_id)
    return render_template("accounts/audit.html", entries=entries)


def _begin_session(user: StaffUser) -> None:
    user_id = user.id
    with transaction() as session:
        service.note_sign_in(session, user_id=user_id, now=clock.now())
    cookie.clear()
    login_user(read_session().get(StaffUser, user_id))
    cookie.permanent = True


def _safe_target(target: str | None) -> str:
    """Only a path of this site: a link in a mail must not send staff elsewhere after signing in."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and not urlsplit(target).netloc:
        return target
    return start_url()
