"""Every hard rule again, on plain data: what is wrong with a timetable. Knows nothing of any solver."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from scheduling.pairs import TABLE_KINDS, broken_pairs
from scheduling.problem import PairKind, Participant, Problem, Request, Slot
from scheduling.solution import Meeting, Violation
from scheduling.timetable import Ground, Sitting, Timetable

Rule = Callable[[Timetable], Iterable[Violation]]


def check(problem: Problem, meetings: Iterable[Meeting]) -> tuple[Violation, ...]:
    """Every violation of a hard rule; an empty answer means that the timetable may be published.

    Ids that the problem does not know are violations too (`unknown`), not errors. Each rule is one function of `RULES`;
    its docstring names the codes it gives and, in brackets, the subjects and the counts that come with them.
    """
    ground, meetings = Ground(problem), tuple(meetings)
    timetable = Timetable(ground, meetings)
    found = list(_unknown(ground, meetings))
    for rule in RULES:
        found.extend(rule(timetable))
    return tuple(found)


def _unknown(ground: Ground, meetings: Iterable[Meeting]) -> Iterator[Violation]:
    for meeting in meetings:
        if not ground.knows(meeting):
            yield Violation("unknown", (meeting.request_id,), meeting.slot_id, meeting.table_id)


def _at(code: str, sitting: Sitting, *subjects: str, **counts: int) -> Violation:
    meeting = sitting.meeting
    return Violation(code, (sitting.request.id, *subjects), meeting.slot_id, meeting.table_id, tuple(counts.items()))


def each_request_once(timetable: Timetable) -> Iterator[Violation]:
    """`request_twice` (request; `meetings`): a request has more than one meeting."""
    times = Counter(sitting.request.id for sitting in timetable.sittings)
    for request_id, number in times.items():
        if number > 1:
            yield Violation("request_twice", (request_id,), counts=(("meetings", number),))


def meetings_fit_in_a_row(timetable: Timetable) -> Iterator[Violation]:
    """`does_not_fit` (request; `length` in slots): the meeting runs over a break or past the last slot."""
    for sitting in timetable.sittings:
        if len(sitting.covers) < sitting.request.length:
            yield _at("does_not_fit", sitting, length=sitting.request.length)


def request_wants_the_slot(timetable: Timetable) -> Iterator[Violation]:
    """`slot_not_wanted` (request): some slot of the meeting is not among the request's slots or blocks."""
    slots = timetable.ground.timeline.slots
    for sitting in timetable.sittings:
        if not all(_wants(sitting.request, slots[place]) for place in sitting.covers):
            yield _at("slot_not_wanted", sitting)


def _wants(request: Request, slot: Slot) -> bool:
    by_slot = request.slots is None or slot.id in request.slots
    return by_slot and (request.blocks is None or slot.block in request.blocks)


def participants_are_there(timetable: Timetable) -> Iterator[Violation]:
    """`participant_unavailable` (request, participant): not arrived, gone, unavailable or without capacity."""
    slots = timetable.ground.timeline.slots
    for sitting in timetable.sittings:
        for one in sitting.request.participants:
            participant = timetable.ground.participants[one]
            if not all(_is_there(participant, slots[place]) for place in sitting.covers):
                yield _at("participant_unavailable", sitting, one)


def _is_there(participant: Participant, slot: Slot) -> bool:
    arrived = participant.arrives is None or participant.arrives <= slot.start
    stays = participant.leaves is None or slot.end <= participant.leaves
    return arrived and stays and slot.id not in participant.unavailable and _room_for(participant, slot) > 0


def _room_for(participant: Participant, slot: Slot) -> int:
    return participant.capacity_at.get(slot.id, participant.capacity)


def participants_within_capacity(timetable: Timetable) -> Iterator[Violation]:
    """`participant_full` and `no_transition` (participant; `meetings`, `capacity`), once for each slot concerned.

    Too many meetings at once; or not too many, but with those that ended in the last `transition` slots of the same
    row the participant has no team left for all of them.
    """
    slots = timetable.ground.timeline.slots
    for one in timetable.of:
        participant = timetable.ground.participants[one]
        sittings = timetable.of[one]
        for place, number in Counter(place for sitting in sittings for place in sitting.covers).items():
            limit = max(1, _room_for(participant, slots[place]))
            counts = (("meetings", number), ("capacity", limit))
            if number > limit:
                yield Violation("participant_full", (one,), slots[place].id, counts=counts)
            elif participant.transition and number + _on_the_way(timetable, one, place) > limit:
                yield Violation("no_transition", (one,), slots[place].id, counts=counts)


