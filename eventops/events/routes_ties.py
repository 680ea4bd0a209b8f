"""Staff's page on which events are tied, to be applied for in one form."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.events import queries, ties
from eventops.events.blueprint import bp


@bp.route("/staff/events/<int:event_id>/ties", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def event_ties(event_id: int) -> ResponseReturnValue:
    g.nav_endpoint = "events.edit"
    session = read_session()
    event = queries.event(session, event_id)
    offered = ties.candidates(session, event)
    if request.method == "GET":
        tied = ties.tied_ids(session, event_id)
        return render_template("events/ties.html", event=event, offered=offered, tied=tied)
    chosen = {one.id for one in offered} & set(request.form.getlist("others", type=int))
    with transaction() as writing:
        ties.tie(writing, event_id=event_id, others=chosen, actor_id=current_user.id, now=clock.now())
    flash(_("保存しました。申込フォームに、あわせて申し込める行事として出ます。"), "ok")
    return redirect(url_for(".event_ties", event_id=event_id))
