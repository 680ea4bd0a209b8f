"""Staff's acts on many people of the list at once, each asked back with its number, and taking the list away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock, words
from eventops.accounts import audit
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.errors import DomainError
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.registration import labels, providers, queries, routes_handling, rules
from eventops.registration.answers import queries as answer_queries
from eventops.registration.blueprint import bp
from eventops.registration.listing import bulk, roster, roster_asking, roster_columns
from eventops.registration.listing.bulk import Act
from eventops.registration.listing.roster import MARK
from eventops.registration.listing.roster_columns import Column, Facts
from eventops.registration.models import Attendee
from eventops.registration.seats import by_hand
from eventops.spreadsheets.downloads import answer
from eventops.spreadsheets.exporting import Format, export

_LIST = "/staff/events/<int:event_id>/registrations"
LONGEST_TAG: Final = 40
SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who was ticked, or everybody whom the filter shows."""

    event: Event
    ids: Sequence[int]

    @property
    def joined(self) -> str:
        return ",".join(map(str, self.ids))


def _chosen(session: Session, event_id: int) -> Chosen:
    event = event_queries.event(session, event_id)
    if request.form.get("everybody"):
        return Chosen(event, roster.ids(session, event, roster_asking.wanted()))
    joined = request.form.get("joined", "").split(",")
    typed = [*request.form.getlist("ids"), *joined]
    return Chosen(event, list(dict.fromkeys(int(one) for one in typed if one.isdecimal() and len(one) < 10)))


@bp.post(f"{_LIST}/bulk")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_bulk(event_id: int) -> ResponseReturnValue:
    """One act on those who were ticked: words and marks at once, all else after a look at whom it concerns."""
    chosen, act = _chosen(read_session(), event_id), request.form.get("act", "")
    if not chosen.ids:
        flash(_("対象の方を選んでください。"), "bad")
        return _back(event_id)
    if act in _TAGGING:
        return _tag(event_id, chosen.ids, act)
    if act == "cancel":
        return _cancel_page(chosen)
    if act == "confirm":
        return _confirm_page(chosen)
    if act == "category":
        return routes_handling.ask_category(event_id, chosen.ids)
    return _to_letters(event_id, chosen) if act == "letter" else _back(event_id)


def _to_letters(event_id: int, chosen: Chosen) -> ResponseReturnValue:
    """The letters' own page: it shows whom it reaches before anything is sent."""
    ids = {} if request.form.get("everybody") else {"ids": chosen.joined}
    return redirect(roster_asking.address(event_id, "mailings.new_mailing", **ids))


def _back(event_id: int) -> ResponseReturnValue:
    return redirect(roster_asking.address(event_id))


_Tagging = Callable[..., int]
_TAGGING: Mapping[str, _Tagging] = {
    "tag": bulk.put_tag,
    "mark": bulk.put_tag,
    "untag": bulk.take_tag,
    "unmark": bulk.take_tag,
}


def _tag(event_id: int, ids: Sequence[int], act: str) -> ResponseReturnValue:
    tag = MARK if act in ("mark", "unmark") else " ".join(request.form.get("tag", "").split())[:LONGEST_TAG]
    if not tag:
        flash(_("タグの言葉を入力してください。"), "bad")
        return _back(event_id)
    with transaction() as session:
        changed = _TAGGING[act](session, Act(current_user.id, clock.now()), event_id=event_id, ids=ids, tag=tag)
    if act in ("tag", "mark"):
        flash(_("%(count)s名に「%(tag)s」を付けました。", count=changed, tag=tag), "ok")
    else:
        flash(_("%(count)s名から「%(tag)s」を外しました。", count=changed, tag=tag), "ok")
    return _back(event_id)


def _cancel_page(chosen: Chosen, refusal: str = "") -> ResponseReturnValue:
    session = read_session()
    people = bulk.active(session, event_id=chosen.event.id, ids=chosen.ids)
    page = render_template(
        "registration/bulk_cancel.html",
        event=chosen.event,
        people=people[:SHOWN],
        number=len(people),
        applications=len(list(groupby(people, key=lambda person: person.registration_id))),
        without_address=_without_address(people),
        left_out=len(chosen.ids) - len(people),
        joined=",".join(str(person.id) for person in people),
        keeps_fee=rules.keeps_fee(queries.deadlines(chosen.event), now=clock.now()),
        most=bulk.MOST_AT_ONCE,
        refusal=refusal,
        address=roster_asking.address,
    )
    return page, 422 if refusal else 200


