"""How the door holds up under a rush: `python -m benchmarks.door` (`--postgres` for that database as well).

A real installation is started as `bin/run` starts it; 32 enrolled stations show the tickets of 2,000 people at once,
each look an HTTP request of its own that is answered with the verdict, timed from its sending to the whole answer.
Statements are counted inside the application; the snapshot is the one that a station fetches in one request,
compressed as it travels. Each row says whether its bar is met; so does the exit code. What the processes used of the
processors, and what the stations took of them, stands beside: on a machine with other work the clock alone says little.
"""

import gzip
import http.client
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, func, select

from benchmarks import figures, installation
from benchmarks.figures import Row
from benchmarks.registration import application
from benchmarks.rush import Reply, Rush, each_of, request, run
from benchmarks.venues import Venue, make_venue
from eventops import clock
from eventops.checkin import stations
from eventops.checkin.models import Scan
from eventops.checkin.queries import is_admission
from eventops.checkin.rules import Verdict
from eventops.config import load_secrets
from eventops.database import db, transaction
from eventops.directory import kana
from eventops.events.models import Event, Mode
from eventops.registration import tickets
from eventops.registration.models import Attendee, Place, PlaceState, Registration

CLIENTS, EACH, TICKETS = 32, 60, 2000
SYNC, SNAPSHOT = "/door/ja/sync", "/door/ja/snapshot"
WARMING = 40
P99_PLACE = 0.99
SCANS_A_SECOND = {"SQLite": 200.0, "PostgreSQL": 250.0}
P99_MS, CPU_MS, STATEMENTS = 250.0, 8.0, 6
SNAPSHOT_KB, SNAPSHOT_SECONDS = 300.0, 0.5
_FAMILIES = (("高橋", "タカハシ"), ("髙﨑", "タカサキ"), ("佐藤", "サトウ"), ("山﨑", "ヤマサキ"), ("𠮷田", "ヨシダ"))
_NUMERALS = "アイウエオカキクケコ"


@dataclass(frozen=True, slots=True)
class Door:
    """What the clients need: the part, the codes of the people, the keys of the stations."""

    event_id: int
    part_id: int
    codes: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look was answered, and how long it took."""

    verdict: str
    seconds: float


def prepare(home: Path, url: str) -> Door:
    """A migrated database with one event of 2,000 people in both parts, and a station for every client."""
    with application(home, url):
        upgrade()
        with transaction() as session:
            venue = make_venue(session, slug="door", seats=100_000, now=clock.now())
            found = session.scalars(select(Event)).one()
            people = [person(found.id, number, venue) for number in range(TICKETS)]
            session.add_all(people)
            session.flush()
            ids = [one.attendees[0].id for one in people]
            event_id = found.id
        key = load_secrets(home).ticket_key
        codes = tuple(tickets.issue(tickets.TicketRef(one, 1), key=key) for one in ids)
        return Door(event_id, venue.part_ids[0], codes, tuple(_key(event_id, number) for number in range(CLIENTS + 1)))


def person(event_id: int, number: int, venue: Venue) -> Registration:
    family, reading = _FAMILIES[number % len(_FAMILIES)]
    mark = "".join(_NUMERALS[int(digit)] for digit in f"{number:04d}")
    guest = Attendee(
        position=1,
        family_name=family,
        given_name=f"太郎{number:04d}",
        family_kana=reading,
        given_kana=f"タロウ{mark}",
        sort_key=kana.sort_key(f"{reading}タロウ{mark}"),
    )
    guest.places = [
        Place(
            part_id=part_id,
            mode=Mode.ONSITE,
            wanted_mode=Mode.ONSITE,
            state=PlaceState.CONFIRMED,
            queued_at=clock.now(),
        )
        for part_id in venue.part_ids
    ]
    return Registration(
        event_id=event_id,
        number=number + 1,
        organisation_name=f"株式会社計測{number // 3:04d}製作所",
        organisation_kana=f"ケイソク{mark}",
        organisation_sort_key=kana.sort_key(f"ケイソク{mark}"),
        price_category="member",
        applicant_name=family,
        applicant_kana=reading,
        email=f"guest{number}@bench.example.jp",
        submitted_at=clock.now(),
        attendees=[guest],
    )


def _key(event_id: int, number: int) -> str:
    now = clock.now()
    with transaction() as session:
        waiting = stations.invite(session, event_id=event_id, part_id=None, name=f"受付{number}", user_id=None, now=now)
        return stations.enrol(session, code=waiting.code or "", now=now).key


def headers(door: Door, number: int) -> dict[str, str]:
    return {
        "Authorization": f"Station {door.keys[number]}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
    }


def look(door: Door, station: int, sequence: int, code: str) -> dict[str, object]:
    """A live look as the station's page sends it."""
    now = round(clock.now().timestamp() * 1000)
    item = {
        "kind": "scan",
        "nonce": f"bench-{station:03d}-{sequence:07d}",
        "sequence": sequence,
        "part": door.part_id,
        "method": "camera",
        "code": code,
        "at": now,
        "ahead": 0,
    }
    return {"sent_at": now, "unsent": 1, "since": 0, "items": [item]}


