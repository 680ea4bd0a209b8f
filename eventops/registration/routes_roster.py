"""Staff's list of an event's participants, and moving up those who wait when seats are free."""

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from eventops import clock
from eventops.accounts.permissions import Permission, require, user_may
from eventops.database import read_session, transaction
from eventops.directory import kana
from eventops.events import providers as event_providers
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.registration import labels, promotion, queries, roster, rules, tickets
from eventops.registration.blueprint import bp
from eventops.registration.roster import Filter, Show

SHOW_WORDS = {
    Show.ACTIVE: lazy_gettext("すべて"),
    Show.CONFIRMED: lazy_gettext("参加"),
    Show.WAITING: lazy_gettext("キャンセル待ち"),
    Show.CANCELLED: lazy_gettext("取消済"),
    Show.MEMBER: lazy_gettext("会員"),
    Show.GENERAL: lazy_gettext("一般"),
    Show.UNPAID: lazy_gettext("未入金"),
    Show.CHECK: lazy_gettext("会員区分を確認"),
    Show.NEEDS: lazy_gettext("配慮あり"),
}
ALWAYS_SHOWN = (Show.ACTIVE, Show.CONFIRMED, Show.WAITING, Show.CANCELLED, Show.MEMBER, Show.GENERAL)
HIGHEST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with the number of people that it shows."""

    label: str
    count: int | None
    url: str
    active: bool


@bp.before_request
def _frame() -> None:
    """Every staff page of this feature stands under 参加者 in the event's frame."""
    g.nav_endpoint = "registration.staff_list"


@bp.get("/staff/events/<int:event_id>/registrations")
@require(Permission.VIEW)
def staff_list(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = event_queries.event(session, event_id)
    wanted = _wanted()
    page = min(max(request.args.get("page", 1, type=int), 1), HIGHEST_PAGE)
    number = roster.count(session, event_id, wanted)
    owed, paid = roster.totals(session, event_id)
    return render_template(
        "registration/staff_list.html",
        event=event,
        people=roster.people(session, event_id, wanted, page=page),
        rooms=event_queries.rooms(event, event_providers.place_counts(session, [event_id])),
        show_chips=_show_chips(session, event_id, wanted),
        part_chips=_part_chips(session, event, wanted),
        wanted=wanted,
        number=number,
        page=page,
        pages=-(-number // roster.PAGE),
        owed=owed,
        paid=paid,
        rising=len(_rising(session, event)),
        labels=labels,
        ticket_number=tickets.number,
        row_of=kana.row_of,
        parts={part.id: part for part in event.parts},
    )


@bp.post("/staff/events/<int:event_id>/registrations/promote")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_promote(event_id: int) -> ResponseReturnValue:
    with transaction() as session:
        gained = promotion.promote(session, event_id=event_id, now=clock.now())
    flash(_("%(count)s件の申込を繰り上げ、メールを用意しました。", count=len(gained)), "ok")
    return redirect(url_for(".staff_list", event_id=event_id))


def _rising(session: Session, event: Event) -> tuple[rules.Promotion, ...]:
    """Who would move up now: seats that staff added, or kept back and have released."""
    states = queries.pool_states(session, event.id, [pool for part in event.parts for pool in part.pools])
    if not any(state.owes_seats for state in states):
        return ()
    queue = queries.waiting(session, event.id, now=clock.now())
    return rules.promotions(states, [queries.as_queued(place) for place in queue])


def _wanted() -> Filter:
    show = request.args.get("show", "")
    return Filter(
        show=Show(show) if show in set(Show) and _may_see(Show(show)) else Show.ACTIVE,
        part_id=request.args.get("part", type=int),
        search=request.args.get("q", "").strip()[:60],
    )


def _may_see(show: Show) -> bool:
    return show is not Show.NEEDS or user_may(Permission.SEE_SENSITIVE)


def _show_chips(session: Session, event_id: int, wanted: Filter) -> list[Chip]:
    counts = roster.chip_counts(session, event_id)
    return [
        Chip(str(word), counts[show], _url(event_id, wanted, show=show), show is wanted.show)
        for show, word in SHOW_WORDS.items()
        if _may_see(show) and (counts[show] or show in ALWAYS_SHOWN)
    ]


def _part_chips(session: Session, event: Event, wanted: Filter) -> list[Chip]:
    counts = roster.part_counts(session, event.id)
    parts = [
        Chip(part.title, counts.get(part.id, 0), _url(event.id, wanted, part=part.id), part.id == wanted.part_id)
        for part in event.parts
    ]
    everything = Chip(_("すべての部"), None, _url(event.id, wanted, part=None), wanted.part_id is None)
    return [everything, *parts] if len(parts) > 1 else []


def _url(event_id: int, wanted: Filter, **changed: object) -> str:
    values = {"show": str(wanted.show), "part": wanted.part_id, "q": wanted.search or None} | changed
    return url_for(".staff_list", event_id=event_id, **values)  # type: ignore[arg-type]
