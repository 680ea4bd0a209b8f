"""Staff's pages about letters: what waits, what went out, what was refused."""

import io
from collections.abc import Mapping
from typing import Any, Protocol

from flask import Flask, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, searching
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import DomainError, NotFound
from eventops.jobs.worker import register_lane
from eventops.mail import (
    attachments,
    commands,
    composing,
    delivery,
    queries,
    readiness,
    reasons,
    routes_failures,
    routes_stopping,
    server,
    service,
    unsubscribing,
)
from eventops.mail.attachments import Attachment
from eventops.mail.blueprint import bp
from eventops.mail.lane import LettersLane
from eventops.mail.models import Letter, LetterState

__all__ = ["bp", "init_mail", "letters_page", "routes_failures", "routes_stopping"]


class EventFrame(Protocol):
    """What the list needs of an event."""

    @property
    def id(self) -> int: ...


def init_mail(app: Flask) -> None:
    """Give the worker its letters' lane, and mail programs their way to stop announcements."""
    register_lane(app, "letters", LettersLane(app, app.extensions["line"]))
    app.jinja_env.filters["letter_reason"] = reasons.sentence
    app.jinja_env.globals["letters_lack"] = readiness.lacking
    protection: Any = app.extensions["csrf"]
    protection.exempt(app.view_functions["mail.unsubscribe"])
    commands.init_commands(app)


@bp.get("/staff/letters")
@require(Permission.READ_LETTERS)
def outbox() -> ResponseReturnValue:
    return letters_page(None)


def letters_page(event: EventFrame | None) -> ResponseReturnValue:
    """The list of all letters, or of one event's; the event comes from the feature that owns it."""
    session = read_session()
    state = request.args.get("state", "")
    search = searching.text()
    page = max(1, request.args.get("page", 1, type=int))
    event_id = event.id if event else None
    letters = queries.page_of_letters(
        session, event_id=event_id, state=state if state in set(LetterState) else None, search=search, page=page
    )
    return render_template(
        "mail/letters.html",
        event=event,
        letters=letters,
        counts=queries.counts_by_state(session, event_id=event_id),
        state=state,
        search=search,
        page=page,
        has_more=len(letters) == queries.PAGE,
        server=server.known(session),
        now=clock.now(),
    )


@bp.get("/staff/letters/<int:letter_id>")
@require(Permission.READ_LETTERS)
def letter(letter_id: int) -> ResponseReturnValue:
    row = _letter(letter_id)
    files = [_file(reference) for reference in row.attachments]
    stop_url = unsubscribing.address(row) if row.is_announcement else ""
    added = composing.stopping_words(row.language, stop_url)
    return render_template("mail/letter.html", letter=row, files=files, added=added)


@bp.get("/staff/letters/<int:letter_id>/files/<int:number>")
@require(Permission.READ_LETTERS)
def letter_file(letter_id: int, number: int) -> ResponseReturnValue:
    row = _letter(letter_id)
    if number >= len(row.attachments):
        raise NotFound
    file = attachments.make(read_session(), **row.attachments[number])
    kind = file.mime_type.partition(";")[0]
    return send_file(io.BytesIO(file.content), mimetype=kind, as_attachment=True, download_name=file.filename)


@bp.get("/staff/letters/<int:letter_id>/message.eml")
@require(Permission.READ_LETTERS)
def letter_message(letter_id: int) -> ResponseReturnValue:
    _letter(letter_id)
    content, name = delivery.message_of(letter_id).as_bytes(), f"letter-{letter_id}.eml"
    return send_file(io.BytesIO(content), mimetype="message/rfc822", as_attachment=True, download_name=name)


@bp.post("/staff/letters/<int:letter_id>/send-again")
@require(Permission.SEND_LETTERS)
def send_again(letter_id: int) -> ResponseReturnValue:
    actor_id = current_user.id
    with transaction() as session:
        service.send_again(session, letter_id=letter_id, actor_id=actor_id, now=clock.now())
    flash(_("送信待ちに戻しました。"))
    return redirect(url_for(".letter", letter_id=letter_id))


@bp.post("/staff/letters/<int:letter_id>/cancel")
@require(Permission.SEND_LETTERS)
def cancel(letter_id: int) -> ResponseReturnValue:
    actor_id = current_user.id
    with transaction() as session:
        service.cancel(session, letter_id=letter_id, actor_id=actor_id, now=clock.now())
    flash(_("送信を取り消しました。"))
    return redirect(url_for(".letter", letter_id=letter_id))


def _file(reference: Mapping[str, Any]) -> Attachment | None:
    """The attachment as it would be made now; None where its subject no longer gives one."""
    try:
        return attachments.make(read_session(), **reference)
    except DomainError:
        return None


def _letter(letter_id: int) -> Letter:
    row = read_session().get(Letter, letter_id)
    if row is None:
        raise NotFound
    return row
