"""Stations that lose the network, the answer or the server: afterwards nothing is lost, doubled or hidden."""

import datetime as dt
import itertools

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from eventops.checkin import conflicts, queries
from eventops.checkin.models import Scan
from eventops.checkin.rules import LETS_IN, PASSED, Direction, Verdict
from eventops.database import db, transaction
from eventops.registration.models import Attendee
from tests.checkin.arrange import cancel, code_of, make_attendee, make_door, on_the_day
from tests.checkin.devices import Device

STATIONS, TICKETS, EXAMPLES, STEPS = 3, 2, 8, 30
AHEAD = [dt.timedelta(), dt.timedelta(hours=9, seconds=3), dt.timedelta(minutes=-47)]
FATES = st.sampled_from(["ok", "ok", "request lost", "answer lost", "crash"])
_events = itertools.count(1)
any_station, any_ticket = st.integers(0, STATIONS - 1), st.integers(0, TICKETS - 1)


class Door(RuleBasedStateMachine):
    """Three stations with wrong clocks before one door, three guests with tickets, and an unreliable network."""

    @initialize()
    def arrange(self):
        self.now = on_the_day(12, 0)
        with transaction() as session:
            event = make_door(session, slug=f"door-{next(_events)}")
            self.event_id, self.parts = event.id, [part.id for part in event.parts]
            guests = [make_attendee(session, event) for _ in range(TICKETS)]
            self.guests, self.codes = [guest.id for guest in guests], [[code_of(guest)] for guest in guests]
        self.stations = [
            Device(self.event_id, f"受付{number}", ahead=AHEAD[number], now=self.now) for number in range(STATIONS)
        ]
        self.looks, self.undone = {}, set()

    def tick(self):
        self.now += dt.timedelta(seconds=7)
        return self.now

    @rule(station=any_station, ticket=any_ticket, part=st.integers(0, 1), old=st.booleans(), fate=FATES)
    def show(self, station, ticket, part, old, fate):
        """A guest shows a ticket, perhaps the one from before it was issued anew."""
        code = self.codes[ticket][0 if old else -1]
        self.look(station, ticket, self.parts[part], fate, code=code)

    @rule(ticket=any_ticket, order=st.permutations(range(STATIONS)))
    def rush_without_a_network(self, ticket, order):
        """Somebody's ticket is shown at one gate after the other, and none can ask."""
        for station in order[:2]:
            self.stations[station].is_online = False
            self.look(station, ticket, self.parts[0], "ok", code=self.codes[ticket][-1])

    @rule(station=any_station, ticket=any_ticket, part=st.integers(0, 1), fate=FATES)
    def search(self, station, ticket, part, fate):
        self.look(station, ticket, self.parts[part], fate, attendee=self.guests[ticket])

    @rule(station=any_station, ticket=any_ticket, part=st.integers(0, 1), old=st.booleans(), fate=FATES)
    def leave(self, station, ticket, part, old, fate):
        """A guest goes out, perhaps one whom this gate has not seen coming."""
        code = self.codes[ticket][0 if old else -1]
        self.look(station, ticket, self.parts[part], fate, way="out", code=code)

    @rule(station=any_station, ticket=any_ticket, fate=FATES)
    def forge(self, station, ticket, fate):
        code = self.codes[ticket][-1]
        self.look(station, None, self.parts[0], fate, code=code[:-1] + ("A" if code[-1] != "A" else "B"))

    def look(self, station, ticket, part, fate, way="in", **values):
        nonce, shown = self.stations[station].scan(self.tick(), part=part, way=way, fate=fate, **values)
        self.looks[nonce] = (station, ticket, part, Direction(way), shown, self.now)

    @rule(station=any_station)
    def take_back(self, station):
        """The desk undoes the last admission or exit that it saw."""
        own = [
            nonce
            for nonce, (where, _ticket, _part, _way, shown, _at) in self.looks.items()
            if where == station and shown in PASSED and nonce not in self.undone
        ]
        if own:
            self.stations[station].take_back(own[-1], self.tick())
            self.undone.add(own[-1])

    @rule(station=any_station)
    def lose_the_network(self, station):
        self.stations[station].is_online = False

    @rule(station=any_station, fate=FATES, most=st.integers(1, 5))
    def come_back(self, station, fate, most):
        self.stations[station].is_online = True
        self.stations[station].flush(self.tick(), fate, most)

    @rule(station=any_station)
    def fetch_a_new_book(self, station):
        if self.stations[station].is_online:
            self.stations[station].fetch_book(self.tick())

    @rule(ticket=any_ticket, gone=st.booleans())
    def change(self, ticket, gone):
        """The secretariat cancels somebody or issues the ticket anew."""
        with transaction() as session:
            guest = session.get_one(Attendee, self.guests[ticket])
            if gone:
                cancel(guest)
            else:
                guest.ticket_issue += 1
                self.codes[ticket].append(code_of(guest))

    @invariant()
    def nobody_is_in_twice(self):
        if hasattr(self, "event_id"):
            with transaction() as session:
                admissions = session.execute(
                    select(Scan.attendee_id, Scan.part_id, func.count())
                    .where(Scan.event_id == self.event_id, queries.is_admission())
                    .group_by(Scan.attendee_id, Scan.part_id)
                    .having(func.count() > 1)
                ).all()
            assert admissions == []

    def teardown(self):
        if not hasattr(self, "event_id"):
            return
        for device in reversed(self.stations):
            device.flush(self.tick(), "answer lost")
            device.flush(self.tick())
            assert device.queue == []
        with transaction() as session:
            rows = {row.nonce: row for row in session.scalars(select(Scan).where(Scan.event_id == self.event_id))}
            event = queries.event(session, self.event_id)
            listed = {conflict.scan.nonce for conflict in conflicts.listed(session, event, now=self.now)}
            self.check(rows, listed)

    def check(self, rows, listed):
        assert rows.keys() == self.looks.keys()
        claims = {}
        for nonce, (_station, ticket, part, way, shown, at) in self.looks.items():
            row = rows[nonce]
            assert (row.shown, row.direction, row.part_id) == (shown, way, part)
            assert row.is_undone == (nonce in self.undone)
            assert abs(row.scanned_at - at) <= dt.timedelta(milliseconds=1)
            if shown not in LETS_IN:
                assert row.verdict not in LETS_IN
            elif nonce not in self.undone:
                assert (row.verdict in LETS_IN) != (nonce in listed)
            if ticket is None:
                assert row.verdict == Verdict.UNKNOWN_CODE
            elif nonce not in self.undone and (way is Direction.OUT or shown in LETS_IN):
                claims.setdefault((ticket, part), []).append((at, nonce, way))
        assert listed <= self.looks.keys() - self.undone
        for found in claims.values():
            self.check_in_order(sorted(found), rows)

    def check_in_order(self, claims, rows):
        """One desk that had seen all of it would have said the same; who is no guest of the event is passed over."""
        is_inside, has_left = False, False
        for _at, nonce, way in claims:
            verdict = rows[nonce].verdict
            if way is Direction.OUT:
                assert verdict == (Verdict.LEFT if is_inside else Verdict.NOT_INSIDE)
                has_left |= is_inside
                is_inside = False
            elif verdict in LETS_IN or verdict == Verdict.ALREADY_IN:
                assert (verdict == Verdict.ALREADY_IN) == is_inside
                assert (verdict == Verdict.BACK_IN) == (has_left and not is_inside)
                is_inside = True


@pytest.mark.both_databases
def test_after_healing_every_admission_is_that_of_a_sequential_run_or_listed(app):
    with app.app_context():
        run_state_machine_as_test(
            Door,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                phases=[Phase.generate],  # shrinking over a database takes longer than reading thirty steps
                suppress_health_check=list(HealthCheck),
            ),
        )
        db.session.remove()
