"""An event's overview: checklist, figures, warnings, history; preview; publishing and the other moves."""

import datetime as dt
from collections.abc import Sequence

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, wareki
from eventops.accounts import queries as audit_queries
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.events import desk, history, providers, queries, rules, service
from eventops.events.blueprint import bp
from eventops.events.checklist import StepCode
from eventops.events.models import Event, EventState
from eventops.events.routes_public import public_url, render_page
from eventops.events.vocabulary import STATE_TONES, STATE_WORDS
from eventops.settings import queries as settings_queries

HISTORY_SHOWN = 20
LONGEST_NOTE = 1000
HISTORY_OF = ("event", "matching_round", "timetable")
"""What is told of the event as a whole; what happened to one application stands with that application."""
MOVED_WORDS = {
    EventState.DRAFT: lazy_gettext("下書きに戻しました。募集ページは見えなくなりました。"),
    EventState.PUBLISHED: lazy_gettext("公開しました。"),
    EventState.CLOSED: lazy_gettext("募集を終了しました。"),
    EventState.CANCELLED: lazy_gettext("中止にしました。"),
}


@bp.get("/staff/events/<int:event_id>/")
@require(Permission.VIEW)
def overview(event_id: int) -> ResponseReturnValue:
    session, now = read_session(), clock.now()
    event = queries.event(session, event_id)
    line = queries.staff_lines(session, [event], now=now)[0]
    entries = audit_queries.audit_entries(session, event_id=event_id, subject_kinds=HISTORY_OF, limit=HISTORY_SHOWN)
    return render_template(
        "events/overview.html",
        event=event,
        line=line,
        steps=desk.step_items(event, line.steps),
        warnings=desk.warning_items(event, warnings_of(session, event)),
        unknown_changes=0 if _is_over(event, now) else providers.untold_changes(session, event),
        entries=[(entry, history.changes(entry.before, entry.after)) for entry in entries],
        last_saving=service.last_saving(session, event),
        public_url=public_url(event),
        countdown=desk.countdown(event.held_on, wareki.japan_date(now)),
        targets=_targets(session, event),
        state_words=STATE_WORDS,
        state_tones=STATE_TONES,
    )


def _is_over(event: Event, now: dt.datetime) -> bool:
    return event.held_on < wareki.japan_date(now)


@bp.get("/staff/events/<int:event_id>/preview")
@require(Permission.VIEW)
def preview(event_id: int) -> ResponseReturnValue:
    return render_page(queries.event(read_session(), event_id), is_preview=True)


@bp.route("/staff/events/<int:event_id>/to/<target>", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def move(event_id: int, target: str) -> ResponseReturnValue:
    if target not in set(EventState):
        abort(404)
    wanted = EventState(target)
    if request.method == "GET" or request.form.get("step") == "look":
        return _confirm_page(queries.event(read_session(), event_id), wanted)
    told = 0
    with transaction() as session:
        service.move(session, event_id=event_id, target=wanted, actor_id=current_user.id, now=clock.now())
        if wanted is EventState.CANCELLED:
            told = _tell(session, event_id)
    flash(str(MOVED_WORDS[wanted]), "ok")
    if told:
        flash(
            _("%(count)s件の申込者に中止のお知らせを送ります。送信の様子は「連絡」で確かめられます。", count=told), "ok"
        )
    return redirect(url_for(".overview", event_id=event_id))


def _tell(session: Session, event_id: int) -> int:
    tells = request.form.get("tells") == "yes"
    return providers.tell_cancelled(
        session, event_id, note=_typed_note(), tells=tells, actor_id=current_user.id, now=clock.now()
    )


def _typed_note() -> str:
    return request.form.get("note", "").strip()[:LONGEST_NOTE]


@bp.post("/staff/events/<int:event_id>/steps/<code>")
@require(Permission.MANAGE_EVENTS)
def tick(event_id: int, code: str) -> ResponseReturnValue:
    if code not in set(StepCode):
        abort(404)
    done = request.form.get("done") == "yes"
    with transaction() as session:
        service.tick(
            session, event_id=event_id, step=StepCode(code), done=done, actor_id=current_user.id, now=clock.now()
        )
    return redirect(url_for(".overview", event_id=event_id))


def warnings_of(session: Session, event: Event) -> Sequence[rules.EventWarning]:
    """What staff should look at, with the seats taken and last time's date."""
    organiser = settings_queries.organiser(session)
    source = session.get(Event, event.copied_from_id) if event.copied_from_id else None
    return rules.warnings(
        queries.plan_of(event),
        now=clock.now(),
        counts=providers.place_counts(session, [event.id]),
        last_held_on=source.held_on if source else None,
        has_contact=bool(organiser.phone or organiser.email),
        editions=queries.editions(session, event.series_id, except_id=event.id),
    )


def _targets(session: Session, event: Event) -> list[EventState]:
    applied = service.has_applications(session, event)
    return [
        target for target in EventState if rules.may_move(EventState(event.state), target, has_applications=applied)
    ]


def _confirm_page(event: Event, target: EventState) -> ResponseReturnValue:
    session = read_session()
    applied = service.has_applications(session, event)
    if not rules.may_move(EventState(event.state), target, has_applications=applied):
        raise service.MoveRefused
    g.nav_endpoint = "events.overview"
    counts = providers.place_counts(session, [event.id])
    return render_template(
        "events/move.html",
        event=event,
        target=target,
        warnings=desk.warning_items(event, warnings_of(session, event)),
        public_url=public_url(event),
        confirmed=_people(event, counts),
        reach=_reach(session, event, target),
        note=_typed_note(),
        tells=request.form.get("tells", "yes" if request.method == "GET" else "") == "yes",
    )


def _reach(session: Session, event: Event, target: EventState) -> providers.CancellationReach | None:
    if target is not EventState.CANCELLED:
        return None
    return providers.cancellation_reach(session, event.id, _typed_note(), clock.now())


def _people(event: Event, counts: dict[rules.PoolKey, rules.PlaceCount]) -> int:
    """The most people that one part holds: nobody is counted twice for coming to two parts."""
    totals: dict[int, int] = {}
    for (part_id, _mode), count in counts.items():
        totals[part_id] = totals.get(part_id, 0) + count.confirmed + count.waiting
    return max(totals.values(), default=0)
