"""How registering holds up under a rush: `python -m benchmarks.registration` (`--postgres` for that database as well).

A real installation is started as `bin/run` starts it. 32 guests send applications, each the next as soon as the last is
answered, for an event with room for all, timed from the sending to the whole answer; then at a steady pace, where what
counts is how long after its planned moment each application was answered; then for an event with a hundred seats.

Statements are counted inside the application, the weight of the form is everything that a browser fetches to show it.
Each row says whether its bar is met; so does the exit code. What the processes used of the processors stands beside: on
a machine with other work the clock alone says little.
"""

import re
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, func, select

from benchmarks import figures, guests, installation
from benchmarks.figures import Row
from benchmarks.guests import Answer, Door
from benchmarks.venues import Venue, make_venue
from eventops import clock, create_app
from eventops.database import db, transaction
from eventops.registration.models import Place, PlaceState

CLIENTS, EACH = 32, 40
SEATS, ATTEMPTS_EACH = 100, 16
REGISTRATIONS_A_SECOND, P95_MS, STATEMENTS, FORM_KB = 60.0, 400.0, 20, 120.0


@contextmanager
def application(home: Path, url: str, **settings: object) -> Iterator[Flask]:
    """The application on that database, in this process."""
    given = {"HOME": home, "SQLALCHEMY_DATABASE_URI": url, "PUBLIC_URL": "http://localhost", **settings}
    app = create_app(given)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def prepare(home: Path, url: str) -> tuple[Venue, Venue]:
    """A migrated database with two events: one with room for all, one with a hundred seats."""
    with application(home, url):
        upgrade()
        with transaction() as session:
            return (
                make_venue(session, slug="roomy", seats=100_000, now=clock.now()),
                make_venue(session, slug="tight", seats=SEATS, now=clock.now()),
            )


def under_load(home: Path, url: str | None, roomy: Venue, tight: Venue, *, each: int) -> list[Row]:
    """The figures of a rush on a running installation."""
    with installation.running(home, url) as running:
        wide = Door(running.port, roomy.slug, roomy.part_ids, "wait")
        narrow = Door(running.port, tight.slug, tight.part_ids, "withdraw")
        guests.rush_to(wide, clients=2, each=5)  # warm
        before = running.cpu_seconds()
        answers, took = guests.rush_to(wide, clients=CLIENTS, each=each)
        after = running.cpu_seconds()
        paced, _took = guests.paced_rush_to(wide, clients=CLIENTS, each=each, a_second=REGISTRATIONS_A_SECOND)
        tried, _took = guests.rush_to(narrow, clients=CLIENTS, each=ATTEMPTS_EACH)
    used = {name: after[name] - before[name] for name in after} | {"clients": took.own_seconds}
    spent = {name: 1000 * seconds / len(answers) for name, seconds in used.items()}
    return [*speed_rows(answers, took.seconds), *paced_rows(paced), *cpu_rows(spent), *overselling_rows(tried)]


def speed_rows(answers: list[Answer], seconds: float) -> list[Row]:
    """The rush in which everybody sends the next application as soon as the last is answered."""
    errors = failed(answers)
    rate = (len(answers) - errors) / seconds
    return [
        Row(
            "registrations a second", f"{rate:.0f}", f">= {REGISTRATIONS_A_SECOND:.0f}", rate >= REGISTRATIONS_A_SECOND
        ),
        *time_rows(answers),
        Row("errors", f"{errors} of {len(answers)}", "0", errors == 0),
    ]


def paced_rows(answers: list[Answer]) -> list[Row]:
    """The rush at a steady pace, counted from the planned moments."""
    errors = failed(answers)
    rows = [*time_rows(answers), Row("errors", f"{errors} of {len(answers)}", "0", errors == 0)]
    return [replace(row, name=f"at a steady {REGISTRATIONS_A_SECOND:.0f} a second: {row.name}") for row in rows]


def time_rows(answers: list[Answer]) -> list[Row]:
    times = sorted(1000 * answer.seconds for answer in answers)
    p95 = times[int(len(times) * 0.95)]
    return [
        Row("median", f"{statistics.median(times):.0f} ms"),
        Row("p95", f"{p95:.0f} ms", f"<= {P95_MS:.0f} ms", p95 <= P95_MS),
    ]


def failed(answers: list[Answer]) -> int:
    return sum(answer.outcome != "registered" for answer in answers)


def cpu_rows(spent: dict[str, float]) -> list[Row]:
    return [Row(f"processor time of the {name}", f"{ms:.1f} ms each") for name, ms in spent.items()]


def overselling_rows(tried: list[Answer]) -> list[Row]:
    """What a hundred seats came to: what guests were told."""
    told = {outcome: sum(answer.outcome == outcome for answer in tried) for outcome in ("registered", "full")}
    other = len(tried) - sum(told.values())
    value = f"{told['registered']} confirmed, {told['full']} told that it is full, {other} errors"
    is_met = told["registered"] == SEATS and not other
    return [Row(f"{len(tried)} attempts on {SEATS} seats", value, f"{SEATS} confirmed, 0 errors", is_met)]


def seats_row(home: Path, url: str, tight: Venue) -> Row:
    """What a hundred seats came to: what the database holds."""
    with application(home, url) as _app:
        query = select(func.count()).where(Place.part_id.in_(tight.part_ids), Place.state == PlaceState.CONFIRMED)
        held = db.session.scalar(query)
    return Row("seats held in the database", str(held), str(SEATS), held == SEATS)


def statements_row(home: Path, url: str, roomy: Venue) -> Row:
    """What one submission asks of the database, from the first statement of the request to the last."""
    found: list[str] = []
    with application(home, url, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False) as app:
        event.listen(db.engine, "before_cursor_execute", lambda *args: found.append(args[2]))
        typed = guests.fields(roomy.part_ids, 99_999, if_full="wait") | {"step": "send", "submission_key": "counted"}
        answer = app.test_client().post(f"/e/{roomy.slug}/apply", data=typed)
    is_met = answer.status_code == 302 and len(found) <= STATEMENTS
    return Row("statements a submission", str(len(found)), f"<= {STATEMENTS}", is_met)


def weight_row(home: Path, url: str, roomy: Venue) -> Row:
    """The form and every style, script and picture that it names."""
    with application(home, url) as app:
        client = app.test_client()
        page = client.get(f"/e/{roomy.slug}/apply").get_data()
        named = set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', page))
        files = [client.get(path.decode()).get_data() for path in named]
    kilobytes = (len(page) + sum(map(len, files))) / 1000
    return Row(
        "weight of the form",
        f"{kilobytes:.0f} kB in {1 + len(files)} files",
        f"<= {FORM_KB:.0f} kB",
        kilobytes <= FORM_KB,
    )


def measure(name: str, url: str | None, *, each: int) -> list[Row]:
    """All figures on one database; `url` None is SQLite in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="eventops-bench-") as folder:
        home = Path(folder)
        address = url or f"sqlite:///{home / 'eventops.db'}"
        roomy, tight = prepare(home, address)
        rows = under_load(home, url, roomy, tight, each=each)
        rows.append(seats_row(home, address, tight))
        rows += [statements_row(home, address, roomy), weight_row(home, address, roomy)]
    return [Row(f"{name}: {row.name}", row.value, row.bar, row.is_met) for row in rows]


def main() -> int:
    return figures.main(measure, "Registering under a rush of guests.", each=EACH, what="applications of each guest")


if __name__ == "__main__":
    sys.exit(main())
