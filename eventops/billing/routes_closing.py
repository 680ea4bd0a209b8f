"""The closing of the day: the desk's own page, with what the ledger expects and what was counted."""

import datetime as dt
from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.billing import closings
from eventops.billing.blueprint import bp
from eventops.billing.closings import Till
from eventops.billing.forms import ClosingForm
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.events import queries as event_queries
from eventops.several_forms import apart

Box = tuple[dt.date, str]
_CLOSING = "/staff/events/<int:event_id>/money/closing"


@bp.get(_CLOSING)
@require(Permission.RECEIVE)
def closing(event_id: int) -> ResponseReturnValue:
    return _page(event_id)


def _page(event_id: int, *, typed: Mapping[Box, ClosingForm] | None = None) -> str:
    """Every box with a form of its own; `typed` is the one that was refused."""
    session = read_session()
    event = event_queries.event(session, event_id)
    tills = closings.tills(session, event_id)
    page: str = render_template(
        "billing/closing.html",
        event=event,
        tills=tills,
        days=closings.totals(tills),
        boxes=_boxes(tills, typed or {}),
        closings=closings.closings(session, event_id),
    )
    return page


def _boxes(tills: Sequence[Till], typed: Mapping[Box, ClosingForm]) -> list[tuple[dt.date, str, ClosingForm]]:
    boxes = dict.fromkeys((till.day, till.station) for till in tills)
    forms = (typed.get(box) or ClosingForm(formdata=None) for box in boxes)
    return [(*box, apart(form, f"box{place}")) for place, (box, form) in enumerate(zip(boxes, forms, strict=True))]


@bp.post(_CLOSING)
@require(Permission.RECEIVE)
def close_box(event_id: int) -> ResponseReturnValue:
    event_queries.event(read_session(), event_id)
    form = ClosingForm()
    day, station = _day(request.form.get("day", "")), request.form.get("station", "")[:40]
    if not form.validate():
        return _page(event_id, typed={(day, station): form}), 422
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
