"""A registration on the desk: locked, fresh, with whoever is at work on it. All changes begin here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.errors import NotFound
from eventops.events.models import Event, Pool
from eventops.registration import history, queries, rules
from eventops.registration.models import Attendee, Registration, RegistrationState
from eventops.registration.refusals import CancelledAlready
from eventops.registration.seats import moves, promotion, seating
from eventops.registration.seats.moves import Move, Why


@dataclass(slots=True)
class Desk:
    """A registration on the desk: the event and its pools are locked, everything is as the database has it."""

    session: Session
    event: Event
    pools: Sequence[Pool]
    registration: Registration
    now: dt.datetime
    actor_id: int | None

    @property
    def deadlines(self) -> rules.Deadlines:
        return queries.deadlines(self.event)

    def attendee(self, attendee_id: int) -> Attendee:
        for person in self.registration.attendees:
            if person.id == attendee_id:
                if person.state == RegistrationState.CANCELLED:
                    raise CancelledAlready
                return person
        raise NotFound

    def note(self, action: str, *, before: Mapping[str, object], after: Mapping[str, object]) -> None:
        self.registration.revision += 1
        self.registration.changed_at = self.now
        history.note(
            self.session,
            self.registration,
            action,
            actor_id=self.actor_id,
            now=self.now,
            before=before,
            after=after,
        )

    def note_moves(self, action: str, before: Mapping[str, str]) -> list[Move]:
        """As `note`, for what happened to places; `before` is the snapshot of that time."""
        after = moves.snapshot(self.registration)
        self.note(action, before=before, after=after)
        return moves.between(before, after)

    def settle(self, *, why: Why = Why.CANCELLATION) -> bool:
        """Seats given back go to those who wait, and what is owed follows; True when this registration gained too."""
        seating.charge(self.registration, self.event)
        gained = promotion.move_up(self.session, self.event, self.pools, now=self.now, why=why)
        return self.registration in gained


def open_desk(session: Session, registration_id: int, *, now: dt.datetime, actor_id: int | None = None) -> Desk:
    """Lock and read; `actor_id` None is the guest, who is bound by the deadlines."""
    event = queries.event_for_update(session, queries.event_id_of(session, registration_id))
    pools = queries.pools_of(event)
    registration = queries.registration(session, registration_id)
    return Desk(session, event, pools, registration, now, actor_id)
