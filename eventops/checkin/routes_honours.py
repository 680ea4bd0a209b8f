"""来賓の知らせ: who of the staff is told of arrivals, chosen event by event, and saying that one has seen them."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from eventops import clock
from eventops.accounts.models import StaffUser
from eventops.accounts.permissions import Permission, may, require, user_may
from eventops.checkin import honours, queries, words
from eventops.checkin.blueprint import bp
from eventops.checkin.honours import Telling
from eventops.database import read_session, transaction
from eventops.events.models import Event

MAY_CHOOSE_FOR_ALL = Permission.MANAGE_REGISTRATIONS
_HONOURS = "/staff/events/<int:event_id>/reception/honours"


@bp.get(_HONOURS, endpoint="honours")
@require(Permission.RECEIVE)
def honours_page(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    return _page(event, _form(event_id, _choosable()))


@bp.post(_HONOURS)
@require(Permission.RECEIVE)
def choose_honours(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    people = _choosable()
    form = _form(event_id, people)
    if not form.validate():
        return _page(event, form), 422
    tellings = {one.id: Telling(form[f"user_{one.id}"].data) for one in people}
    actor_id = current_user.id
    with transaction() as session:
        honours.choose(session, event_id=event_id, tellings=tellings, actor_id=actor_id, now=clock.now())
    flash(_("来賓の到着を知らせる相手を保存しました。"), "ok")
    return redirect(url_for(".honours", event_id=event_id), 303)


@bp.post(f"{_HONOURS}/seen")
@require(Permission.RECEIVE)
def confirm_honours(event_id: int) -> ResponseReturnValue:
    """Without scripts the monitor comes back; with them the page asks for its live part itself."""
    user_id = current_user.id
    with transaction() as session:
        honours.confirm(session, event_id=event_id, user_id=user_id, scan_ids=request.form.getlist("scan", type=int))
    return redirect(url_for(".monitor", event_id=event_id), 303)


def _choosable() -> Sequence[StaffUser]:
    """Somebody in charge chooses for everybody, all others for themselves."""
    everybody = honours.staff(read_session())
    return everybody if user_may(MAY_CHOOSE_FOR_ALL) else [one for one in everybody if one.id == current_user.id]


def _form(event_id: int, people: Sequence[StaffUser]) -> FlaskForm:
    chosen = honours.watches(read_session(), event_id)
    fields = {f"user_{one.id}": _field(one, honours.telling_of(chosen.get(one.id))) for one in people}
    form: FlaskForm = type("HonoursForm", (FlaskForm,), fields)()
    return form


def _field(user: StaffUser, now_told: Telling) -> RadioField:
    """Who cannot open the reception's pages is told by letter only."""
    offered = dict(words.TELLINGS)
    if not may(user.role, Permission.RECEIVE):
        offered = {Telling.NOT: offered[Telling.NOT], Telling.LETTER: words.BY_LETTER_ALONE}
    return RadioField(
        user.name, choices=[SelectChoice(str(code), word) for code, word in offered.items()], default=str(now_told)
    )


def _page(event: Event, form: FlaskForm) -> str:
    page: str = render_template(
        "checkin/honours.html",
        event=event,
        form=form,
        expected=honours.expected(read_session(), event.id),
        for_all=user_may(MAY_CHOOSE_FOR_ALL),
    )
    return page
