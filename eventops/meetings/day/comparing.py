"""A proposal beside today's timetable: what changes for whom, the cells before and after, what becomes free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.directory.models import Organisation
from eventops.meetings import queries as round_queries
from eventops.meetings.day import proposals
from eventops.meetings.day.happenings import Frame, Happening, What
from eventops.meetings.day.models import DayProposal
from eventops.meetings.models import Application, ApplicationState, MeetingTable, Need, Slot
from eventops.meetings.timetable.drafts import Spot
from eventops.meetings.wishes import requests


class Change(StrEnum):
    """取りやめ, 移動, 卓だけ, 追加."""

    DROPPED = "dropped"
    MOVED = "moved"
    RESEATED = "reseated"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Pair:
    """Who meets whom; also for a request that is not there yet."""

    need_code: str
    host: Organisation
    guest: Organisation


@dataclass(frozen=True, slots=True)
class Place:
    slot: Slot
    table: MeetingTable


@dataclass(frozen=True, slots=True)
class Step:
    """One meeting that changes. `reason` says why it has no place any more."""

    change: Change
    pair: Pair
    before: Place | None
    after: Place | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What lies at one table at one time before and after."""

    before: Pair | None
    after: Pair | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Row:
    slot: Slot
    has_begun: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FreeSeat:
    """A seat that is left empty, who has time then, and requests that fit there, or would if one company had time."""

    place: Place
    idle: tuple[Organisation, ...]
    ready: tuple[Pair, ...]
    waiting: tuple[tuple[Pair, tuple[Organisation, ...]], ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody for a free talk; `slot` is None when they have no time left."""

    guest: Organisation
    lost: Pair
    slot: Slot | None
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything the page of a proposal shows."""

    steps: tuple[Step, ...]
    tables: tuple[MeetingTable, ...]
    rows: tuple[Row, ...]
    changed: tuple[Organisation, ...]
    without_address: tuple[Organisation, ...]
    free_seats: tuple[FreeSeat, ...]
    talks: tuple[Talk, ...]

    def number(self, change: str) -> int:
        return sum(one.change == change for one in self.steps)


def compare(session: Session, found: DayProposal, frame: Frame, language: str, *, every_table: bool) -> Comparison:
    view = _View(session, found, frame)
    steps = view.steps(language)
    touched = {place.table.id for one in steps for place in (one.before, one.after) if place is not None}
    tables = [one for one in view.tables.values() if every_table or one.id in touched]
    ordered = tuple(sorted(tables, key=lambda one: one.number))
    return Comparison(
        steps=steps,
        tables=ordered,
        rows=view.rows(ordered),
        changed=view.companies(found.found["changed"]),
        without_address=view.companies(found.found["without_address"]),
        free_seats=view.free_seats(),
        talks=view.talks(),
    )


class _View:
    """The rows behind the ids that the proposal holds."""

    def __init__(self, session: Session, found: DayProposal, frame: Frame) -> None:
        self.found, self.frame = found.found, frame
        self.before = proposals.layout_from(found.before)
        self.after = proposals.layout_from(found.after)
        self.slots = {one.id: one for one in frame.round.slots}
        self.tables = {one.id: one for room in frame.round.rooms for one in room.tables}
        self.needs = {one.id: one for one in round_queries.needs(session, found.round_id)}
        self.organisations = _organisations(session, found, self.needs)
        self.pairs = {**self._stored(session), **self._to_come(proposals.happenings(found))}

    def _stored(self, session: Session) -> dict[int, Pair]:
        applications = requests.applications_of(session, Application.round_id == self.frame.round.id)
        return {one.id: Pair(one.need.code, one.need.organisation, one.organisation) for one in applications}

    def _to_come(self, happenings: Sequence[Happening]) -> dict[int, Pair]:
        """Requests that are added with the proposal, by the numbers that stand for them."""
        wanted = [
            (self.needs[one.need_id or 0], self.organisations[guest])
            for one in happenings
            if one.what is What.ADDED
            for guest in one.organisation_ids
        ]
        fresh = [pair for pair in wanted if not self._is_known(*pair)]
        return {-place: Pair(need.code, need.organisation, guest) for place, (need, guest) in enumerate(fresh, start=1)}

    @staticmethod
    def _is_known(need: Need, guest: Organisation) -> bool:
        return any(
            one.organisation_id == guest.id and one.state != ApplicationState.DUPLICATE for one in need.applications
        )

    def place(self, spot: Spot | None) -> Place | None:
        return Place(self.slots[spot.slot_id], self.tables[spot.table_id]) if spot is not None else None

    def steps(self, language: str) -> tuple[Step, ...]:
        ids = [one for one in {*self.before, *self.after} if _differs(self.before.get(one), self.after.get(one))]
        steps = [self._step(one, language) for one in ids if one in self.pairs]
        return tuple(sorted(steps, key=lambda one: _order(one)))

    def _step(self, application_id: int, language: str) -> Step:
        before, after = self.before.get(application_id), self.after.get(application_id)
        reason = self.found["reasons"].get(str(application_id), {}).get(language, "")
        pair = self.pairs[application_id]
        return Step(_change(before, after), pair, self.place(before), self.place(after), reason if not after else "")

    def rows(self, tables: Sequence[MeetingTable]) -> tuple[Row, ...]:
        old = {(spot.slot_id, spot.table_id): one for one, spot in self.before.items()}
        new = {(spot.slot_id, spot.table_id): one for one, spot in self.after.items()}

        def cell(slot: Slot, table: MeetingTable) -> Cell:
            key = slot.id, table.id
            return Cell(self.pairs.get(old.get(key, 0)), self.pairs.get(new.get(key, 0)))

        return tuple(
            Row(slot, slot.id in self.frame.begun, tuple(cell(slot, table) for table in tables))
            for slot in self.frame.slots
        )

    def companies(self, ids: Sequence[int]) -> tuple[Organisation, ...]:
        return tuple(self.organisations[one] for one in ids)

    def free_seats(self) -> tuple[FreeSeat, ...]:
        return tuple(self._free_seat(one) for one in self.found["freed"] if one["slot_id"] not in self.frame.begun)

    def _free_seat(self, stored: Mapping[str, Any]) -> FreeSeat:
        listed = [one for one in stored["candidates"] if one["application_id"] in self.pairs]
        return FreeSeat(
            Place(self.slots[stored["slot_id"]], self.tables[stored["table_id"]]),
            self.companies(stored["idle"]),
            tuple(self.pairs[one["application_id"]] for one in listed if one["now"]),
            tuple(
                (self.pairs[one["application_id"]], self.companies(one["needs"]))
                for one in listed
                if len(one["needs"]) == 1
            ),
        )

    def talks(self) -> tuple[Talk, ...]:
        return tuple(
            Talk(
                self.organisations[one["organisation_id"]],
                self.pairs[one["application_id"]],
                self.slots.get(one["slot_id"]),
                tuple(self.needs[need_id] for need_id in one["need_ids"]),
            )
            for one in self.found["talks"]
        )


def _organisations(session: Session, found: DayProposal, needs: Mapping[int, Need]) -> dict[int, Organisation]:
    told = found.found
    ids = {*told["changed"], *told["without_address"], *(one["organisation_id"] for one in told["talks"])}
    for seat in told["freed"]:
        ids.update(seat["idle"], *(one["needs"] for one in seat["candidates"]))
    for one in proposals.happenings(found):
        ids.update(one.organisation_ids)
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {one.organisation_id: one.organisation for one in needs.values()} | {one.id: one for one in rows}


def _differs(before: Spot | None, after: Spot | None) -> bool:
    return _cell(before) != _cell(after)


def _cell(spot: Spot | None) -> tuple[int, int] | None:
    return (spot.slot_id, spot.table_id) if spot is not None else None


def _change(before: Spot | None, after: Spot | None) -> Change:
    if after is None:
        return Change.DROPPED
    if before is None:
        return Change.ADDED
    return Change.RESEATED if before.slot_id == after.slot_id else Change.MOVED


def _order(step: Step) -> tuple[int, Any, int]:
    place = step.before or step.after
    return list(Change).index(step.change), place and place.slot.starts_at, place.table.number if place else 0
