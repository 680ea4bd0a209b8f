"""Staff's pages of texts: which kinds of letters there are, writing them, looking at them with a real reader's data."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, searching
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.mail import kinds, texts
from eventops.mail.kinds import Kind, Reader, Text
from eventops.mail.texts import Worded
from eventops.mailings import queries, rules, service
from eventops.mailings.blueprint import bp
from eventops.mailings.forms import TextForm, text_form
from eventops.mailings.models import MailingKind
from eventops.mailings.trying import send_to_oneself

_EVENT = "/staff/events/<int:event_id>/letters/texts"
_ALL = "/staff/letters/texts"


@dataclass(frozen=True, slots=True)
class Shown:
    """A text with one reader's data."""

    reader: Reader
    to_email: str
    said: Worded


@bp.get(_EVENT)
@require(Permission.READ_LETTERS)
def event_texts(event_id: int) -> ResponseReturnValue:
    event = event_queries.event(read_session(), event_id)
    return _list_page(event)


@bp.get(_ALL)
@require(Permission.SEND_LETTERS)
def all_texts() -> ResponseReturnValue:
    return _list_page(None)


def _list_page(event: Event | None) -> str:
    session = read_session()
    return render_template(
        "mailings/texts.html",
        event=event,
        kinds=kinds.all_kinds(),
        own=texts.own(session, event_id=event.id if event else None),
        of_all=texts.own(session, event_id=None),
        reminders=rules.REMINDERS,
        paused=queries.paused_reminders(session, event.id) if event else (),
    )


@bp.route(f"{_EVENT}/<kind>", methods=["GET", "POST"])
@require(Permission.SEND_LETTERS)
def event_text(event_id: int, kind: str) -> ResponseReturnValue:
    return _one(event_queries.event(read_session(), event_id), _kind(kind))


@bp.route(f"{_ALL}/<kind>", methods=["GET", "POST"])
@require(Permission.SEND_LETTERS)
def text_of_all(kind: str) -> ResponseReturnValue:
    return _one(None, _kind(kind))


def _one(event: Event | None, kind: Kind) -> ResponseReturnValue:
    """The form; its buttons look at the text, try it, save it, or go back to the standard one."""
    session, step, language = read_session(), request.form.get("step", ""), _language(kind)
    event_id = event.id if event else None
    form = text_form(kind, texts.text(session, kind, event_id=event_id, language=language))
    if step == "reset":
        return _reset(event_id, kind, language)
    if step == "save" and form.validate():
        return _saved(event_id, kind, language, form.text())
    if step in ("look", "test"):
        form.validate()
    refused = bool(step) and bool(form.errors)
    shown = _shown(session, event, kind, form, language) if not refused else None
    if step == "test" and shown is not None:
        send_to_oneself(shown.said, language, event_id=event_id)
    return _page(session, event, kind, form, language, shown), 422 if refused else 200


def _page(session: Session, event: Event | None, kind: Kind, form: TextForm, language: str, shown: Shown | None) -> str:
    return render_template(
        "mailings/text.html",
        event=event,
        kind=kind,
        form=form,
        language=language,
        is_own=(kind.code, language) in texts.own(session, event_id=event.id if event else None),
        readers=_readers(session, event, kind),
        shown=shown,
        search=searching.text(),
    )


def _saved(event_id: int | None, kind: Kind, language: str, text: Text) -> ResponseReturnValue:
    actor_id = current_user.id
    with transaction() as session:
        texts.save(session, kind, text, event_id=event_id, language=language, actor_id=actor_id, now=clock.now())
    flash(_("文面を保存しました。これから送るメールに使います。"), "ok")
    return redirect(_address(event_id, kind, language))


def _reset(event_id: int | None, kind: Kind, language: str) -> ResponseReturnValue:
    actor_id = current_user.id
    with transaction() as session:
        texts.reset(session, kind, event_id=event_id, language=language, actor_id=actor_id, now=clock.now())
    flash(_("標準の文面に戻しました。"), "ok")
    return redirect(_address(event_id, kind, language))


def _address(event_id: int | None, kind: Kind, language: str) -> str:
    if event_id is None:
        return url_for(".text_of_all", kind=kind.code, language=language)
    return url_for(".event_text", event_id=event_id, kind=kind.code, language=language)


def _shown(session: Session, event: Event | None, kind: Kind, form: TextForm, language: str) -> Shown | None:
    """The text as typed, with the data of the reader who was chosen, or the first."""
    readers = _readers(session, event, kind)
    asked = request.values.get("reader", type=int)
    reader = next((one for one in readers if one.subject_id == asked), next(iter(readers), None))
    if reader is None:
        return None
    sample = kind.sample(session, reader.subject_id, language)
    return Shown(reader, sample.to_email, texts.worded(kind, form.text(), sample.values))


def _readers(session: Session, event: Event | None, kind: Kind) -> Sequence[Reader]:
    if event is not None:
        return kind.readers(session, event.id, searching.text())
    for other_id in queries.latest_events(session):
        found = kind.readers(session, other_id, "")
        if found:
            return found
    return ()


@bp.post(f"{_EVENT}/reminders/<kind>")
@require(Permission.SEND_LETTERS)
def switch_reminder(event_id: int, kind: str) -> ResponseReturnValue:
    if kind not in rules.REMINDERS:
        raise NotFound
    actor_id, paused = current_user.id, request.form.get("paused") == "yes"
    with transaction() as session:
        service.pause_reminder(
            session, event_id=event_id, kind=MailingKind(kind), paused=paused, actor_id=actor_id, now=clock.now()
        )
    flash(_("自動のお知らせを止めました。") if paused else _("自動のお知らせを送るようにしました。"), "ok")
    return redirect(url_for(".event_texts", event_id=event_id))


def _kind(code: str) -> Kind:
    found = kinds.kind(code)
    if found is None:
        raise NotFound
    return found


def _language(kind: Kind) -> str:
    asked = request.values.get("language", "")
    return asked if asked in kind.languages else "ja"
