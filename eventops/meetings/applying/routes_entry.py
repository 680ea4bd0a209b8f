"""The public pages: open needs, and the form with which a company applies to one."""

import io

from flask import redirect, render_template, send_file, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from eventops import clock
from eventops.accounts.permissions import public
from eventops.database import read_session, transaction
from eventops.errors import NotFound
from eventops.events.models import Event, EventState
from eventops.limits import limiter
from eventops.meetings import queries, words
from eventops.meetings.applying import entries
from eventops.meetings.applying.forms_entry import EntryForm
from eventops.meetings.blueprint import bp
from eventops.meetings.hosting import needs_paper
from eventops.meetings.hosting.rules import SECRET
from eventops.meetings.models import Need


@bp.get("/e/<slug>/needs")
@public
def public_needs(slug: str) -> ResponseReturnValue:
    event = _public_event(slug)
    now = clock.now()
    shown = _public_needs(event)
    return render_template(
        "meetings/public_needs.html",
        event=event,
        needs=shown,
        public_host=words.public_host,
        public_unit=words.public_unit,
        open_ids={need.id for need in shown if entries.is_open(event, need, now)},
    )


@bp.get("/e/<slug>/needs.pdf")
@public
@limiter.limit("20/minute")
def needs_pdf(slug: str) -> ResponseReturnValue:
    event = _public_event(slug)
    with force_locale("ja"):
        data = needs_paper.needs_pdf(event, _public_needs(event), now=clock.now())
    return send_file(io.BytesIO(data), mimetype="application/pdf", download_name=f"needs_{slug}.pdf")


@bp.route("/e/<slug>/needs/<code>/apply", methods=["GET", "POST"])
@public
@limiter.limit("20/minute", methods=["POST"])
def apply_to_need(slug: str, code: str) -> ResponseReturnValue:
    event = _public_event(slug)
    need = next((need for need in _public_needs(event) if need.code == code), None)
    if need is None:
        raise NotFound
    if not entries.is_open(event, need, clock.now()):
        return render_template("meetings/public_closed.html", event=event, need=need), 409
    form = EntryForm()
    if not form.validate_on_submit():
        page = render_template(
            "meetings/public_apply.html",
            event=event,
            need=need,
            form=form,
            host=words.public_host(need),
            unit=words.public_unit(need),
        )
        return page, 422 if form.is_submitted() else 200
    with transaction() as session:
        entered = entries.enter(session, need_id=need.id, entry=form.entry(), now=clock.now())
        number = entered.code
    cookie["entered"] = number
    return redirect(url_for(".entry_received", slug=slug, code=code))


@bp.get("/e/<slug>/needs/<code>/received")
@public
def entry_received(slug: str, code: str) -> ResponseReturnValue:
    number = cookie.get("entered")
    if number is None:
        return redirect(url_for(".public_needs", slug=slug))
    return render_template("meetings/public_thanks.html", event=_public_event(slug), number=number)


def _public_event(slug: str) -> Event:
    """An event that guests may see: a draft is nobody's business yet."""
    event = queries.event_by_slug(read_session(), slug)
    if event.state == EventState.DRAFT:
        raise NotFound
    return event


def _public_needs(event: Event) -> list[Need]:
    """The event's needs that their companies have given free."""
    found = queries.round_of_event(read_session(), event.id)
    if found is None:
        return []
    return [need for need in queries.needs(read_session(), found.id) if need.state not in SECRET]