def _on_the_way(timetable: Timetable, one: str, place: int) -> int:
    """Meetings of the participant that ended so shortly before that their team still walks."""
    row, transition = timetable.ground.timeline.row, timetable.ground.participants[one].transition
    return sum(
        sitting.last < place <= sitting.last + transition and row[sitting.last] == row[place]
        for sitting in timetable.of[one]
    )


def people_in_one_place(timetable: Timetable) -> Iterator[Violation]:
    """`person_twice` (person, requests) and `person_unavailable` (request, person), once for each slot concerned."""
    at: dict[tuple[str, int], list[Sitting]] = defaultdict(list)
    slots = timetable.ground.timeline.slots
    for sitting in timetable.sittings:
        for person in timetable.ground.people_of(sitting.request):
            for place in sitting.covers:
                at[person, place].append(sitting)
    for (person, place), sittings in at.items():
        known = timetable.ground.people.get(person)
        if known is not None and slots[place].id in known.unavailable:
            yield _at("person_unavailable", sittings[0], person)
        if len(sittings) > 1:
            yield Violation("person_twice", (person, *(one.request.id for one in sittings)), slots[place].id)


def not_more_than_the_maximum(timetable: Timetable) -> Iterator[Violation]:
    """`too_many_meetings` (participant; `meetings`, `maximum`)."""
    for one, sittings in timetable.of.items():
        maximum = timetable.ground.participants[one].max_meetings
        if maximum is not None and len(sittings) > maximum:
            counts = (("meetings", len(sittings)), ("maximum", maximum))
            yield Violation("too_many_meetings", (one,), counts=counts)


def rests_are_kept(timetable: Timetable) -> Iterator[Violation]:
    """`no_rest` (participant; `maximum` in slots), once for each slot too many; soft rests are a goal instead."""
    ground = timetable.ground
    for one in timetable.of:
        participant = ground.participants[one]
        if participant.max_run and participant.max_run_is_hard:
            for place in missed_rests(timetable, one):
                counts = (("maximum", participant.max_run),)
                yield Violation("no_rest", (one,), ground.timeline.slots[place].id, counts=counts)


def missed_rests(timetable: Timetable, one: str) -> Iterator[int]:
    """The positions in which the participant meets again although a rest was due."""
    longest, row = timetable.ground.participants[one].max_run, timetable.ground.timeline.row
    busy = timetable.busy(one)
    for first, last in zip(busy, busy[longest:], strict=False):
        if last - first == longest and row[first] == row[last]:
            yield last


def waiting_is_shared(timetable: Timetable) -> Iterator[Violation]:
    """`unequal_waiting` (the guests who wait most and least; `most`, `least`, `limit`, all in idle periods).

    The fairness rule of the B2B scheduling problem (Bofill et al., JAIR 74, 2022).
    """
    limit = timetable.ground.problem.max_idle_difference
    if limit is None:
        return
    waits = sorted((len(timetable.idle_gaps(one)), one) for one in timetable.watched & timetable.ground.guests)
    if waits and waits[-1][0] - waits[0][0] > limit:
        counts = (("most", waits[-1][0]), ("least", waits[0][0]), ("limit", limit))
        yield Violation("unequal_waiting", (waits[-1][1], waits[0][1]), counts=counts)


def tables_hold_one_meeting(timetable: Timetable) -> Iterator[Violation]:
    """`table_twice` (requests), once for each table and slot with more than one meeting."""
    at: dict[tuple[str, int], list[str]] = defaultdict(list)
    for sitting in timetable.sittings:
        for place in sitting.covers:
            at[sitting.meeting.table_id, place].append(sitting.request.id)
    for (table, place), requests in at.items():
        if len(requests) > 1:
            slot = timetable.ground.timeline.slots[place].id
            yield Violation("table_twice", tuple(requests), slot, table)


def tables_are_open(timetable: Timetable) -> Iterator[Violation]:
    """`table_closed` (request): the table is not open in every slot of the meeting."""
    ground = timetable.ground
    for sitting in timetable.sittings:
        open_slots = ground.tables[sitting.meeting.table_id].open_slots
        needed = {ground.timeline.slots[place].id for place in sitting.covers}
        if open_slots is not None and not needed <= open_slots:
            yield _at("table_closed", sitting)


