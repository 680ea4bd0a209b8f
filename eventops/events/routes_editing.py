"""The one page on which an event is edited, and taking the last saving back."""

import datetime as dt
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_login import current_user

from eventops import clock, words
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import DomainError, Stale
from eventops.events import desk, editing, english, filling, following, providers, queries, service, types, vocabulary
from eventops.events.blueprint import bp
from eventops.events.following import Followed
from eventops.events.forms import EventForm
from eventops.events.models import Event, EventState
from eventops.events.plan import EventPlan
from eventops.events.routes_overview import warnings_of

ROWS = ("hosts", "parts")


@bp.route("/staff/events/<int:event_id>/edit", methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def edit(event_id: int) -> ResponseReturnValue:
    event = queries.event(read_session(), event_id)
    form = _form(event)
    if not form.is_submitted():
        return _page(event, form)
    if _changed_rows(form):
        return _page(event, form)
    if not form.validate_on_submit() or _asks_first(event, form) or not _saved(event, form):
        return _page(queries.event(read_session(), event_id), form), 422
    flash(_("保存しました。"), "ok")
    return redirect(url_for(".overview", event_id=event_id))


@bp.post("/staff/events/<int:event_id>/restore")
@require(Permission.MANAGE_EVENTS)
def restore(event_id: int) -> ResponseReturnValue:
    entry_id = request.form.get("entry", 0, type=int)
    with transaction() as session:
        service.restore(session, event_id=event_id, entry_id=entry_id, actor_id=current_user.id, now=clock.now())
    flash(_("前の内容に戻しました。もう一度「元に戻す」を押すと、戻す前の内容になります。"), "ok")
    return redirect(url_for(".overview", event_id=event_id))


def _form(event: Event) -> EventForm:
    """Names that guests and registration numbers carry are fixed once the event was public."""
    form = EventForm(data=filling.form_data(queries.plan_of(event)) | {"seen_at": event.updated_at.isoformat()})
    form.kind.choices = types.choices(read_session(), keeping=event.type)
    if event.published_at is not None:
        del form.slug
        del form.code
    return form


def _page(event: Event, form: EventForm) -> str:
    return render_template(
        "events/edit.html",
        event=event,
        form=form,
        series_names=queries.series_names(read_session()),
        bodies=providers.known_bodies(read_session()),
        role_words=vocabulary.HOST_ROLE_WORDS,
        warnings=[] if form.is_submitted() else desk.warning_items(event, warnings_of(read_session(), event)),
    )


def _changed_rows(form: EventForm) -> bool:
    """Adding and removing rows without scripts: the page comes back with everything typed."""
    added, removed = request.form.get("add_row"), request.form.get("remove_row", "")
    if added in ROWS and len(form[added]) < form[added].max_entries:
        form[added].append_entry()
        return True
    name, _dash, number = removed.rpartition("-")
    if name in ROWS and number.isdecimal() and int(number) < len(form[name]):
        form[name].pop_entry(int(number))
        return True
    return bool(added or removed)


def _asks_first(event: Event, form: EventForm) -> bool:
    """A day that people have a timetable for is not changed in passing: the second press decides."""
    day = form.held_on.data
    if day is None or day == event.held_on or request.form.get("confirmed_day") == day.isoformat():
        return False
    told = providers.told_plan(read_session(), event.id)
    if told is None:
        return False
    form.held_on.errors = [
        _(
            "面談の時間割（第%(version)s版）を%(companies)s社%(people)s名に知らせてあります。開催日を変えると面談の日も変わり、"
            "もう一度知らせる必要があります。よければ、もう一度「保存」を押してください。",
            version=told.version,
            companies=told.companies,
            people=told.people,
        )
    ]
    return True


def _saved(event: Event, form: EventForm) -> bool:
    """Whether the plan was written; what the service refuses stands beside its field."""
    event_id, now, before = event.id, clock.now(), queries.plan_of(event)
    followed = _followed(event, _plan(event, form))
    plan = followed.plan
    try:
        with transaction() as session:
            service.save(
                session,
                event_id=event_id,
                plan=plan,
                seen_at=_moment(form.seen_at.data),
                actor_id=current_user.id,
                now=now,
            )
    except Stale:
        _overruled(event_id, form)
        return False
    except DomainError as error:
        _field_of(error, form, plan).errors = [words.sentence(error)]
        return False
    if followed.fields:
        flash(_moved_words(followed), "info")
    if behind := _left_in_english(before, plan):
        listed = pgettext("between fields", "、").join(behind)
        flash(
            _("日本語だけが変わり、英語の文は前のままです: %(fields)s。英語の文も直してください。", fields=listed),
            "warn",
        )
    return True


def _left_in_english(before: EventPlan, after: EventPlan) -> list[str]:
    known = {part.id: part for part in before.parts}
    own = [str(vocabulary.FIELD_WORDS[name]) for name in english.left_behind(before, after)]
    return own + [
        f"{part.title} {vocabulary.FIELD_WORDS[name]}"
        for part in after.parts
        if part.id in known
        for name in english.left_behind(known[part.id], part)
    ]


def _followed(event: Event, plan: EventPlan) -> Followed:
    """Of a draft the dates follow its day; what guests have read moves only where somebody moves it."""
    if event.state != EventState.DRAFT or event.published_at is not None:
        return Followed(plan)
    slugs, _codes = queries.taken_names(read_session(), except_id=event.id)
    return following.follow(queries.plan_of(event), plan, slugs=slugs)


def _moved_words(followed: Followed) -> str:
    dates = [str(vocabulary.FIELD_WORDS[name]) for name in followed.fields if name != "slug"]
    said = []
    if dates:
        listed, days = pgettext("between fields", "、").join(dates), f"{followed.days:+d}"
        said.append(_("開催日に合わせて、%(fields)sを%(days)s日動かしました。", fields=listed, days=days))
    if "slug" in followed.fields:
        said.append(_("公開URLの名前を「%(name)s」に変えました。", name=followed.plan.slug))
    return " ".join(said)


def _plan(event: Event, form: EventForm) -> EventPlan:
    is_fixed = event.published_at is not None
    return filling.plan_from(
        form.data,
        slug=event.slug if is_fixed else form.slug.data,
        code=event.code if is_fixed else form.code.data,
    )


def _overruled(event_id: int, form: EventForm) -> None:
    """Somebody saved in the meantime: say so, keep what was typed, and let a second press decide."""
    saved_at = queries.event(read_session(), event_id).updated_at
    form.seen_at.data = saved_at.isoformat()
    form.seen_at.raw_data = None
    form.form_errors.append(
        _(
            "ほかの人が%(time)sに保存しました。もう一度「保存」を押すと、この画面の内容に置き換わります。",
            time=saved_at.astimezone(clock.TOKYO).strftime("%H:%M"),
        )
    )


def _field_of(error: DomainError, form: EventForm, plan: EventPlan) -> Any:
    """The field beside which a refusal is said."""
    if isinstance(error, service.SlugTaken):
        return form.slug
    if isinstance(error, service.CodeTaken):
        return form.code
    if isinstance(error, editing.ModeInUse):
        row = next(row for row in form.parts if row.form.title.data == error.details["part"])
        return row.form[str(error.details["mode"])]
    return form.parts


def _moment(text: str | None) -> dt.datetime | None:
    """When the shown version was saved; an unreadable text counts as long ago."""
    try:
        return dt.datetime.fromisoformat(text or "")
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
