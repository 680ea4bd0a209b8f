"""A million made-up codes before the door: `python -m benchmarks.forgery` (`--postgres` for that database as well).

In this process: codes at random, real ones with one letter altered, two real ones grafted together, good ones of
another installation, all through the verifier that the door uses. Over HTTP, from one enrolled station: tickets of
another event, tickets of before a new issue, cancelled ones, and then made-up codes as fast as the line carries them.
Nobody may be let in, and whoever guesses has to wait.
"""

import itertools
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import func, select, update

from benchmarks import door as doors
from benchmarks import figures, installation
from benchmarks.door import Door
from benchmarks.figures import Row
from benchmarks.registration import application
from benchmarks.rush import Reply, each_of, run
from benchmarks.venues import make_venue
from eventops import clock
from eventops.checkin.models import Scan
from eventops.checkin.queries import is_admission
from eventops.checkin.rules import Verdict
from eventops.config import load_secrets
from eventops.database import db, transaction
from eventops.events.models import Event
from eventops.registration import tickets
from eventops.registration.models import Attendee, RegistrationState
from eventops.registration.tickets import BadTicket, TicketRef

CODES, GUESSES, EACH_KIND = 1_000_000, 2_000, 100
LOOKED_AT_MOST = 40 * 4
"""Unknown codes that are looked at within a minute, times the processes of the web server, of which each counts."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_DAY_MINUTES = 24 * 60


def at_random(dice: random.Random, _real: Sequence[str]) -> Iterator[str]:
    while True:
        yield "E" + "".join(dice.choices(_LETTERS, k=24))


def altered(_dice: random.Random, real: Sequence[str]) -> Iterator[str]:
    """One letter of a real code is another one, at each place."""
    for code, place, letter in itertools.product(real, range(1, 25), _LETTERS):
        if letter != code[place]:
            yield code[:place] + letter + code[place + 1 :]


def grafted(dice: random.Random, real: Sequence[str]) -> Iterator[str]:
    """The reference of one ticket, which fills eight letters, with the signature of another."""
    while True:
        one, other = dice.sample(real, 2)
        yield one[:9] + other[9:]


def foreign(dice: random.Random, real: Sequence[str]) -> Iterator[str]:
    """Good tickets, for the same people, of an installation with another key."""
    while True:
        key = f"{dice.getrandbits(128):032x}"
        yield from (tickets.issue(TicketRef(number, 1), key=key) for number in range(1, len(real) + 1))


KINDS: dict[str, Callable[[random.Random, Sequence[str]], Iterator[str]]] = {
    "made at random": at_random,
    "real, one letter altered": altered,
    "two real ones grafted together": grafted,
    "of another installation": foreign,
}


def is_accepted(code: str, *, key: str) -> bool:
    try:
        tickets.read(code, key=key)
    except BadTicket:
        return False
    return True


def verifier_rows(real: Sequence[str], *, key: str, count: int) -> list[Row]:
    """Each kind in equal shares."""
    rows = []
    for name, make in KINDS.items():
        codes = itertools.islice(make(random.Random(name), real), count // len(KINDS))  # noqa: S311
        began = time.process_time()
        tried, accepted = 0, 0
        for code in codes:
            tried += 1
            accepted += is_accepted(code, key=key)
        said = f"{accepted} of {tried:,} accepted, {1e6 * (time.process_time() - began) / tried:.0f} µs each"
        rows.append(Row(f"codes {name}", said, "0", accepted == 0))
    return rows


@dataclass(frozen=True, slots=True)
class Wrong:
    """Codes that were tickets once, or are tickets of something else."""

    name: str
    codes: Sequence[str]
    verdict: Verdict


def arrange(home: Path, url: str, door: Door) -> list[Wrong]:
    """Reissue some, cancel some, and hold another event."""
    key = load_secrets(home).ticket_key
    reissued, cancelled = range(1, EACH_KIND + 1), range(EACH_KIND + 1, 2 * EACH_KIND + 1)
    with application(home, url), transaction() as session:
        session.execute(update(Attendee).where(Attendee.id.in_(reissued)).values(ticket_issue=2))
        session.execute(update(Attendee).where(Attendee.id.in_(cancelled)).values(state=RegistrationState.CANCELLED))
        venue = make_venue(session, slug="elsewhere", seats=1000, now=clock.now())
        event_id = session.scalars(select(Event.id).where(Event.slug == venue.slug)).one()
        people = [doors.person(event_id, number, venue) for number in range(EACH_KIND)]
        session.add_all(people)
        session.flush()
        elsewhere = [tickets.issue(TicketRef(one.attendees[0].id, 1), key=key) for one in people]
    return [
        Wrong("of before a new issue", door.codes[:EACH_KIND], Verdict.REPLACED),
        Wrong("cancelled", door.codes[EACH_KIND : 2 * EACH_KIND], Verdict.CANCELLED),
        Wrong("of another event", elsewhere, Verdict.WRONG_EVENT),
    ]


def show(port: int, door: Door, station: int, codes: Sequence[str], *, first: int) -> list[Reply]:
    """All of them at one station, one after the other."""
    replies: list[Reply] = []
    run(port, [each_of(doors.looks(door, station, codes, first=first), replies)])
    return replies


def wrong_row(port: int, door: Door, wrong: Wrong, *, first: int) -> Row:
    said = Counter(doors.answer_of(reply).verdict for reply in show(port, door, 0, wrong.codes, first=first))
    return Row(f"tickets {wrong.name}", _counts(said), wrong.verdict, said == {wrong.verdict: len(wrong.codes)})


def _counts(found: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in found.most_common())


def guessing_rows(port: int, door: Door) -> list[Row]:
    """Somebody shows made-up codes at one station as fast as it goes; the desk beside works on."""
    codes = list(itertools.islice(at_random(random.Random(0), ()), GUESSES))  # noqa: S311
    began = time.perf_counter()
    replies = show(port, door, 1, codes, first=0)
    seconds = time.perf_counter() - began
    looked_at = sum(reply.status == HTTPStatus.OK for reply in replies)
    told_to_wait = sum(reply.status == HTTPStatus.TOO_MANY_REQUESTS for reply in replies)
    beside = doors.answer_of(show(port, door, 2, door.codes[-1:], first=0)[0]).verdict
    is_slowed = looked_at <= LOOKED_AT_MOST and looked_at + told_to_wait == len(replies)
    days = CODES / looked_at / _DAY_MINUTES
    return [
        Row(
            f"{GUESSES:,} guesses at one station in {seconds:.1f} s",
            f"{looked_at} looked at, {told_to_wait} told to wait",
            f"<= {LOOKED_AT_MOST} a minute",
            is_slowed,
        ),
        Row("a million guesses at this pace", f"{days:.1f} days for {CODES / 2**80:.0e} of a chance"),
        Row("the desk beside it meanwhile", beside, Verdict.ADMIT, beside == Verdict.ADMIT),
    ]


def kept_row(home: Path, url: str) -> Row:
    with application(home, url):
        admitted = db.session.scalar(select(func.count()).select_from(Scan).where(is_admission()))
    return Row("admissions in the book", str(admitted), "1", admitted == 1)


def measure(name: str, url: str | None, *, each: int) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="eventops-bench-") as folder:
        home = Path(folder)
        address = url or f"sqlite:///{home / 'eventops.db'}"
        door = doors.prepare(home, address)
        rows = verifier_rows(door.codes, key=load_secrets(home).ticket_key, count=each)
        wrong = arrange(home, address, door)
        with installation.running(home, url) as running:
            rows += [wrong_row(running.port, door, one, first=1000 * n) for n, one in enumerate(wrong, 1)]
            rows += guessing_rows(running.port, door)
        rows.append(kept_row(home, address))
    return [Row(f"{name}: {row.name}", row.value, row.bar, row.is_met) for row in rows]


def main() -> int:
    return figures.main(measure, "Made-up codes before the door.", each=CODES, what="made-up codes")


if __name__ == "__main__":
    sys.exit(main())