def tables_have_what_is_needed(timetable: Timetable) -> Iterator[Violation]:
    """`table_lacks_feature` (request, missing features): what the request or one of its participants needs."""
    ground = timetable.ground
    for sitting in timetable.sittings:
        needed = sitting.request.features.union(
            *(ground.participants[one].features for one in sitting.request.participants)
        )
        missing = needed - ground.tables[sitting.meeting.table_id].features
        if missing:
            yield _at("table_lacks_feature", sitting, *sorted(missing))


def home_tables_are_kept(timetable: Timetable) -> Iterator[Violation]:
    """`not_home_table` (request, participant): the participant meets only at its home tables."""
    for sitting in timetable.sittings:
        for one in sitting.request.participants:
            home = timetable.ground.participants[one].home_tables
            if home and sitting.meeting.table_id not in home:
                yield _at("not_home_table", sitting, one)


def locks_are_kept(timetable: Timetable) -> Iterator[Violation]:
    """`lock_broken` (request): not at the slot or table to which it is pinned."""
    for sitting in timetable.sittings:
        meeting, request = sitting.meeting, sitting.request
        slot_kept = request.lock_slot in (None, meeting.slot_id)
        if not slot_kept or request.lock_table not in (None, meeting.table_id):
            yield _at("lock_broken", sitting)


def frozen_meetings_stay(timetable: Timetable) -> Iterator[Violation]:
    """`frozen_moved` (request): not where the previous timetable has it."""
    frozen, previous = timetable.ground.problem.frozen, timetable.ground.previous
    for sitting in timetable.sittings:
        request_id = sitting.request.id
        if request_id in frozen and sitting.meeting != previous[request_id]:
            yield _at("frozen_moved", sitting)


_PAIR_CODE = {
    PairKind.NOT_TOGETHER: "pair_together",
    PairKind.NOT_BACK_TO_BACK: "pair_back_to_back",
    PairKind.NOT_ADJACENT_TABLES: "pair_adjacent",
    PairKind.NOT_SAME_ROOM: "pair_same_room",
    PairKind.BEFORE: "pair_order",
}


def pair_rules_about_time(timetable: Timetable) -> Iterator[Violation]:
    """`pair_together`, `pair_back_to_back`, `pair_order` (both subjects of the rule, both requests)."""
    return _pair_rules(timetable, frozenset(PairKind) - TABLE_KINDS)


def pair_rules_about_tables(timetable: Timetable) -> Iterator[Violation]:
    """`pair_adjacent`, `pair_same_room` (both subjects of the rule, both requests)."""
    return _pair_rules(timetable, TABLE_KINDS)


def _pair_rules(timetable: Timetable, kinds: frozenset[PairKind]) -> Iterator[Violation]:
    for rule in timetable.ground.problem.pair_rules:
        if rule.is_hard and rule.kind in kinds:
            for first, second in broken_pairs(timetable, rule):
                subjects = (rule.first, rule.second, first.request.id, second.request.id)
                meeting = second.meeting
                yield Violation(_PAIR_CODE[rule.kind], subjects, meeting.slot_id, meeting.table_id)


ALONE_TIME_RULES: tuple[Rule, ...] = (  # these look at one meeting at a time
    meetings_fit_in_a_row,
    request_wants_the_slot,
    participants_are_there,
)
TOGETHER_TIME_RULES: tuple[Rule, ...] = (
    each_request_once,
    participants_within_capacity,
    people_in_one_place,
    not_more_than_the_maximum,
    rests_are_kept,
    waiting_is_shared,
    pair_rules_about_time,
)
ALONE_TABLE_RULES: tuple[Rule, ...] = (
    tables_are_open,
    tables_have_what_is_needed,
    home_tables_are_kept,
    locks_are_kept,
    frozen_meetings_stay,
)
SEAT_CODES = frozenset({"table_twice", "pair_adjacent", "pair_same_room"})
"""What a timetable whose tables are only guessed may still break."""

RULES = (
    *ALONE_TIME_RULES,
    *TOGETHER_TIME_RULES,
    tables_hold_one_meeting,
    *ALONE_TABLE_RULES,
    pair_rules_about_tables,
)
