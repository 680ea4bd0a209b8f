"""Staff's form of a mailing: a new draft, changing it, forgetting it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.mailings import drafting, kinds, labels, queries, rules, service
from eventops.mailings.blueprint import bp
from eventops.mailings.forms import MailingForm
from eventops.mailings.models import Mailing, MailingKind, MailingState

_EVENT = "/staff/events/<int:event_id>/mailings"
_ONE = "/staff/mailings/<int:mailing_id>"


@bp.route(f"{_EVENT}/new", methods=["GET", "POST"])
@require(Permission.SEND_LETTERS)
def new_mailing(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event, kind = event_queries.event(session, event_id), drafting.asked_kind()
    form = drafting.form_for(session, event, kind)
    if request.method == "GET":
        form.show_plan(drafting.beginning(session, event, kind))
    elif form.validate():
        plan, actor_id = form.plan(kind), current_user.id
        with transaction() as session:
            made = service.draft(session, plan, event_id=event_id, actor_id=actor_id, now=clock.now())
            made_id = made.id
        return redirect(url_for(".mailing", mailing_id=made_id))
    return _form_page(event, kind, form, None)


@bp.route(f"{_ONE}/edit", methods=["GET", "POST"])
@require(Permission.SEND_LETTERS)
def edit_mailing(mailing_id: int) -> ResponseReturnValue:
    session = read_session()
    mailing = queries.mailing(session, mailing_id)
    if mailing.state != MailingState.DRAFT:
        raise service.NotADraft
    event, kind = event_queries.event(session, mailing.event_id), MailingKind(mailing.kind)
    form = drafting.form_for(session, event, kind)
    if request.method == "GET":
        form.show_plan(drafting.plan_of(mailing))
    elif form.validate():
        plan, actor_id = form.plan(kind), current_user.id
        with transaction() as session:
            service.change(session, plan, mailing_id=mailing_id, actor_id=actor_id, now=clock.now())
        return redirect(url_for(".mailing", mailing_id=mailing_id))
    return _form_page(event, kind, form, mailing)


def _form_page(event: Event, kind: MailingKind, form: MailingForm, mailing: Mailing | None) -> ResponseReturnValue:
    page = render_template(
        "mailings/edit.html",
        event=event,
        kind=kind,
        kinds=rules.BY_HAND,
        letter_kind=kinds.of(kind),
        form=form,
        mailing=mailing,
        labels=labels,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post(f"{_ONE}/delete")
@require(Permission.SEND_LETTERS)
def delete_mailing(mailing_id: int) -> ResponseReturnValue:
    actor_id = current_user.id
    event_id = queries.mailing(read_session(), mailing_id).event_id
    with transaction() as session:
        service.delete(session, mailing_id=mailing_id, actor_id=actor_id, now=clock.now())
    flash(_("下書きを削除しました。"), "ok")
    return redirect(url_for(".event_mailings", event_id=event_id))
