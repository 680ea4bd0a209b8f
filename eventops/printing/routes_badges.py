"""Printing badges: whose, on what, from which label on; what was printed before; one at the desk; taking a run back."""

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.printing import designs, guests, hints, runs, standing, vocabulary
from eventops.printing.badges import badges_pdf
from eventops.printing.blueprint import bp
from eventops.printing.files import PDF, sent
from eventops.printing.forms import ChoiceForm
from eventops.printing.imprint import Imprint
from eventops.printing.runs import Choice, NothingToPrint, PrintedAlready
from eventops.printing.standing import State
from eventops.registration import labels
from eventops.registration.models import Attendee

_HOME = "/staff/events/<int:event_id>/badges"
_NAMES_SHOWN = 200


@bp.get(_HOME)
@require(Permission.RECEIVE)
def badges(event_id: int) -> ResponseReturnValue:
    event = event_queries.event(read_session(), event_id)
    is_asked = "stock" in request.args
    form = ChoiceForm(request.args if is_asked else None, meta={"csrf": False}).offer(event)
    if not is_asked:
        form.stock.data = designs.stored(read_session(), event).layout.stock
    is_sound = not is_asked or form.validate()
    return _page(event, form, form.choice() if is_sound else Choice()), 200 if is_sound else 422


@bp.post(_HOME)
@require(Permission.RECEIVE)
def print_badges(event_id: int) -> ResponseReturnValue:
    event = event_queries.event(read_session(), event_id)
    form = ChoiceForm().offer(event)
    if not form.validate():
        return _page(event, form, Choice()), 422
    told = hints.of_organisations(read_session(), event_id)
    try:
        with transaction() as session:
            run = runs.print_chosen(
                session,
                event,
                form.choice(),
                told,
                stock=form.stock.data,
                first_label=form.first.data or 1,
                actor_id=current_user.id,
                now=clock.now(),
            )
    except NothingToPrint as error:
        flash(words.sentence(error), "warn")
        return redirect(url_for(".badges", event_id=event_id), 303)
    return redirect(url_for(".badges", event_id=event_id, run=run.id, _anchor="run"), 303)


@bp.get(f"{_HOME}/runs/<int:run_id>.pdf")
@require(Permission.RECEIVE)
def badge_run_pdf(event_id: int, run_id: int) -> ResponseReturnValue:
    """The file of a run, as often as the printer needs it."""
    slug = event_queries.event(read_session(), event_id).slug
    return sent(run_pdf(event_id, run_id), f"名札_{slug}_{run_id}.pdf", PDF)


def run_pdf(event_id: int, run_id: int) -> bytes:
    session = read_session()
    event = event_queries.event(session, event_id)
    run = runs.run_of(session, event_id, run_id)
    people = guests.badges(runs.people_of(session, run), hints.of_organisations(session, event_id))
    return badges_pdf(_imprint(event), people, designs.design(session, event), stock=run.stock, first=run.first_label)


@bp.post(f"{_HOME}/runs/<int:run_id>/undo")
@require(Permission.RECEIVE)
def undo_badge_run(event_id: int, run_id: int) -> ResponseReturnValue:
    with transaction() as session:
        event = event_queries.event(session, event_id)
        runs.undo(session, event, run_id, actor_id=current_user.id, now=clock.now())
    flash(_("印刷済みの印を消しました。"), "ok")
    return redirect(url_for(".badges", event_id=event_id))


@bp.get(f"{_HOME}/proof.pdf")
@require(Permission.VIEW)
def badge_proof_pdf(event_id: int) -> ResponseReturnValue:
    """Every badge without a code, to read names by: nobody is let in with it, and nobody counts as printed."""
    session = read_session()
    event = event_queries.event(session, event_id)
    coming = guests.expected(session, event_id)
    if not coming:
        raise NothingToPrint
    people = guests.badges(coming, hints.of_organisations(session, event_id), with_codes=False)
    content = badges_pdf(_imprint(event), people, designs.design(session, event))
    return sent(content, f"名札_校正用_{event.slug}.pdf", PDF)


@bp.route(f"{_HOME}/person/<int:attendee_id>", methods=["GET", "POST"])
@require(Permission.RECEIVE)
def badge_of(event_id: int, attendee_id: int) -> ResponseReturnValue:
    """One badge at the desk; a second one only after a look at when the first was printed."""
    event = event_queries.event(read_session(), event_id)
    if request.method == "POST":
        told = hints.of_organisations(read_session(), event_id)
        try:
            with transaction() as session:
                run = runs.print_one(
                    session,
                    event,
                    attendee_id,
                    told,
                    again="again" in request.form,
                    stock=designs.stored(session, event).layout.desk_stock,
                    first_label=1,
                    actor_id=current_user.id,
                    now=clock.now(),
                )
            return redirect(url_for(".badge_run_pdf", event_id=event_id, run_id=run.id), 303)
        except PrintedAlready as error:
            flash(words.sentence(error), "warn")
            return _person_page(event, attendee_id), 409
    return _person_page(event, attendee_id)


def _person_page(event: Event, attendee_id: int) -> str:
    session = read_session()
    person = guests.holder(session, event.id, attendee_id)
    badges = standing.of_event(session, event, hints.of_organisations(session, event.id))
    return render_template(
        "printing/badge_of.html",
        event=event,
        person=person,
        printed=badges.printed.get(person.id),
        state=badges.state_of(person),
        state_words=vocabulary.STATE_WORDS,
    )


def _page(event: Event, form: ChoiceForm, choice: Choice) -> str:
    session = read_session()
    people = guests.expected(session, event.id)
    badges = standing.of_event(session, event, hints.of_organisations(session, event.id))
    states = {one.id: badges.state_of(one) for one in people}
    chosen: list[Attendee] = runs.chosen(people, choice, badges)
    history = runs.runs(session, event.id)
    return render_template(
        "printing/badges.html",
        event=event,
        form=form,
        people=people,
        chosen=chosen[:_NAMES_SHOWN],
        count=len(chosen),
        printed=badges.printed,
        states=states,
        counts=Counter(states.values()),
        State=State,
        state_words=vocabulary.STATE_WORDS,
        category_words=labels.BADGES,
        runs=history,
        made=next((one for one in history if one.id == request.args.get("run", type=int)), None),
    )


def _imprint(event: Event) -> Imprint:
    return Imprint(event=event.title, version="", printed_at=clock.now())
