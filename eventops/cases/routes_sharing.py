"""Giving people of an event to its co-hosts: what guests were told, who agreed, the file, and who took it when."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.cases import sharing
from eventops.cases.blueprint import bp
from eventops.cases.sharing import Column
from eventops.database import read_session, transaction
from eventops.directory import consents
from eventops.errors import NotFound
from eventops.events import queries as event_queries
from eventops.events.models import HostRole
from eventops.events.vocabulary import HOST_ROLE_WORDS
from eventops.spreadsheets.downloads import answer
from eventops.spreadsheets.exporting import Format, export

_HERE = "/staff/events/<int:event_id>/sharing"


@bp.get(_HERE)
@require(Permission.MANAGE_CASES)
def event_sharing(event_id: int) -> ResponseReturnValue:
    g.nav_endpoint = "cases.event_records"
    session = read_session()
    event = event_queries.event(session, event_id)
    hosts = consents.hosts_of(event)
    return render_template(
        "cases/sharing.html",
        event=event,
        hosts=hosts,
        others=[one for one in event.hosts if one.role not in (consents.GIVEN_PEOPLE, HostRole.HOST)],
        role_words=HOST_ROLE_WORDS,
        plans=sharing.plans_of(session, event_id),
        outlooks=sharing.outlooks(session, event_id, hosts),
        entries=sharing.log(session, event_id),
        columns=sharing.WORDS,
        usual=sharing.USUAL,
    )


@bp.post(f"{_HERE}/columns")
@require(Permission.MANAGE_CASES)
def state_sharing(event_id: int) -> ResponseReturnValue:
    host = _host(event_id)
    chosen = [one for one in request.form.getlist("columns") if one in set(Column)]
    with transaction() as session:
        sharing.state(
            session,
            event_id=event_id,
            host_name=host,
            columns=chosen,
            purpose=_typed("purpose"),
            purpose_en=_typed("purpose_en"),
            actor_id=current_user.id,
            now=clock.now(),
        )
    return redirect(url_for(".event_sharing", event_id=event_id))


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\x00", "").strip()[:300]


@bp.post(f"{_HERE}/asking")
@require(Permission.MANAGE_CASES)
def ask_about_host(event_id: int) -> ResponseReturnValue:
    host, is_asked, actor_id = request.form.get("host", ""), request.form.get("ask") == "yes", current_user.id
    with transaction() as session:
        event = event_queries.event(session, event_id)
        sharing.ask_about(session, event, host_name=host, is_asked=is_asked, actor_id=actor_id, now=clock.now())
    said = _("申込フォームで、この団体への提供も伺います。") if is_asked else _("この団体への提供は伺いません。")
    flash(said, "ok")
    return redirect(url_for(".event_sharing", event_id=event_id))


@bp.post(f"{_HERE}/file")
@require(Permission.MANAGE_CASES)
def share_people(event_id: int) -> ResponseReturnValue:
    host = _host(event_id)
    with transaction() as session:
        made = sharing.share(session, event_id=event_id, host_name=host, actor_id=current_user.id, now=clock.now())
    file = export(_("共催者への提供"), made.headings, made.rows, form=Format.XLSX)
    back = url_for(".event_sharing", event_id=event_id)
    return answer(file, name=_("提供_%(host)s", host=host), form=Format.XLSX, back_url=back)


def _host(event_id: int) -> str:
    """One of the event's own hosts, as the form names it."""
    event = event_queries.event(read_session(), event_id)
    host = request.form.get("host", "")
    if host not in consents.hosts_of(event):
        raise NotFound
    return host
