"""The devices of an event: a new one with its code and QR symbol, who has reported when, and taking one out."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from eventops import clock, qr
from eventops.accounts.permissions import Permission, require, user_may
from eventops.checkin import conflicts, overruling, queries, stations
from eventops.checkin.blueprint import bp
from eventops.checkin.forms import StationForm
from eventops.checkin.models import Station
from eventops.checkin.overruling import MAY_OVERRULE
from eventops.database import read_session, transaction
from eventops.events.models import Event

_DRAWN = "supervisor_code"


@bp.get("/staff/events/<int:event_id>/reception/stations", endpoint="stations")
@require(Permission.RECEIVE)
def stations_page(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    form = StationForm(formdata=None).offer(event.parts)
    form.part.data = event.parts[0].id if event.parts else None
    return _page(event, form)


@bp.post("/staff/events/<int:event_id>/reception/stations")
@require(Permission.RECEIVE)
def invite(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    form = StationForm().offer(event.parts)
    if not form.validate():
        return _page(event, form), 422
    user_id, now = current_user.id, clock.now()
    name, part_id = (form.name.data or "").strip(), form.part.data
    with transaction() as session:
        stations.invite(session, event_id=event_id, part_id=part_id, name=name, user_id=user_id, now=now)
    return redirect(url_for(".stations", event_id=event_id), 303)


@bp.post("/staff/events/<int:event_id>/reception/stations/<int:station_id>/revoke")
@require(Permission.RECEIVE)
def revoke(event_id: int, station_id: int) -> ResponseReturnValue:
    user_id, now = current_user.id, clock.now()
    with transaction() as session:
        gone = stations.revoke(session, event_id=event_id, station_id=station_id, user_id=user_id, now=now)
        name = gone.name
    flash(_("端末「%(name)s」を使えなくしました。", name=name), "ok")
    return redirect(url_for(".stations", event_id=event_id), 303)


@bp.post("/staff/events/<int:event_id>/reception/supervisor-code")
@require(MAY_OVERRULE)
def supervisor_code(event_id: int) -> ResponseReturnValue:
    """Shown once, on the page that follows: reloading it draws no other number."""
    queries.event(read_session(), event_id)
    user_id, now, key = current_user.id, clock.now(), current_app.config["TICKET_KEY"]
    with transaction() as session:
        code = overruling.new_code(session, event_id=event_id, user_id=user_id, key=key, now=now)
    browser[_DRAWN] = [event_id, code]
    return redirect(url_for(".stations", event_id=event_id), 303)


def _drawn(event_id: int) -> str:
    """The number that was drawn just now; it is forgotten as it is read."""
    drawn_for, code = browser.pop(_DRAWN, (None, ""))
    return code if drawn_for == event_id else ""


def _page(event: Event, form: StationForm) -> str:
    now = clock.now()
    found = stations.of_event(read_session(), event.id, now=now)
    page: str = render_template(
        "checkin/stations.html",
        event=event,
        form=form,
        waiting=[station for station in found if station.code],
        stations=[station for station in found if station.enrolled_at],
        quiet_since=now - stations.QUIET,
        symbol=_symbol,
        link=_link,
        may_overrule=user_may(MAY_OVERRULE),
        own_code=_drawn(event.id),
        spelled=lambda code: f"{code[:4]}-{code[4:]}",
        conflict_count=conflicts.count(read_session(), event, now=now),
    )
    return page


def _link(station: Station) -> str:
    return url_for(".enrol_link", code=station.code, _external=True)


def _symbol(station: Station) -> Markup:
    """Scheme and host do not care for the size of letters, and capital ones make a small symbol."""
    return qr.svg(f"{request.url_root.upper()}D/{station.code}", label=_("端末を登録するQRコード"))