def rush(port: int, door: Door, *, each: int) -> tuple[list[Answer], Rush]:
    """All stations at once; their tickets overlap by half, so that many are shown at two desks."""
    replies: list[Reply] = []
    codes = len(door.codes)
    shown = [[door.codes[(number * each // 2 + at) % codes] for at in range(each)] for number in range(CLIENTS)]
    took = run(port, [each_of(looks(door, number, own), replies) for number, own in enumerate(shown)])
    return [answer_of(reply) for reply in replies], took


def looks(door: Door, number: int, codes: Sequence[str], *, first: int = 0) -> Iterator[bytes]:
    """The requests by which a station shows these codes."""
    for sequence, code in enumerate(codes, first):
        body = json.dumps(look(door, number, sequence, code)).encode()
        yield request("POST", SYNC, headers(door, number), body)


def answer_of(reply: Reply) -> Answer:
    if reply.status != HTTPStatus.OK:
        return Answer(f"error {reply.status}", reply.seconds)
    return Answer(json.loads(reply.body)["results"][0]["answer"]["verdict"], reply.seconds)


def under_load(name: str, home: Path, url: str | None, door: Door, *, each: int) -> list[Row]:
    with installation.running(home, url) as running:
        warm_up(running.port, door)
        before = running.cpu_seconds()
        answers, took = rush(running.port, door, each=each)
        spent = running.cpu_seconds()["web"] - before["web"]
        snapshot = snapshot_rows(running.port, door)
    own = Row("processor time of the clients", f"{1000 * took.own_seconds / len(answers):.1f} ms each")
    return [*speed_rows(name, answers, took.seconds, 1000 * spent / len(answers)), own, *snapshot]


def speed_rows(name: str, answers: Sequence[Answer], seconds: float, cpu_ms: float) -> list[Row]:
    times = sorted(1000 * answer.seconds for answer in answers)
    rate, p99, bar = len(answers) / seconds, times[int(len(times) * P99_PLACE)], SCANS_A_SECOND[name]
    errors = sum(answer.verdict not in (Verdict.ADMIT, Verdict.ALREADY_IN) for answer in answers)
    return [
        Row("scans a second", f"{rate:.0f}", f">= {bar:.0f}", rate >= bar),
        Row("median", f"{statistics.median(times):.0f} ms"),
        Row("p99", f"{p99:.0f} ms", f"<= {P99_MS:.0f} ms", p99 <= P99_MS),
        Row("errors", f"{errors} of {len(answers)}", "0", errors == 0),
        Row("processor time of the web", f"{cpu_ms:.1f} ms each", f"<= {CPU_MS:.0f} ms", cpu_ms <= CPU_MS),
    ]


def warm_up(port: int, door: Door) -> None:
    run(port, [each_of(looks(door, CLIENTS, door.codes[-WARMING:]), [])])


def snapshot_rows(port: int, door: Door) -> list[Row]:
    """What a station fetches in one request, the second time: the first one warms the server up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", SNAPSHOT, headers=headers(door, CLIENTS))
    connection.getresponse().read()
    began = time.perf_counter()
    connection.request("GET", SNAPSHOT, headers=headers(door, CLIENTS))
    content = connection.getresponse().read()
    seconds, kilobytes = time.perf_counter() - began, len(content) / 1000
    people = len(json.loads(gzip.decompress(content))["people"])
    size_met, time_met = kilobytes <= SNAPSHOT_KB, seconds <= SNAPSHOT_SECONDS
    return [
        Row(f"snapshot of {people} people", f"{kilobytes:.0f} kB in one request", f"<= {SNAPSHOT_KB:.0f} kB", size_met),
        Row("snapshot takes", f"{seconds:.2f} s", f"<= {SNAPSHOT_SECONDS:.1f} s", time_met),
    ]


def rows_row(home: Path, url: str, answers: int) -> Row:
    """What the rush left: a row for each look, nobody admitted twice."""
    with application(home, url):
        scans = db.session.scalar(select(func.count()).select_from(Scan)) or 0
        admissions = db.session.scalar(select(func.count()).select_from(Scan).where(is_admission()))
        people = db.session.scalar(select(func.count(func.distinct(Scan.attendee_id))).where(is_admission()))
    is_met = scans == answers and admissions == people
    return Row("kept", f"{scans} looks, {admissions} admissions of {people} people", f"{answers} looks", is_met)


def statements_row(home: Path, url: str, door: Door) -> Row:
    """What one look asks of the database, from the first statement of the request to the last."""
    with application(home, url, TICKET_KEY=load_secrets(home).ticket_key) as app:
        _ask(app, door, look(door, CLIENTS, 900_001, door.codes[1]))
        found = _counted(lambda: _ask(app, door, look(door, CLIENTS, 900_002, door.codes[2])))
    return Row("statements a scan", str(len(found)), f"<= {STATEMENTS}", len(found) <= STATEMENTS)


def _ask(app: Flask, door: Door, body: dict[str, object]) -> None:
    app.test_client().post(SYNC, json=body, headers=headers(door, CLIENTS))


def _counted(act: Callable[[], None]) -> list[str]:
    found: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: found.append(args[2]))
    act()
    return [statement for statement in found if not statement.startswith("BEGIN")]


def measure(name: str, url: str | None, *, each: int) -> list[Row]:
    """All figures on one database; `url` None is SQLite in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="eventops-bench-") as folder:
        home = Path(folder)
        address = url or f"sqlite:///{home / 'eventops.db'}"
        door = prepare(home, address)
        rows = under_load(name, home, url, door, each=each)
        rows += [rows_row(home, address, CLIENTS * each + WARMING), statements_row(home, address, door)]
    return [Row(f"{name}: {row.name}", row.value, row.bar, row.is_met) for row in rows]


def main() -> int:
    return figures.main(measure, "Scanning under a rush of guests.", each=EACH, what="looks of each station")


if __name__ == "__main__":
    sys.exit(main())
