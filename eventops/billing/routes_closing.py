"""The closing of the day: the desk's own page, with what the ledger expects and what was counted."""

import datetime as dt

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.billing import closings
from eventops.billing.blueprint import bp
from eventops.billing.forms import ClosingForm
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.events import queries as event_queries

_CLOSING = "/staff/events/<int:event_id>/money/closing"


@bp.get(_CLOSING)
@require(Permission.RECEIVE)
def closing(event_id: int) -> ResponseReturnValue:
    return _page(event_id, ClosingForm(formdata=None))


def _page(event_id: int, form: ClosingForm, *, at: tuple[str, str] = ("", "")) -> str:
    session = read_session()
    event = event_queries.event(session, event_id)
    tills = closings.tills(session, event_id)
    page: str = render_template(
        "billing/closing.html",
        event=event,
        tills=tills,
        days=closings.totals(tills),
        boxes=list(dict.fromkeys((till.day, till.station) for till in tills)),
        closings=closings.closings(session, event_id),
        form=form,
        at=at,
    )
    return page


@bp.post(_CLOSING)
@require(Permission.RECEIVE)
def close_box(event_id: int) -> ResponseReturnValue:
    event_queries.event(read_session(), event_id)
    form = ClosingForm()
    day, station = _day(request.form.get("day", "")), request.form.get("station", "")[:40]
    if not form.validate():
        return _page(event_id, form, at=(day.isoformat(), station)), 422
    counted, note, actor_id = form.counted_yen.data or 0, form.note.data or "", current_user.id
    with transaction() as session:
        made = closings.close(
            session,
            event_id=event_id,
            day=day,
            station=station,
            counted_yen=counted,
            note=note,
            actor_id=actor_id,
            now=clock.now(),
        )
        difference = made.counted_yen - made.expected_yen
    if difference:
        flash(_("締めを記録しました。帳簿との差額は%(yen)s円です。", yen=f"{difference:+,}"), "warn")
    else:
        flash(_("締めを記録しました。帳簿と一致しています。"), "ok")
    return redirect(url_for(".closing", event_id=event_id))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
