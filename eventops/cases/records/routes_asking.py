"""Asking for missing records: who will be asked, a real letter, a trial, one button that names the act."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.cases.blueprint import bp
from eventops.cases.records import asking
from eventops.database import read_session, transaction
from eventops.events import queries as event_queries

_HERE = "/staff/events/<int:event_id>/records/ask"


@bp.get(_HERE)
@require(Permission.SEND_LETTERS)
def ask_preview(event_id: int) -> ResponseReturnValue:
    g.nav_endpoint = "cases.event_records"
    session = read_session()
    event = event_queries.event(session, event_id)
    found = asking.whom(session, event_id, now=clock.now())
    return render_template(
        "cases/ask.html",
        event=event,
        asked=found,
        companies=len({one.organisation.id for one in found}),
        example=asking.example(session, event, found[0]) if found else None,
    )


@bp.post(_HERE)
@require(Permission.SEND_LETTERS)
def ask_for_records(event_id: int) -> ResponseReturnValue:
    with transaction() as session:
        number = asking.ask(session, event_id=event_id, actor_id=current_user.id, now=clock.now())
    if number:
        flash(_("%(n)s名へのお願いを送信待ちにしました。「連絡」で確認できます。", n=number), "ok")
    else:
        flash(_("きょうのお願いは、もう全員に送っています。新しく送ったものはありません。"), "info")
    return redirect(url_for(".event_records", event_id=event_id))


@bp.post(f"{_HERE}/trial")
@require(Permission.SEND_LETTERS)
def try_asking(event_id: int) -> ResponseReturnValue:
    email = current_user.email
    with transaction() as session:
        asking.try_out(session, event_id=event_id, email=email, now=clock.now())
    flash(_("%(email)s に試し送りをしました。", email=email), "ok")
    return redirect(url_for(".ask_preview", event_id=event_id))
