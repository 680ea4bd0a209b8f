"""The staff's home page, and the ways in which an event begins."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from eventops import clock, wareki
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.events import copying, desk, filling, queries, service, types
from eventops.events.blueprint import bp
from eventops.events.checklist import next_step
from eventops.events.forms import CopyForm, NewEventForm
from eventops.events.models import EventKind, EventState
from eventops.events.queries import StaffLine
from eventops.events.vocabulary import STATE_TONES, STATE_WORDS
from eventops.settings import queries as settings_queries
from eventops.several_forms import apart

WORDS = {"state_words": STATE_WORDS, "state_tones": STATE_TONES}


@bp.get("/staff/")
@require(Permission.VIEW)
def home() -> ResponseReturnValue:
    session, now = read_session(), clock.now()
    today = wareki.japan_date(now)
    events = queries.staff_events(session)
    lines = queries.staff_lines(session, [event for event in events if event.held_on >= today], now=now)
    recent = queries.staff_lines(session, queries.waiting_for_thanks(events, today=today), now=now)
    return render_template(
        "events/home.html",
        upcoming=sorted(lines, key=lambda line: line.event.held_on),
        unfinished=[line for line in recent if next_step(line.steps)],
        past=[event for event in events if event.held_on < today],
        next_of=_next_item,
        countdown=lambda event: desk.countdown(event.held_on, today),
        **WORDS,
    )


@bp.get("/staff/events/new")
@require(Permission.MANAGE_EVENTS)
def new() -> ResponseReturnValue:
    source_id = request.args.get("source", type=int)
    return _new_page(_new_form(formdata=None), _copy_form(formdata=None, source=source_id))


@bp.post("/staff/events/new")
@require(Permission.MANAGE_EVENTS)
def create() -> ResponseReturnValue:
    form = _new_form()
    if not form.validate_on_submit():
        return _new_page(form, _copy_form(formdata=None)), 422
    held_on = form.held_on.data
    kind, type_name = filling.kind_of(form.kind.data)
    with transaction() as session:
        slugs, codes = queries.taken_names(session)
        plan = filling.blank_plan(
            title=form.title.data,
            kind=kind,
            type_name=type_name,
            held_on=held_on,
            slug=copying.proposed_slug(kind, held_on, slugs),
            code=copying.proposed_code(kind, held_on, codes),
            host=settings_queries.organiser(session).name,
            part_title=_("第1部 クローズドマッチング") if kind is EventKind.TECHNOLOGY_EXCHANGE else _("第1部"),
        )
        event_id = service.create(session, plan=plan, actor_id=current_user.id, now=clock.now()).id
    flash(_("下書きを作りました。内容を入力してください。まだ公開されていません。"), "ok")
    return redirect(url_for(".edit", event_id=event_id))


@bp.post("/staff/events/copy")
@require(Permission.MANAGE_EVENTS)
def copy() -> ResponseReturnValue:
    form = _copy_form()
    if not form.validate_on_submit():
        return _new_page(_new_form(formdata=None), form), 422
    with transaction() as session:
        source = queries.event(session, form.source.data)
        slugs, codes = queries.taken_names(session)
        plan = copying.copied(
            queries.plan_of(source),
            held_on=form.held_on.data,
            slugs=slugs,
            codes=codes,
            last_edition=max(queries.editions(session, source.series_id), default=None),
        )
        event_id = service.create(
            session, plan=plan, actor_id=current_user.id, now=clock.now(), copied_from_id=source.id
        ).id
    flash(_("前回をコピーして下書きを作りました。日付と文を確認してください。まだ公開されていません。"), "ok")
    return redirect(url_for(".edit", event_id=event_id))


@bp.post("/staff/demonstration")
@require(Permission.ADMINISTER)
def load_demonstration() -> ResponseReturnValue:
    """Only into an empty installation: fictitious companies must not mix with real ones."""
    with transaction() as session:
        if queries.staff_events(session):
            raise NotFound
        current_app.extensions["demonstration"](session, now=clock.now())
    flash(_("デモデータを入れました。"), "ok")
    return redirect(url_for(".home"))


def _next_item(line: StaffLine) -> desk.StepItem | None:
    step = next_step(line.steps)
    return desk.step_item(line.event, step) if step else None


def _new_form(**values: object) -> NewEventForm:
    form = NewEventForm(**values)
    form.kind.choices = types.choices(read_session())
    return form


def _copy_form(**values: object) -> CopyForm:
    form = CopyForm(**values)
    form.source.choices = [
        SelectChoice(event.id, f"{wareki.date_ja(event.held_on)} {event.title}")
        for event in queries.staff_events(read_session())
        if event.state != EventState.CANCELLED
    ]
    return form


def _new_page(form: NewEventForm, copy_form: CopyForm) -> str:
    return render_template("events/new.html", form=form, copy_form=apart(copy_form, "copy"))
