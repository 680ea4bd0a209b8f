"""The public form of an event: filling in, checking on the confirmation page, sending."""

import secrets
from functools import cached_property

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventops import clock, rush, words
from eventops.accounts.permissions import public
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.events import queries as event_queries
from eventops.events import rules as event_rules
from eventops.events.models import Event, EventState
from eventops.events.rules import Room
from eventops.languages import language
from eventops.limits import limiter
from eventops.questions import fields
from eventops.registration import host_words, labels, service
from eventops.registration.answers import pages as answer_pages
from eventops.registration.applying import form_facts, forms_joint, joint
from eventops.registration.applying.form_facts import FormFacts
from eventops.registration.applying.forms import ApplicationForm
from eventops.registration.applying.forms_joint import JointForm
from eventops.registration.applying.joint import JointRefused
from eventops.registration.blueprint import bp
from eventops.registration.refusals import NotEligible, NotOpen, SoldOut
from eventops.registration.writing import addresses
from eventops.turns import Queue

_ONE_AT_A_TIME = Queue()
_NOT_TYPED = ("csrf_token", "step", "submission_key", "add_row", "remove_row")


@bp.route("/e/<slug>/apply", methods=["GET", "POST"])
@public
@limiter.limit("30/minute", methods=["POST"])
def apply(slug: str) -> ResponseReturnValue:
    refusal: DomainError | None = None
    if request.method == "POST" and request.form.get("step") == "send":
        try:
            sent = _sent(slug)
        except DomainError as refused:
            refusal = refused
        else:
            if sent is not None:
                return sent
    return _page(form_facts.read(read_session(), slug, now=clock.now()), refusal)


def _page(facts: FormFacts, refusal: DomainError | None) -> ResponseReturnValue:
    """The form, or the page that asks for confirmation."""
    event, window = facts.event, _window(facts.event)
    if request.method == "GET" and window is not event_rules.Window.OPEN:
        said = words.sentence(NotOpen(window))
        return render_template("registration/not_open.html", event=event, window=window, sentence=said)
    form, also = facts.shape(RoomWords(event)).form(), _also(facts)
    if request.method == "GET" or _only_edited(form):
        return _form_page(event, form, also)
    if not all([form.validate(), also.validate()]):
        return _form_page(event, form, also, 422)
    try:
        if refusal is not None:
            raise refusal
        return _confirmation(event, form, also)
    except DomainError as refused:
        blame(form, refused)
        return _form_page(event, form, also, 422)


def _also(facts: FormFacts) -> JointForm:
    return forms_joint.form_for(facts.tied, request.form if request.method == "POST" else None)


def _only_edited(form: ApplicationForm) -> bool:
    """Buttons that change the form without sending it."""
    return form.edits_rows(request.form) or request.form.get("step") == "edit"


def _form_page(event: Event, form: ApplicationForm, also: JointForm, status: int = 200) -> ResponseReturnValue:
    frame = answer_pages.frame(event, form.questions)
    return render_template("registration/apply.html", event=event, form=form, also=also, **frame), status


def _confirmation(event: Event, form: ApplicationForm, also: JointForm) -> ResponseReturnValue:
    command, now = form.command(language=language()), clock.now()
    preview = service.preview(read_session(), command, now=now)
    typed = [(name, value) for name, value in request.form.items(multi=True) if _is_typed(name)]
    return render_template(
        "registration/confirm.html",
        event=event,
        parts={part.id: part for part in event.parts},
        command=command,
        hosts=form.attendees.entries[0].form.hosts,
        told=host_words.told,
        preview=preview,
        joint=joint.preview(read_session(), also.commands(command), now=now),
        typed=[*typed, *form.proofs(), ("submission_key", secrets.token_urlsafe(18))],
        answered=answer_pages.given_pairs,
        labels=labels,
    )


def _is_typed(name: str) -> bool:
    """What goes on to the next page as it came; proofs of files are made anew."""
    return name not in _NOT_TYPED and not name.endswith((fields.KEPT, fields.DROP))


def _sent(slug: str) -> ResponseReturnValue | None:
    """Register, or nothing where the page has to ask again.

    Each process works on one application at a time. A thread that prepared its own meanwhile would take the interpreter
    from the one that holds the seats, for which all processes wait; and on PostgreSQL those who wait for the event's
    row are served in no order, each time after all of them have looked at it.
    """
    if _ONE_AT_A_TIME.is_taken:
        rush.line().somebody_waits()
    with _ONE_AT_A_TIME.turn():
        known = form_facts.remembered(read_session(), slug, now=clock.now())
        form, also = known.form(), _also(known.facts)
        if not all([form.validate(), also.validate()]):
            return None
        command = form.command(language=language())
        others = also.commands(command)
        with transaction() as session:
            registration = joint.register(session, command, others, now=clock.now())
            token = addresses.token(registration)
    return redirect(url_for(".thanks", token=token))


def blame(form: ApplicationForm, refusal: DomainError) -> None:
    """Words beside the field that a refusal is about; those about the event as a whole stand at the top."""
    text = words.sentence(refusal)
    if isinstance(refusal, JointRefused):
        form.form_errors.append(_("「%(title)s」: %(reason)s", title=refusal.event.title, reason=text))
    elif isinstance(refusal, NotOpen):
        form.form_errors.append(text)
    elif isinstance(refusal, SoldOut) and "if_full" in form:
        form.blame("if_full", text)
    elif isinstance(refusal, NotEligible):
        form.blame(
            "claim", text, entrant=int(str(refusal.details["entrant"])), part_id=int(str(refusal.details["part_id"]))
        )
    else:
        form.form_errors.append(text)


def _window(event: Event) -> event_rules.Window:
    return event_rules.window(
        EventState(event.state), event.applications_open_at, event.applications_close_at, clock.now()
    )


class RoomWords:
    """How full each pool is, in words; counted when the first is read, and an application that is sent reads none."""

    def __init__(self, event: Event) -> None:
        self._event = event

    def __call__(self, part_id: int, mode: str) -> str:
        return self._words.get((part_id, mode), "")

    @cached_property
    def _words(self) -> dict[tuple[int, str], str]:
        said = {Room.FREE: "", Room.FEW: _("残りわずか"), Room.FULL: _("満席")}
        rooms = event_queries.public_figures(read_session(), self._event)
        return {(room.part.id, pool.mode): said[pool.room] for room in rooms for pool in room.pools}
