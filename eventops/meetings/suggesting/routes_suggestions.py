"""Staff's page of suggested pairs: why each, inviting with a preview, putting a request down."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.meetings.blueprint import bp
from eventops.meetings.routes_desk import act_on, open_round
from eventops.meetings.suggesting import letters, offers, service
from eventops.meetings.suggesting.offers import Offer
from eventops.meetings.wishes.service import Act
from eventops.settings import queries as settings_queries

_HERE = "/staff/events/<int:event_id>/matching/suggestions"


@bp.get(_HERE)
@require(Permission.MANAGE_MATCHING)
def suggestions(event_id: int) -> ResponseReturnValue:
    found = open_round(event_id)
    shown = offers.offers(read_session(), found.id, now=clock.now())
    needs = {one.need.id: one.need for one in shown}
    return render_template(
        "meetings/suggestions.html",
        event=found.event,
        groups=[(need, [one for one in shown if one.need.id == need.id]) for need in needs.values()],
        number=len(shown),
    )


@bp.post(f"{_HERE}/preview")
@require(Permission.SEND_LETTERS)
def preview_invitations(event_id: int) -> ResponseReturnValue:
    """Who of the ticked would get a letter, and the first of them to read."""
    found = open_round(event_id)
    keys = request.form.getlist("pair")
    chosen = service.chosen(read_session(), found.id, keys, now=clock.now())
    invited = service.to_invite(chosen)
    return render_template(
        "meetings/invite.html",
        event=found.event,
        invited=invited,
        left_out=[one for one in chosen if one not in invited],
        example=letters.example(read_session(), found, invited[0]) if invited else None,
    )


@bp.post(f"{_HERE}/invite")
@require(Permission.SEND_LETTERS)
def send_invitations(event_id: int) -> ResponseReturnValue:
    act = act_on(open_round(event_id).id)
    found = service.chosen(read_session(), act.round_id, request.form.getlist("pair"), now=act.now)
    if request.form.get("act") == "trial":
        return _trial(event_id, act, found)
    with transaction() as session:
        number = service.invite(session, act, found=found)
    flash(_("%(n)s社への案内を送信待ちにしました。「連絡」で確認できます。", n=number), "ok")
    return redirect(url_for(".suggestions", event_id=event_id))


def _trial(event_id: int, act: Act, found: Sequence[Offer]) -> ResponseReturnValue:
    email = current_user.email
    with transaction() as session:
        is_sent = service.try_out(session, act, found=found, email=email)
    if is_sent:
        flash(_("%(email)s に試し送りをしました。", email=email), "ok")
    else:
        flash(_("送る相手がいないため、試し送りをしませんでした。"), "info")
    return redirect(url_for(".suggestions", event_id=event_id))


@bp.post(f"{_HERE}/add")
@require(Permission.MANAGE_MATCHING)
def add_suggestion(event_id: int) -> ResponseReturnValue:
    act = act_on(open_round(event_id).id)
    found = service.chosen(read_session(), act.round_id, {request.form.get("pair", "")}, now=act.now)
    organiser = settings_queries.organiser(read_session())
    with transaction() as session:
        code = service.add(session, act, found=found, recommender=organiser.alias or organiser.name).code
    flash(_("%(code)s として応募に加えました。大手企業の選考を待ちます。", code=code), "ok")
    return redirect(url_for(".suggestions", event_id=event_id))
