"""How badges look: staff change it and see at once what comes of it, with people of their own event."""

from base64 import b64encode
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.printing import designs, guests, hints, vocabulary
from eventops.printing.badges import Badge, Design, badge_picture
from eventops.printing.blueprint import bp
from eventops.printing.forms import BadgeLayoutForm, layout_form
from eventops.printing.imprint import Imprint
from eventops.printing.logos import ACCEPT, Fault
from eventops.typeset import TypesetError

_HOME = "/staff/events/<int:event_id>/badges/layout"
_SAMPLE_CODE = "MIHON00000000000000000000"
_NOBODY_YET = Badge(
    code=_SAMPLE_CODE,
    company="株式会社髙﨑精密製作所",
    department="開発部",
    job_title="部長",
    names=(("𠮷田", "ヨシダ"), ("太郎", "タロウ")),
    category="member",
    meetings="面談 13:00 卓1、13:25 卓4",
)


@bp.route(_HOME, methods=["GET", "POST"])
@require(Permission.MANAGE_EVENTS)
def badge_layout(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = event_queries.event(session, event_id)
    stored = designs.stored(session, event)
    form = layout_form(stored.layout, stored.logo_id)
    if not form.is_submitted():
        return _page(session, event, form)
    if form.validate() and _drawn(session, event, form):
        return _save_or_show(event, form)
    return _page(session, event, form), 422


@bp.post(f"{_HOME}/preview")
@require(Permission.MANAGE_EVENTS)
def badge_preview(event_id: int) -> ResponseReturnValue:
    """The pictures alone, for what stands in the form now."""
    session = read_session()
    event = event_queries.event(session, event_id)
    stored = designs.stored(session, event)
    form = layout_form(stored.layout, stored.logo_id)
    pictures = _drawn(session, event, form) if form.validate() else []
    return render_template("printing/_preview.html", pictures=pictures, form=form)


@bp.post(f"{_HOME}/undo")
@require(Permission.MANAGE_EVENTS)
def undo_badge_layout(event_id: int) -> ResponseReturnValue:
    with transaction() as session:
        event = event_queries.event(session, event_id)
        designs.undo(session, event, actor_id=current_user.id, now=clock.now())
    flash(_("ひとつ前のデザインに戻しました。"), "ok")
    return redirect(url_for(".badge_layout", event_id=event_id))


@bp.post(f"{_HOME}/reset")
@require(Permission.MANAGE_EVENTS)
def reset_badge_layout(event_id: int) -> ResponseReturnValue:
    with transaction() as session:
        event = event_queries.event(session, event_id)
        designs.reset(session, event, actor_id=current_user.id, now=clock.now())
    flash(_("標準のデザインに戻しました。"), "ok")
    return redirect(url_for(".badge_layout", event_id=event_id))


def _save_or_show(event: Event, form: BadgeLayoutForm) -> ResponseReturnValue:
    """A chosen picture is kept even when the form is only shown again: a browser does not send it twice."""
    with transaction() as session:
        logo_id = designs.keep_logo(session, form.picture()) if form.has_file() else form.kept_logo_id
        if "preview" not in request.form:
            designs.save(
                session,
                event,
                form.layout(),
                logo_id=logo_id,
                for_house="for_house" in request.form,
                actor_id=current_user.id,
                now=clock.now(),
            )
    if "preview" not in request.form:
        flash(_("保存しました。"), "ok")
        return redirect(url_for(".badge_layout", event_id=event.id), 303)
    form.logo_id.data, form.logo_id.raw_data = logo_id, None
    return _page(read_session(), event, form)


def _page(session: Session, event: Event, form: BadgeLayoutForm) -> str:
    return render_template(
        "printing/layout.html",
        event=event,
        form=form,
        stored=designs.stored(session, event),
        pictures=[] if form.errors else _drawn(session, event, form),
        accept=ACCEPT,
    )


def _drawn(session: Session, event: Event, form: BadgeLayoutForm) -> list[str]:
    """The samples; none, and a word in the form, where they cannot be drawn: a file may begin well and be broken."""
    try:
        return _pictures(session, event, form)
    except TypesetError:
        if form.has_file():
            form.logo.errors = [str(vocabulary.FAULT_WORDS[Fault.KIND])]
        else:
            form.form_errors.append(_("この内容では名札を作れません。変えたところを元に戻してください。"))
        return []


def _pictures(session: Session, event: Event, form: BadgeLayoutForm) -> list[str]:
    """The first guest and the one with most to print, each as the address of a picture."""
    chosen = form.picture() if form.has_file() else designs.logo(session, form.kept_logo_id)
    layout = form.layout()
    design = Design(layout=layout, logo=None if form.no_logo.data else chosen)
    imprint = Imprint(event=event.title, version="", printed_at=clock.now())
    made = [badge_picture(imprint, badge, design, stock=layout.stock) for badge in samples(session, event)]
    return [f"data:image/png;base64,{b64encode(one).decode()}" for one in made]


def samples(session: Session, event: Event) -> list[Badge]:
    """With a code that opens no door."""
    people = guests.badges(
        guests.expected(session, event.id), hints.of_organisations(session, event.id), with_codes=False
    )
    if not people:
        return [_NOBODY_YET]
    longest = max(people, key=lambda one: len(one.company) + 2 * len(one.name) + len(one.department))
    chosen = [people[0]] if longest == people[0] else [people[0], longest]
    return [replace(one, code=_SAMPLE_CODE) for one in chosen]
