"""The demonstration event as a scheduling problem, built from the CSV files of the demonstration data."""

import csv
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduling.problem import PairKind, PairRule, Participant, Problem, Request, Room, Side, Slot, Table

DATA = Path(__file__).parents[2] / "eventops" / "demo" / "data"
DAY = dt.date(2027, 1, 15)
TOKYO = ZoneInfo("Asia/Tokyo")
ONLINE = "online"
FAR = frozenset({"O0031", "O0032", "O0033", "O0034", "O0035", "O0036", "O0037"})
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def at(clock: str) -> dt.datetime:
    return dt.datetime.combine(DAY, dt.time.fromisoformat(clock), TOKYO)


def slots() -> tuple[Slot, ...]:
    return tuple(Slot(r["slot_id"], at(r["starts"]), at(r["ends"]), r["block"]) for r in rows("slots"))


def tables() -> tuple[Table, ...]:
    return tuple(
        Table(
            id=f"{room['room_id']}-{number}",
            room=room["room_id"],
            position=number,
            features=frozenset({ONLINE} if number <= int(room["online_ready"]) else ()),
        )
        for room in rows("rooms")
        for number in range(1, int(room["tables"]) + 1)
    )


def requests() -> tuple[Request, ...]:
    host_of = {need["need_id"]: need["org_id"] for need in rows("needs")}
    return tuple(
        Request(row["application_id"], (host_of[row["need_id"]], row["sme_org_id"]))
        for row in rows("applications")
        if row["screening_result"] == "採択"
    )


def participants(wanted: Iterable[Request]) -> tuple[Participant, ...]:
    tables_of = {need["org_id"]: int(need["tables"]) for need in rows("needs")}
    wishes = defaultdict(list)
    for row in rows("availability"):
        wishes[row["org_id"]].append(row)
    names = dict.fromkeys(name for request in wanted for name in request.participants)
    return tuple(
        _with_wishes(
            Participant(
                name,
                Side.HOST if name in tables_of else Side.GUEST,
                organisation=name,
                capacity=tables_of.get(name, 1),
                is_from_far=name in FAR,
            ),
            wishes[name],
        )
        for name in names
    )


def _with_wishes(participant: Participant, wishes: list[Row]) -> Participant:
    for wish in wishes:
        change = _WISHES.get(wish["kind"])
        if change is not None:
            participant = change(participant, wish)
    return participant


def _blocked(participant: Participant, wish: Row) -> Participant:
    hit = _between(wish)
    if wish["hard"] == "1":
        return replace(participant, unavailable=participant.unavailable | hit)
    return replace(participant, disliked=participant.disliked | hit)


def _extra_table(participant: Participant, wish: Row) -> Participant:
    more = participant.capacity + int(wish["value"])
    return replace(participant, capacity_at={**participant.capacity_at, **dict.fromkeys(_between(wish), more)})


def _between(wish: Row) -> frozenset[str]:
    first, last = at(wish["time_from"]), at(wish["time_to"])
    return frozenset(slot.id for slot in slots() if slot.start < last and first < slot.end)


_WISHES = {
    "到着以降": lambda one, wish: replace(one, arrives=at(wish["time_from"])),
    "退出まで": lambda one, wish: replace(one, leaves=at(wish["time_to"])),
    "不可時間帯": _blocked,
    "追加卓": _extra_table,
    "並行面談可": lambda one, wish: replace(one, capacity=int(wish["value"])),
    "オンラインのみ": lambda one, wish: replace(one, features=frozenset({ONLINE})),
    "連続回避": lambda one, wish: replace(one, max_run=int(wish["value"]), max_run_is_hard=wish["hard"] == "1"),
}
_SCOPES = {
    "同一大手の前後枠": PairKind.NOT_BACK_TO_BACK,
    "同室": PairKind.NOT_SAME_ROOM,
    "隣接卓": PairKind.NOT_ADJACENT_TABLES,
}


def pair_rules() -> tuple[PairRule, ...]:
    host_of = {need["need_id"]: need["org_id"] for need in rows("needs")}
    return tuple(
        PairRule(
            id=f"R{number}",
            kind=_SCOPES[row["scope"]],
            first=row["org_id_a"],
            second=row["org_id_b"],
            host=host_of.get(row["need_id"], ""),
            is_hard=row["hard"] == "1",
        )
        for number, row in enumerate(rows("competitors"), start=1)
    )


def build() -> Problem:
    """150 requests, 9 slots, 24 tables in three rooms."""
    wanted = requests()
    return Problem(
        slots=slots(),
        tables=tables(),
        participants=participants(wanted),
        requests=wanted,
        rooms=tuple(Room(row["room_id"]) for row in rows("rooms")),
        pair_rules=pair_rules(),
    )


def with_slots(problem: Problem, number: int) -> Problem:
    """Only the first slots; what participants say about the others is dropped."""
    kept = {slot.id for slot in problem.slots[:number]}
    return replace(
        problem,
        slots=problem.slots[:number],
        participants=tuple(
            replace(
                one,
                disliked=one.disliked & kept,
                unavailable=one.unavailable & kept,
                capacity_at={slot: value for slot, value in one.capacity_at.items() if slot in kept},
            )
            for one in problem.participants
        ),
    )


def change(problem: Problem, names: Iterable[str], **fields: object) -> Problem:
    chosen = set(names)
    return replace(
        problem,
        participants=tuple(replace(one, **fields) if one.id in chosen else one for one in problem.participants),
    )


def without(problem: Problem, name: str) -> Problem:
    """The participant does not come: its requests are gone."""
    gone = tuple(one for one in problem.requests if name not in one.participants)
    here = tuple(one for one in problem.participants if one.id != name)
    rules = tuple(rule for rule in problem.pair_rules if name not in (rule.first, rule.second, rule.host))
    return replace(problem, requests=gone, participants=here, pair_rules=rules)


def of_2009(tables_each: int) -> Problem:
    """Ten large firms with 15 wishes each, one small firm with eight."""
    host_of = {need["need_id"]: need["org_id"] for need in rows("needs")}
    wanted = tuple(
        Request(f"Q{number}", (host_of[row["need_id"]], row["sme_org_id"]))
        for number, row in enumerate(rows("scenario2009_requests"), start=1)
    )
    hosts = {request.participants[0] for request in wanted}
    names = Counter(name for request in wanted for name in request.participants)
    everybody = tuple(
        Participant(name, Side.HOST, capacity=tables_each) if name in hosts else Participant(name) for name in names
    )
    seats = tuple(Table(f"T{number}", "R", number) for number in range(1, len(hosts) * tables_each + 1))
    return Problem(slots(), seats, everybody, wanted)
