"""面談の出席者を参加者に入れる: who would be taken in, one confirmation, and the list with their tag."""

from flask import Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, words
from eventops.accounts.permissions import Permission, require, user_may
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.events.models import PartKind
from eventops.meetings import queries
from eventops.meetings.attending import people, service
from eventops.meetings.blueprint import bp


def init_attending(app: Flask) -> None:
    """Let pages of other features say that people of the meetings are no participants yet."""
    app.jinja_env.globals["has_meetings"] = has_meetings
    app.jinja_env.globals["people_to_take_in"] = people_to_take_in


def has_meetings(event_id: int) -> bool:
    """Whether the event has a part with meetings."""
    return any(part.kind == PartKind.CLOSED_MATCHING for part in queries.event(read_session(), event_id).parts)


def people_to_take_in(event_id: int) -> int:
    """How many people of the published timetable are not among the participants."""
    found = people.read(read_session(), event_id)
    return len(found.new) if found is not None else 0


@bp.route("/staff/events/<int:event_id>/registrations/from-meetings", methods=["GET", "POST"])
@require(Permission.MANAGE_REGISTRATIONS)
def attending(event_id: int) -> ResponseReturnValue:
    g.nav_endpoint = "registration.staff_list"
    if request.method == "POST":
        return _take_in(event_id)
    return _page(event_id)


def _page(event_id: int, refusal: str = "") -> str:
    session = read_session()
    event, found = queries.event(session, event_id), people.read(session, event_id)
    groups = list(service.applications(found.new, event.group_size_max)) if found is not None else []
    return render_template(
        "meetings/attending.html",
        event=event,
        attending=found,
        letters=sum(bool(service.written_to(group).person.email) for group in groups),
        tag=service.TAG,
        refusal=refusal,
    )


def _take_in(event_id: int) -> ResponseReturnValue:
    chosen, actor_id = request.form.getlist("people", type=int), current_user.id
    tells = request.form.get("tells") == "yes" and user_may(Permission.SEND_LETTERS)
    if not chosen:
        return _page(event_id, _("参加者に入れる方を選んでください。")), 422
    try:
        with transaction() as session:
            taken = service.take_in(
                session, event_id=event_id, person_ids=set(chosen), tells=tells, actor_id=actor_id, now=clock.now()
            )
    except DomainError as error:
        return _page(event_id, words.sentence(error)), 422
    flash(_("%(count)s名を参加者に入れました。受付の番号と名札が使えます。", count=taken.people), "ok")
    if tells:
        flash(_("確認のメール%(count)s通を用意しました。", count=taken.letters), "ok")
    return redirect(url_for("registration.staff_list", event_id=event_id, tag=service.TAG))
