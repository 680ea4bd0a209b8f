"""Staff's page of an event's money: who owes what, until when, and asking for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from eventops import clock, searching
from eventops.accounts.permissions import Permission, require
from eventops.billing import labels, ledgers, reminders, terms
from eventops.billing.blueprint import bp
from eventops.billing.forms import TermsForm
from eventops.billing.ledgers import Filter, Show
from eventops.database import read_session, transaction
from eventops.directory import kana
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.registration import labels as registration_labels

_HOME = "/staff/events/<int:event_id>/money"
HIGHEST_PAGE = 10_000
SHOW_WORDS = {
    Show.ALL: lazy_gettext("すべて"),
    Show.UNPAID: lazy_gettext("未入金"),
    Show.OVERDUE: lazy_gettext("期限超過"),
    Show.PARTLY: lazy_gettext("一部入金"),
    Show.TRANSFER: lazy_gettext("振込の未収"),
    Show.CASH: lazy_gettext("当日現金の未収"),
    Show.OVERPAID: lazy_gettext("過入金"),
    Show.PAID: lazy_gettext("入金済"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with the number of applications that it shows."""

    label: str
    count: int
    url: str
    active: bool


@bp.get(_HOME)
@require(Permission.MANAGE_MONEY)
def event_money(event_id: int) -> ResponseReturnValue:
    session, today = read_session(), clock.today()
    event = event_queries.event(session, event_id)
    agreed, wanted = terms.of_event(session, event), _wanted()
    page = min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)
    counts = ledgers.counts(session, event, agreed, today=today)
    number = ledgers.count(session, event, agreed, wanted, today=today) if wanted.search else counts[wanted.show]
    return render_template(
        "billing/event.html",
        event=event,
        accounts=ledgers.accounts(session, event, agreed, wanted, today=today, page=page),
        totals=ledgers.totals(session, event, agreed, today=today),
        chips=_chips(event, wanted, counts),
        reminders_of=Show.OVERDUE if counts[Show.OVERDUE] else Show.TRANSFER,
        wanted=wanted,
        agreed=agreed,
        due_on=lambda registration: terms.due_on(agreed, registration, event),
        today=today,
        number=number,
        page=page,
        pages=-(-number // ledgers.PAGE),
        labels=labels,
        payments=registration_labels.PAYMENTS,
        row_of=kana.row_of,
    )


def _wanted() -> Filter:
    show = request.values.get("show", "")
    return Filter(Show(show) if show in set(Show) else Show.ALL, searching.text())


def _chips(event: Event, wanted: Filter, counts: Mapping[Show, int]) -> list[Chip]:
    always = (Show.ALL, Show.UNPAID, Show.OVERDUE, Show.PAID)
    shown = [show for show in SHOW_WORDS if counts[show] or show in always]
    return [_chip(event, show, counts, wanted, ".event_money") for show in shown]


def _chip(event: Event, show: Show, counts: Mapping[Show, int], wanted: Filter, page: str) -> Chip:
    url = url_for(page, event_id=event.id, show=str(show), s=request.args.get(searching.PARAMETER))
    return Chip(str(SHOW_WORDS[show]), counts[show], url, show is wanted.show)


@bp.route(f"{_HOME}/terms", methods=["GET", "POST"])
@require(Permission.MANAGE_MONEY)
def payment_terms(event_id: int) -> ResponseReturnValue:
    event = event_queries.event(read_session(), event_id)
    form = TermsForm(obj=terms.of_event(read_session(), event))
    if not form.validate_on_submit():
        page = render_template("billing/terms.html", event=event, form=form)
        return page, 422 if form.is_submitted() else 200
    with transaction() as session:
        terms.agree(session, event_id=event_id, terms=form.terms(), actor_id=current_user.id, now=clock.now())
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".event_money", event_id=event_id))


@bp.get(f"{_HOME}/reminders")
@require(Permission.MANAGE_MONEY)
def reminder_preview(event_id: int) -> ResponseReturnValue:
    """Whom a reminder would reach, and what it would say to the first of them."""
    session = read_session()
    event = event_queries.event(session, event_id)
    wanted, today = _wanted(), clock.today()
    counts = ledgers.counts(session, event, terms.of_event(session, event), today=today)
    return render_template(
        "billing/reminders.html",
        event=event,
        plan=reminders.plan(session, event, wanted, today=today),
        chips=[_chip(event, show, counts, wanted, ".reminder_preview") for show in reminders.OFFERED],
        batch=reminders.new_batch(),
    )


@bp.post(f"{_HOME}/reminders")
@require(Permission.SEND_LETTERS)
def send_reminders(event_id: int) -> ResponseReturnValue:
    """Send to exactly those who were shown; pressed twice, everybody still gets one letter."""
    chosen = request.form.getlist("registration", type=int)
    batch, actor_id = request.form.get("batch", "")[:40], current_user.id
    with transaction() as session:
        sent = reminders.send(session, event_id=event_id, ids=chosen, batch=batch, actor_id=actor_id, now=clock.now())
    flash(_("%(count)s件のメールを用意しました。", count=sent), "ok")
    return redirect(url_for(".event_money", event_id=event_id))
