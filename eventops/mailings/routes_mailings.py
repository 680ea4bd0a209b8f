"""Staff's pages of mailings: writing a draft, looking at it with real readers, trying it, sending it, stopping it."""

from collections.abc import Sequence

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, searching, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.mail import rules as mail_rules
from eventops.mailings import audience as audiences
from eventops.mailings import drafting, labels, queries, service, trying
from eventops.mailings.blueprint import bp
from eventops.mailings.models import Mailing, MailingKind, MailingState
from eventops.mailings.rules import Candidate, Selection

_EVENT = "/staff/events/<int:event_id>/mailings"
_ONE = "/staff/mailings/<int:mailing_id>"
READERS_SHOWN = 50
LEFT_OUT_SHOWN = 30


@bp.get(_EVENT)
@require(Permission.READ_LETTERS)
def event_mailings(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = event_queries.event(session, event_id)
    found = queries.of_event(session, event_id)
    progress = queries.progress(session, [one.id for one in found])
    return render_template(
        "mailings/list.html",
        event=event,
        mailings=found,
        progress=progress,
        subjects=drafting.subject_words(session, event, found),
        untold=drafting.untold_changes(session, event),
        labels=labels,
    )


@bp.get(_ONE)
@require(Permission.READ_LETTERS)
def mailing(mailing_id: int) -> ResponseReturnValue:
    session = read_session()
    found = queries.mailing(session, mailing_id)
    event = event_queries.event(session, found.event_id)
    if found.state == MailingState.DRAFT:
        return _draft_page(session, event, found)
    return render_template(
        "mailings/sent.html",
        event=event,
        subject=drafting.subject_words(session, event, [found])[mailing_id],
        mailing=found,
        progress=queries.progress(session, [mailing_id])[mailing_id],
        left_out=queries.left_out(session, mailing_id),
        lost=queries.lost_letters(session, mailing_id),
        per_minute=current_app.config["MAIL_PER_MINUTE"],
        minutes_for=mail_rules.minutes_for,
        asked=drafting.asked_words(session, event, found),
        labels=labels,
    )


def _draft_page(session: Session, event: Event, mailing: Mailing) -> str:
    selection = _selection(session, event, mailing)
    search = searching.text()
    shown = _matching(selection.chosen, search)
    page = min(max(request.args.get("page", 1, type=int), 1), max(1, -(-len(shown) // READERS_SHOWN)))
    return render_template(
        "mailings/draft.html",
        event=event,
        mailing=mailing,
        selection=selection,
        readers=shown[(page - 1) * READERS_SHOWN : page * READERS_SHOWN],
        found=len(shown),
        page=page,
        pages=max(1, -(-len(shown) // READERS_SHOWN)),
        search=search,
        grouped=drafting.by_reason(selection),
        most=LEFT_OUT_SHOWN,
        preview=_preview(session, event, mailing, shown or selection.chosen),
        seen=service.seen(selection),
        english=sum(one.language == "en" for one in selection.chosen),
        per_minute=current_app.config["MAIL_PER_MINUTE"],
        minutes=mail_rules.minutes_for(len(selection.chosen), per_minute=current_app.config["MAIL_PER_MINUTE"]),
        asked=drafting.asked_words(session, event, mailing),
        labels=labels,
    )


def _selection(session: Session, event: Event, mailing: Mailing) -> Selection:
    kind = MailingKind(mailing.kind)
    return audiences.selection(session, event, audiences.from_json(mailing.audience), kind=kind, now=clock.now())


def _matching(readers: Sequence[Candidate], search: str) -> Sequence[Candidate]:
    words = search.lower().split()
    return [one for one in readers if all(word in f"{one.company} {one.name} {one.email}".lower() for word in words)]


def _preview(session: Session, event: Event, mailing: Mailing, readers: Sequence[Candidate]) -> trying.Preview | None:
    """The reader who was asked for, or the first."""
    asked = request.args.get("reader", "")
    chosen = next((one for one in readers if f"{one.subject_kind}-{one.subject_id}" == asked), None)
    reader = chosen or next(iter(readers), None)
    return trying.letter_to(session, event, mailing, reader) if reader is not None else None


@bp.post(f"{_ONE}/test")
@require(Permission.SEND_LETTERS)
def test_mailing(mailing_id: int) -> ResponseReturnValue:
    """Send the letter that the page shows to oneself."""
    session = read_session()
    found = queries.mailing(session, mailing_id)
    event = event_queries.event(session, found.event_id)
    chosen = _selection(session, event, found).chosen
    if not chosen:
        raise service.NobodyToWriteTo
    asked = request.form.get("reader", "")
    reader = next((one for one in chosen if f"{one.subject_kind}-{one.subject_id}" == asked), chosen[0])
    shown = trying.letter_to(session, event, found, reader)
    trying.send_to_oneself(shown.said, shown.language, event_id=event.id, added=shown.added)
    return redirect(url_for(".mailing", mailing_id=mailing_id, reader=asked or None))


@bp.post(f"{_ONE}/send")
@require(Permission.SEND_LETTERS)
def send_mailing(mailing_id: int) -> ResponseReturnValue:
    actor_id, seen = current_user.id, request.form.get("seen", "")
    try:
        with transaction() as session:
            number = service.send(session, mailing_id=mailing_id, seen_readers=seen, actor_id=actor_id, now=clock.now())
    except service.ReadersChanged as change:
        flash(words.sentence(change), "warn")
        return redirect(url_for(".mailing", mailing_id=mailing_id))
    flash(_("%(count)s件への送信を始めました。", count=number), "ok")
    return redirect(url_for(".mailing", mailing_id=mailing_id))


@bp.post(f"{_ONE}/stop")
@require(Permission.SEND_LETTERS)
def stop_mailing(mailing_id: int) -> ResponseReturnValue:
    actor_id = current_user.id
    with transaction() as session:
        number = service.stop(session, mailing_id=mailing_id, actor_id=actor_id, now=clock.now())
    flash(_("まだ送っていない%(count)s通を止めました。", count=number), "ok")
    return redirect(url_for(".mailing", mailing_id=mailing_id))