def _without_address(people: Sequence[Attendee]) -> int:
    return len({person.registration_id for person in people if not person.registration.email})


@bp.post(f"{_LIST}/bulk/cancel")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_bulk_cancel(event_id: int) -> ResponseReturnValue:
    chosen = _chosen(read_session(), event_id)
    keeps_fee, tells = request.form.get("keeps_fee") == "yes", request.form.get("tells") == "yes"
    act = Act(current_user.id, clock.now())
    try:
        with transaction() as session:
            number = len(bulk.active(session, event_id=event_id, ids=chosen.ids))
            bulk.cancel(session, act, event_id=event_id, ids=chosen.ids, keeps_fee=keeps_fee, tells=tells)
    except DomainError as refusal:
        return _cancel_page(chosen, words.sentence(refusal))
    flash(_("%(count)s名を取り消しました。", count=number), "ok")
    return _back(event_id)


def _confirm_page(chosen: Chosen) -> ResponseReturnValue:
    session, event = read_session(), chosen.event
    pools = [pool for part in event.parts for pool in part.pools]
    seats = by_hand.look(session, event, pools, chosen.ids, uses_reserve=False, now=clock.now())
    with_reserve = by_hand.look(session, event, pools, chosen.ids, uses_reserve=True, now=clock.now())
    return render_template(
        "registration/bulk_confirm.html",
        event=event,
        seats=seats,
        with_reserve=with_reserve,
        letters=len({place.attendee.registration_id for place in seats.given}),
        joined=chosen.joined,
        labels=labels,
        address=roster_asking.address,
        shown=SHOWN,
    )


@bp.post(f"{_LIST}/bulk/confirm")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_bulk_confirm(event_id: int) -> ResponseReturnValue:
    chosen, actor_id = _chosen(read_session(), event_id), current_user.id
    uses_reserve = request.form.get("uses_reserve") == "yes"
    with transaction() as session:
        seats = by_hand.confirm(
            session,
            event_id=event_id,
            ids=chosen.ids,
            uses_reserve=uses_reserve,
            actor_id=actor_id,
            now=clock.now(),
        )
        people, left_out = seats.people, seats.left_out
    flash(_("%(count)s名の参加を確定し、メールを用意しました。", count=people), "ok")
    if left_out:
        flash(_("%(count)s名は空きがないため、キャンセル待ちのままです。", count=left_out), "warn")
    return _back(event_id)


@bp.post(f"{_LIST}/export")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_export(event_id: int) -> ResponseReturnValue:
    """The columns and rows of the list as they are shown, all pages of it; the history says who took them away."""
    session, asked = read_session(), request.form.get("form", "")
    event, form = event_queries.event(session, event_id), Format(asked) if asked in set(Format) else Format.XLSX
    columns, wanted = roster_asking.columns(session, event_id), roster_asking.wanted()
    people = roster.people(session, event, wanted, page=None)
    arrived = providers.arrival_times(session, event, [person.id for person in people])
    facts = Facts(event.parts, arrived, answer_queries.of_people(session, columns.question_ids, people))
    headings, rows = roster_columns.table(columns.shown, people, facts)
    file = export(_("参加者"), headings, rows, form=form)
    if not file.lost or request.form.get("anyway"):
        _note_export(event_id, rows=len(rows), columns=columns.shown, form=form)
    name, back_url = f"{_('参加者')}_{event.slug}", roster_asking.address(event_id)
    return answer(file, name=name, form=form, back_url=back_url, event=event)


def _note_export(event_id: int, *, rows: int, columns: Sequence[Column], form: Format) -> None:
    after = {"rows": rows, "columns": [str(column.key) for column in columns], "form": str(form)}
    questions = [str(column.label) for column in columns if column.question_id is not None]
    if questions:
        after["questions"] = questions
    actor_id = current_user.id
    with transaction() as session:
        audit.record(
            session,
            actor_id=actor_id,
            action="list_exported",
            subject=("event", event_id),
            event_id=event_id,
            now=clock.now(),
            after=after,
        )
