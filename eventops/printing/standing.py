"""Who has a badge, and whether it still says what a new one would say."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from eventops.events.models import Event
from eventops.printing import guests
from eventops.printing.badges import printed_words
from eventops.printing.layouts import Layout, from_json
from eventops.printing.models import BadgePrint, BadgeRun
from eventops.registration.models import Attendee


class State(StrEnum):
    """Whether somebody needs a badge: never printed, printed and wrong since, or printed as it still reads."""

    NEW = "new"
    CHANGED = "changed"
    PRINTED = "printed"


@dataclass(frozen=True, slots=True)
class Printed:
    """The newest print of a badge, and the layout that it was printed in."""

    face: str
    layout: Layout
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`hints` is what badges say of an organisation's meetings, `printed` is by attendee."""

    event: str
    hints: Mapping[int, str]
    printed: Mapping[int, Printed]

    def state_of(self, attendee: Attendee) -> State:
        found = self.printed.get(attendee.id)
        if found is None:
            return State.NEW
        return State.PRINTED if found.face == self.face_of(attendee, found.layout) else State.CHANGED

    def needs_one(self, attendee: Attendee) -> bool:
        return self.state_of(attendee) != State.PRINTED

    def face_of(self, attendee: Attendee, layout: Layout) -> str:
        """Digests what stands on the badge in this layout, its code included: what is left out makes nothing wrong."""
        [badge] = guests.badges([attendee], self.hints, with_codes=False)
        code = str(attendee.ticket_issue) if layout.qr else ""
        said = json.dumps([*printed_words(badge, layout, self.event), code])
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def of_event(session: Session, event: Event, hints: Mapping[int, str]) -> Standing:
    """As things are now; runs that were taken back do not count. `hints` are read before anything is locked."""
    rows = session.scalars(
        select(BadgePrint)
        .join(BadgePrint.run)
        .where(BadgeRun.event_id == event.id, BadgeRun.undone_at.is_(None))
        .options(joinedload(BadgePrint.run).joinedload(BadgeRun.made_by))
        .order_by(BadgeRun.id)
    ).all()
    layouts = {run.id: from_json(run.settings) for run in {one.run for one in rows}}
    return Standing(
        event=event.title,
        hints=hints,
        printed={one.attendee_id: _printed(one, layouts[one.run_id]) for one in rows},
    )


def _printed(one: BadgePrint, layout: Layout) -> Printed:
    by = one.run.made_by.name if one.run.made_by else ""
    return Printed(one.face, layout, one.run.made_at, by)
