"""Publishing the timetable: who will be told, a real letter to look at, one button; then everybody's own page."""

from typing import Any

from flask import Flask, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, languages, links
from eventops.accounts.permissions import Permission, private_link, require
from eventops.database import read_session, transaction
from eventops.directory.models import Organisation
from eventops.errors import BadLink, NotFound
from eventops.events.models import Event
from eventops.links import Purpose
from eventops.mail import rules
from eventops.mail.texts import Worded
from eventops.mailings import trying
from eventops.meetings import queries as round_queries
from eventops.meetings.blueprint import bp
from eventops.meetings.timetable import calendars, days, letters, naming, publication, queries, trials
from eventops.meetings.timetable.models import ParticipantPage, Timetable
from eventops.meetings.timetable.publication import Outlook
from scheduling import words

PRELIMINARY = "preliminary"


def init_publication(app: Flask) -> None:
    """Let every page for staff say that people were told something else."""
    app.jinja_env.globals["untold_of"] = untold_of


def untold_of(event_id: int) -> Outlook | None:
    """Whom the moved frame of the event's published timetable has to be told to."""
    session = read_session()
    found = round_queries.round_of_event(session, event_id)
    return publication.untold(session, found.id) if found is not None else None


@bp.route("/staff/events/<int:event_id>/timetable/publish", methods=["GET", "POST"])
@require(Permission.SEND_LETTERS)
def publish(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = session.get(Event, event_id)
    matching_round = round_queries.round_of_event(session, event_id)
    if event is None or matching_round is None:
        raise NotFound
    g.nav_endpoint = "meetings.board"
    if request.method == "POST":
        return _publish(event_id, matching_round.id, chosen=request.form.get("as", ""))
    preliminary = request.args.get("as") == PRELIMINARY
    outlook = publication.outlook(session, round_id=matching_round.id, preliminary=preliminary)
    if outlook.is_told:
        return render_template("meetings/published.html", event=event, outlook=outlook)
    draft = publication.candidate(session, matching_round.id)
    return render_template(
        "meetings/publish.html",
        event=event,
        outlook=outlook,
        draft=draft,
        may_be_preliminary=publication.may_be_preliminary(session, matching_round.id),
        waiting=_without_agreement(matching_round.id),
        lacks_address=not event.online_url and days.any_online(session, draft),
        example=_example(draft, outlook),
        minutes=_minutes(len(outlook.readers)),
    )


@bp.post("/staff/events/<int:event_id>/timetable/publish/trial")
@require(Permission.SEND_LETTERS)
def try_publish(event_id: int) -> ResponseReturnValue:
    """The first letter to whoever is about to send them all."""
    session, chosen = read_session(), request.args.get("as", "")
    matching_round = round_queries.round_of_event(session, event_id)
    if matching_round is None:
        raise NotFound
    outlook = publication.outlook(session, round_id=matching_round.id, preliminary=chosen == PRELIMINARY)
    said = _example(publication.candidate(session, matching_round.id), outlook)
    if said is None:
        flash(_("送る相手がいないため、試し送りをしませんでした。"), "info")
    else:
        trying.send_to_oneself(said, letters.LANGUAGE, event_id=event_id)
    return redirect(_page_for(event_id, chosen))


def _example(draft: Timetable, outlook: Outlook) -> Worded | None:
    """The first letter as it would go out."""
    if not outlook.readers:
        return None
    first = outlook.readers[0]
    return letters.foreseen(
        read_session(),
        draft,
        first.organisation,
        first.name,
        version=outlook.version,
        is_preliminary=outlook.is_preliminary,
    )


def _minutes(readers: int) -> int:
    """How long so many letters take; nothing where they all go at once."""
    per_minute = current_app.config["MAIL_PER_MINUTE"]
    return rules.minutes_for(readers, per_minute=per_minute) if rules.is_bulk(readers) else 0


def _without_agreement(round_id: int) -> list[tuple[int, str]]:
    """Remedies in force to which somebody still has to agree: the runs and what they are in words."""
    session = read_session()
    name = naming.names(session, round_queries.whole_round(session, round_id))
    found = trials.without_agreement(session, round_id)
    return [(one.job_id, words.sentence(one.remedy, name=name, language=languages.language())) for one in found]


def _publish(event_id: int, round_id: int, *, chosen: str) -> ResponseReturnValue:
    revision, actor_id = request.form.get("revision", -1, type=int), current_user.id
    try:
        with transaction() as session:
            made = publication.publish(
                session,
                round_id=round_id,
                revision=revision,
                actor_id=actor_id,
                now=clock.now(),
                preliminary=chosen == PRELIMINARY,
            )
            version, is_preliminary = made.version, made.is_preliminary
    except publication.NothingChanged:
        return redirect(_page_for(event_id, chosen))
    if is_preliminary:
        flash(_("第%(n)s版を予定として知らせました。決まったら、あらためて確定して知らせてください。", n=version), "ok")
    else:
        flash(_("第%(n)s版を確定しました。お知らせのメールは「連絡」で確認できます。", n=version), "ok")
    return redirect(url_for(".board", event_id=event_id))


def _page_for(event_id: int, chosen: str) -> str:
    """The page of what was chosen: without the choice it would offer to tell everybody that all is final."""
    wanted: dict[str, Any] = {"event_id": event_id, "as": chosen}
    return url_for(".publish", **wanted)


@bp.get("/m/<token>")
@private_link
def personal_page(token: str) -> ResponseReturnValue:
    page, timetable = _page(token)
    session = read_session()
    return render_template(
        "meetings/personal.html",
        token=token,
        event=timetable.round.event,
        timetable=timetable,
        organisation=session.get_one(Organisation, page.organisation_id),
        day=days.day_of(session, timetable, page.organisation_id),
    )


@bp.get("/m/<token>/calendar.ics")
@private_link
def personal_calendar(token: str) -> ResponseReturnValue:
    page, timetable = _page(token)
    content = calendars.calendar(read_session(), timetable, page.organisation_id)
    response = Response(content, mimetype="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename="meetings.ics")
    return response


def _page(token: str) -> tuple[ParticipantPage, Timetable]:
    ref = links.read(token, Purpose.MEETINGS, key=current_app.config["SECRET_KEY"])
    session = read_session()
    page = session.get(ParticipantPage, ref.id)
    if page is None or page.link_issue != ref.issue:
        raise BadLink
    timetable = queries.published(session, page.round_id)
    if timetable is None:
        raise NotFound
    return page, timetable
