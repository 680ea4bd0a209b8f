"""The page on which staff add types of event beside those of the program."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField

from eventops import clock, words
from eventops.accounts import audit
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.events import types
from eventops.events.blueprint import bp
from eventops.events.fields import LineField, required
from eventops.events.forms import choices
from eventops.events.models import EventKind, EventType
from eventops.events.vocabulary import KIND_WORDS


class TypeForm(FlaskForm):
    name = LineField(lazy_gettext("名前"), 60, validators=[required()], description=lazy_gettext("例: 若手の会"))
    name_en = LineField(lazy_gettext("英語の名前"), 80)
    kind = SelectField(
        lazy_gettext("扱い"),
        choices=choices(KIND_WORDS),
        default=EventKind.OTHER,
        description=lazy_gettext("質問セットの提案や、行事コードの頭文字が同じになります。"),
    )
    retired = BooleanField(lazy_gettext("これからは選べないようにする"))


@bp.route("/staff/event-types", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def event_types() -> ResponseReturnValue:
    form = TypeForm()
    if form.validate_on_submit() and _added(form):
        flash(_("種類を加えました。行事を作るときに選べます。"), "ok")
        return redirect(url_for(".event_types"))
    session = read_session()
    page = render_template(
        "events/types.html", form=form, own=types.own(session), used=types.used(session), kind_words=KIND_WORDS
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/staff/event-types/<int:type_id>", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit_event_type(type_id: int) -> ResponseReturnValue:
    row = read_session().get(EventType, type_id)
    if row is None:
        raise NotFound
    form = TypeForm(obj=row)
    del form.kind
    if form.validate_on_submit() and _changed(form, type_id):
        flash(_("種類を保存しました。"), "ok")
        return redirect(url_for(".event_types"))
    page = render_template("events/type.html", form=form, row=row, kind_words=KIND_WORDS)
    return page, 422 if form.is_submitted() else 200


def _added(form: TypeForm) -> bool:
    name, name_en, kind = form.name.data or "", form.name_en.data or "", EventKind(form.kind.data)
    actor_id, now = current_user.id, clock.now()
    try:
        with transaction() as session:
            row = types.add(session, name=name, name_en=name_en, kind=kind)
            session.flush()
            audit.record(session, actor_id=actor_id, action="event_type_saved", subject=("event_type", row.id), now=now)
    except types.TypeTaken as refusal:
        form.name.errors = [words.sentence(refusal)]
        return False
    return True


def _changed(form: TypeForm, type_id: int) -> bool:
    name, name_en, retired = form.name.data or "", form.name_en.data or "", bool(form.retired.data)
    actor_id, now = current_user.id, clock.now()
    try:
        with transaction() as session:
            types.change(session, type_id=type_id, name=name, name_en=name_en, retired=retired)
            audit.record(
                session, actor_id=actor_id, action="event_type_saved", subject=("event_type", type_id), now=now
            )
    except types.TypeTaken as refusal:
        form.name.errors = [words.sentence(refusal)]
        return False
    return True
