"""Staff's list of an event's participants, and moving up those who wait when seats are free."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from eventops import clock
from eventops.accounts import service as accounts
from eventops.accounts.permissions import Permission, require
from eventops.database import read_session, transaction
from eventops.directory import kana
from eventops.events import providers as event_providers
from eventops.events import queries as event_queries
from eventops.events.models import Event
from eventops.events.queries import PartRoom
from eventops.registration import labels, providers, queries, rules, tickets
from eventops.registration.answers import queries as answer_queries
from eventops.registration.blueprint import bp
from eventops.registration.listing import roster, roster_asking, roster_columns
from eventops.registration.listing.roster import Sort
from eventops.registration.listing.roster_columns import Facts
from eventops.registration.seats import promotion
from eventops.spreadsheets.exporting import Format


@bp.before_request
def _frame() -> None:
    """Every staff page of this feature stands under 参加者 in the event's frame."""
    g.nav_endpoint = "registration.staff_list"


@bp.get("/staff/events/<int:event_id>/registrations")
@require(Permission.VIEW)
def staff_list(event_id: int) -> ResponseReturnValue:
    session = read_session()
    columns = roster_asking.columns(session, event_id)
    _remember(roster_asking.to_keep(columns))
    event = event_queries.event(session, event_id)
    wanted = roster_asking.wanted()
    overview = roster.overview(session, event)
    number = None if wanted.is_narrowed_further else overview.counts[wanted.show]
    found = roster.found(session, event, wanted, page=roster_asking.page(), number=number)
    arrived = providers.arrival_times(session, event, [person.id for person in found.people])
    rooms = event_queries.rooms(event, event_providers.place_counts(session, [event_id]))
    return render_template(
        "registration/staff_list.html",
        event=event,
        people=found.people,
        facts=Facts(event.parts, arrived, answer_queries.of_people(session, columns.question_ids, found.people)),
        columns=columns.shown,
        offered=columns.offered,
        rooms=rooms,
        show_chips=roster_asking.show_chips(event, wanted, overview.counts),
        selects=roster_asking.selects(event, wanted, overview.tags),
        hidden=roster_asking.hidden(),
        address=roster_asking.address,
        wanted=wanted,
        has_dividers=wanted.sort in (Sort.COMPANY, Sort.PERSON),
        number=found.number,
        page=found.page,
        pages=found.pages,
        owed=overview.owed,
        paid=overview.paid,
        rising=len(_rising(session, event)) if any(map(_has_both, rooms)) else 0,
        labels=labels,
        columns_of=roster_columns,
        formats=Format,
        ticket_number=tickets.number,
        row_of=kana.row_of,
    )


def _remember(keys: list[str] | None) -> None:
    """Keep the choice of columns, before anything of the page is read: writing forgets what was read."""
    if keys is not None:
        user_id = current_user.id
        with transaction() as session:
            accounts.remember(session, user_id=user_id, name=roster_asking.COLUMNS_KEPT, value=keys)


@bp.post("/staff/events/<int:event_id>/registrations/promote")
@require(Permission.MANAGE_REGISTRATIONS)
def staff_promote(event_id: int) -> ResponseReturnValue:
    with transaction() as session:
        gained = promotion.promote(session, event_id=event_id, now=clock.now())
    flash(_("%(count)s件の申込を繰り上げ、メールを用意しました。", count=len(gained)), "ok")
    return redirect(url_for(".staff_list", event_id=event_id))


def _has_both(room: PartRoom) -> bool:
    """Free seats and people who wait: only then is it worth asking who would move up."""
    return any(pool.left and pool.count.waiting for pool in room.pools)


def _rising(session: Session, event: Event) -> tuple[rules.Promotion, ...]:
    """Who would move up now: seats that staff added, or kept back and have released."""
    states = queries.pool_states(session, event.id, [pool for part in event.parts for pool in part.pools])
    if not any(state.owes_seats for state in states):
        return ()
    queue = queries.waiting(session, event.id, now=clock.now())
    return rules.promotions(states, [queries.as_queued(place) for place in queue])
