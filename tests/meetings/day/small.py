"""A round of two large companies with its timetable published, small enough to know every cell."""

import datetime as dt
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from eventops.clock import tokyo
from eventops.database import db, transaction
from eventops.meetings.day import answering
from eventops.meetings.models import Application, MatchingRound, MeetingTable, Slot
from tests.meetings.day.published import in_force, publish
from tests.meetings.tiny import Tiny, add_need, make_tiny


@dataclass(frozen=True, slots=True)
class Small:
    """Two large companies, three slots, two tables: N01 meets the first three SMEs at table 1, N02 two at table 2."""

    app: Flask
    tiny: Tiny
    slots: tuple[int, ...]
    tables: tuple[int, ...]
    applications: tuple[int, ...]
    other_need_id: int

    def now(self, clock: str) -> dt.datetime:
        with self.app.app_context():
            return tokyo(
                db.session.get_one(MatchingRound, self.tiny.round_id).event.held_on, dt.time.fromisoformat(clock)
            )

    def spots(self) -> dict[int, tuple[int, int]]:
        """Application → place of slot and table, counted from 0."""
        return {
            one: (self.slots.index(meeting.slot_id), self.tables.index(meeting.table_id))
            for one, meeting in in_force(self.app).items()
        }


def make_small(app: Flask) -> Small:
    with app.app_context(), transaction() as session:
        tiny = make_tiny(session)
        other = add_need(session, tiny)
        session.flush()
        slots = tuple(session.scalars(select(Slot.id).order_by(Slot.starts_at)))
        tables = tuple(session.scalars(select(MeetingTable.id).order_by(MeetingTable.number)))
        applications = tuple(session.scalars(select(Application.id).order_by(Application.code)))
        other_id = other.id
    first, second, third = applications[:3]
    of_other = applications[5:]
    layout = {
        first: (slots[0], tables[0]),
        second: (slots[1], tables[0]),
        third: (slots[2], tables[0]),
        of_other[0]: (slots[1], tables[1]),
        of_other[1]: (slots[2], tables[1]),
    }
    publish(app, layout)
    answering.warm_up()
    return Small(app, tiny, slots, tables, applications, other_id)
