"""Records and questionnaires: each side's own pages behind its private link, and staff's pages of an event."""

from collections.abc import Sequence

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, links
from eventops.accounts.permissions import Permission, private_link, require, user_may
from eventops.cases.blueprint import bp
from eventops.cases.records import labels, queries, service
from eventops.cases.records.forms import RecordForm
from eventops.cases.records.models import Side
from eventops.cases.records.queries import Line, Show
from eventops.database import read_session, transaction
from eventops.directory.consents import hosts_of
from eventops.errors import BadLink, NotFound
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.languages import language
from eventops.limits import limiter
from eventops.links import Purpose
from eventops.meetings.models import Application, MatchingRound
from eventops.meetings.timetable.models import ParticipantPage

_MINE = "/m/<token>/records"
_STAFF = "/staff/events/<int:event_id>/records"


@bp.get(_MINE)
@private_link
def my_records(token: str) -> ResponseReturnValue:
    """One company's meetings: which are written down, and with whom both want to meet again."""
    session, page = read_session(), _page(token)
    return render_template(
        "cases/my_records.html",
        token=token,
        event=_event(session, page),
        organisation=queries.company(session, page.organisation_id),
        lines=queries.of_company(session, page.round_id, page.organisation_id),
        labels=labels,
        now=clock.now(),
    )


@bp.route(f"{_MINE}/<int:application_id>", methods=["GET", "POST"])
@private_link
@limiter.limit("60/minute", methods=["POST"])
def my_record(token: str, application_id: int) -> ResponseReturnValue:
    session, page = read_session(), _page(token)
    side = _side(session, page, application_id)
    event, application = _event(session, page), session.get_one(Application, application_id)
    form = _form(session, application, side, event)
    if not form.validate_on_submit():
        text = render_template(
            "cases/my_record.html",
            form=form,
            token=token,
            event=event,
            application=application,
            side=side,
            meeting=queries.meeting(session, application_id),
            hosts=hosts_of(event),
            now=clock.now(),
        )
        return text, 422 if form.is_submitted() else 200
    _save(form, application_id, side, event, None)
    flash(_("ありがとうございました。記録をお預かりしました。"), "ok")
    return redirect(url_for(".my_records", token=token))


def _page(token: str) -> ParticipantPage:
    ref = links.read(token, Purpose.MEETINGS, key=current_app.config["SECRET_KEY"])
    page = read_session().get(ParticipantPage, ref.id)
    if page is None or page.link_issue != ref.issue:
        raise BadLink
    return page


def _event(session: Session, page: ParticipantPage) -> Event:
    return session.get_one(MatchingRound, page.round_id).event


def _side(session: Session, page: ParticipantPage, application_id: int) -> Side:
    """The side on which this page's company sat; other companies' meetings do not exist here."""
    application = session.get(Application, application_id)
    if application is None or application.round_id != page.round_id:
        raise NotFound
    side = queries.side_of(application, page.organisation_id)
    if side is None:
        raise NotFound
    return side


def _form(session: Session, application: Application, side: Side, event: Event) -> RecordForm:
    record = queries.of_meeting(session, application.id).get(side)
    people = queries.people_of(session, application, side)
    form = RecordForm(obj=record)
    form.offer(people, hosts_of(event))
    if not form.is_submitted():
        form.read(record, people)
    return form


def _save(form: RecordForm, application_id: int, side: Side, event: Event, staff_id: int | None) -> None:
    answers = form.answers()
    with transaction() as session:
        service.save(
            session, application_id=application_id, side=side, answers=answers, staff_id=staff_id, now=clock.now()
        )
        if answers.person_id is not None and form.share_consent.data:
            service.agree_to_share(
                session,
                person_id=answers.person_id,
                event_id=event.id,
                hosts=form.agreed_hosts,
                day=clock.today(),
                text=str(form.share_consent.label.text),
                language=language(),
                staff_id=staff_id,
            )


@bp.get(_STAFF)
@require(Permission.VIEW)
def event_records(event_id: int) -> ResponseReturnValue:
    """Both sides of every meeting, what is missing, who wants to meet again, and which became a case."""
    session = read_session()
    lines = queries.of_event(session, event_id)
    asked = request.args.get("show", "")
    wanted = Show(asked) if asked in set(Show) else Show.ALL
    return render_template(
        "cases/event_records.html",
        event=event_queries.event(session, event_id),
        lines=lines,
        shown=[one for one in lines if wanted.fits(one)],
        chips=[_chip(event_id, show, lines, wanted) for show in Show],
        totals=queries.totals(lines),
        labels=labels,
        sides=Side,
        reads_private=user_may(Permission.FOLLOW_CASES),
    )


def _chip(event_id: int, show: Show, lines: Sequence[Line], wanted: Show) -> dict[str, object]:
    return {
        "label": labels.SHOW[show],
        "count": sum(show.fits(one) for one in lines),
        "url": url_for(".event_records", event_id=event_id, show=show),
        "active": show is wanted,
    }


@bp.route(f"{_STAFF}/<int:application_id>/<side>", methods=["GET", "POST"])
@require(Permission.MANAGE_CASES)
def enter_record(event_id: int, application_id: int, side: str) -> ResponseReturnValue:
    """Staff write down what came on paper or by telephone."""
    session = read_session()
    event, application = event_queries.event(session, event_id), session.get(Application, application_id)
    if side not in set(Side) or application is None or application.need.round.event_id != event_id:
        raise NotFound
    form = _form(session, application, Side(side), event)
    if not form.validate_on_submit():
        text = render_template(
            "cases/enter_record.html",
            form=form,
            event=event,
            application=application,
            side=Side(side),
            hosts=hosts_of(event),
            labels=labels,
        )
        return text, 422 if form.is_submitted() else 200
    _save(form, application_id, Side(side), event, current_user.id)
    flash(_("記録しました。"), "ok")
    return redirect(url_for(".event_records", event_id=event_id))
