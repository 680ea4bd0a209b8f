"""A database of the size that has to be carried: one event with ten thousand applications, money, scans and history."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from eventops import clock
from eventops.accounts.models import AuditEntry, Role, StaffUser
from eventops.billing.models import BankFile, BankLine, Payment
from eventops.checkin.models import Scan
from eventops.directory import kana, names
from eventops.directory.models import Organisation
from eventops.events.models import Event, EventKind, EventState, Fee, Mode, Part, PartKind, Pool, PriceCategory
from eventops.registration.models import Attendee, AttendeeTag, Place, Registration

HELD_ON: Final = dt.date(2036, 1, 25)
NOW: Final = dt.datetime(2035, 12, 1, 3, 0, tzinfo=dt.UTC)
COMPANIES: Final = 2_000
SEATS: Final = 9_000
_SOUNDS: Final = "アカサタナハマヤラワイキシチニヒミリウクスツヌフムユルエケセテネヘメレオコソトノホモヨロ"


def _reading(number: int, length: int) -> str:
    """A reading of its own for every number, spread over the syllabary."""
    letters = []
    mixed = number * 7919 + 13
    for _ in range(length):
        mixed, at = divmod(mixed, len(_SOUNDS))
        letters.append(_SOUNDS[at])
    return "".join(letters)


def fill(session: Session, *, applications: int) -> tuple[int, StaffUser]:
    """The event's id and an event manager."""
    user = StaffUser(
        email="bench@example.jp",
        name="計測",
        role=Role.EVENT_MANAGER,
        password_hash="none",  # noqa: S106
        created_at=NOW,
    )
    session.add(user)
    event = _event(session)
    _organisations(session)
    parts = [part.id for part in event.parts]
    for make in (_registrations, _attendees, _places, _tags, _payments, _scans, _history, _bank):
        rows: dict[Any, list[dict[str, Any]]] = {}
        for model, row in make(event.id, parts, applications):
            rows.setdefault(model, []).append(row)
        for model, found in rows.items():
            session.execute(insert(model), found)
    return event.id, user


def _event(session: Session) -> Event:
    event = Event(
        slug="big",
        code="BIG",
        kind=EventKind.NEW_YEAR,
        state=EventState.PUBLISHED,
        title="計測のための大きな行事",
        held_on=HELD_ON,
        venue_name="大ホール",
        applications_close_at=clock.tokyo(HELD_ON - dt.timedelta(days=7), dt.time(17)),
        created_at=NOW,
        updated_at=NOW,
    )
    session.add(event)
    session.flush()
    for position, (title, kind, hour) in enumerate(
        (("第1部 講演", PartKind.LECTURE, 13), ("第2部 懇親会", PartKind.SOCIAL, 18)), start=1
    ):
        starts = clock.tokyo(HELD_ON, dt.time(hour))
        part = Part(position=position, kind=kind, title=title, starts_at=starts, ends_at=starts + dt.timedelta(hours=2))
        part.pools = [Pool(mode=Mode.ONSITE, capacity=SEATS)]
        event.parts.append(part)
    event.fees = [
        Fee(category=PriceCategory.MEMBER, mode=Mode.ONSITE, yen=3000),
        Fee(category=PriceCategory.GENERAL, mode=Mode.ONSITE, yen=5000),
    ]
    session.flush()
    return event


def _company(number: int) -> tuple[str, str]:
    reading = _reading(number % COMPANIES, 6)
    return f"株式会社{reading}工業", f"{reading}コウギョウ"


def _organisations(session: Session) -> None:
    rows = []
    for number in range(COMPANIES):
        name, reading = _company(number)
        rows.append(
            {
                "code": f"B{number:05d}",
                "name": name,
                "kana": reading,
                "sort_key": kana.sort_key(reading),
                "match_core": names.parse(name).core,
                "category": "corporation",
            }
        )
    session.execute(insert(Organisation), rows)


Rows = Iterator[tuple[type[Any], dict[str, Any]]]
_Maker = Callable[[int, list[int], int], Rows]


def _is_member(number: int) -> bool:
    return number % 3 != 0


def _yen(number: int) -> int:
    return 3000 if _is_member(number) else 5000


def _registrations(event_id: int, _parts: list[int], applications: int) -> Rows:
    for number in range(1, applications + 1):
        name, reading = _company(number)
        yield (
            Registration,
            {
                "id": number,
                "event_id": event_id,
                "number": number,
                "organisation_id": None,
                "organisation_name": name,
                "organisation_kana": reading,
                "organisation_sort_key": kana.sort_key(reading),
                "price_category": "member" if _is_member(number) else "general",
                "applicant_name": f"担当{number}",
                "applicant_kana": "タントウ",
                "email": f"a{number}@example.jp",
                "payment_method": "bank_transfer",
                "total_yen": _yen(number) * (2 if number % 5 == 0 else 1),
                "submitted_at": NOW - dt.timedelta(minutes=7 * (applications - number)),
            },
        )


def _people(applications: int) -> Iterator[tuple[int, int, int]]:
    """Attendee id, application, position: every fifth application brings two."""
    attendee_id = 0
    for number in range(1, applications + 1):
        for position in range(1, 3 if number % 5 == 0 else 2):
            attendee_id += 1
            yield attendee_id, number, position


def _attendees(_event_id: int, _parts: list[int], applications: int) -> Rows:
    for attendee_id, number, position in _people(applications):
        reading = _reading(attendee_id, 4)
        yield (
            Attendee,
            {
                "id": attendee_id,
                "registration_id": number,
                "position": position,
                "family_name": f"姓{reading[:2]}",
                "given_name": f"名{reading[2:]}",
                "family_kana": reading[:2],
                "given_kana": reading[2:],
                "sort_key": kana.sort_key(reading),
                "phone_tail": f"{attendee_id % 10000:04d}",
                "price_category": "member" if _is_member(number) else "general",
                "fee_yen": _yen(number),
                "paid_yen": _yen(number) if number % 2 else 0,
                "paid_at": NOW if number % 2 else None,
            },
        )


def _places(_event_id: int, parts: list[int], applications: int) -> Rows:
    for attendee_id, _number, _position in _people(applications):
        for part_id in parts:
            yield (
                Place,
                {
                    "attendee_id": attendee_id,
                    "part_id": part_id,
                    "mode": "onsite",
                    "wanted_mode": "onsite",
                    "state": "confirmed" if attendee_id <= SEATS else "waiting",
                    "queued_at": NOW + dt.timedelta(seconds=attendee_id),
                },
            )


def _tags(_event_id: int, _parts: list[int], applications: int) -> Rows:
    for attendee_id, _number, _position in _people(applications):
        if attendee_id % 20 == 0:
            yield AttendeeTag, {"attendee_id": attendee_id, "tag": "役員" if attendee_id % 40 else "★"}


def _payments(_event_id: int, _parts: list[int], applications: int) -> Rows:
    for number in range(1, applications + 1, 2):
        yield (
            Payment,
            {
                "registration_id": number,
                "kind": "bank_transfer",
                "means": "bank",
                "yen": _yen(number) * (2 if number % 5 == 0 else 1),
                "received_on": NOW.date(),
                "recorded_at": NOW,
            },
        )


def _scans(event_id: int, parts: list[int], applications: int) -> Rows:
    for attendee_id, _number, _position in _people(applications):
        if attendee_id % 3 == 0:
            yield (
                Scan,
                {
                    "nonce": f"n{attendee_id}",
                    "event_id": event_id,
                    "part_id": parts[0],
                    "attendee_id": attendee_id,
                    "verdict": "admit",
                    "shown": "admit",
                    "method": "camera",
                    "scanned_at": clock.tokyo(HELD_ON, dt.time(12, 30)),
                    "received_at": clock.tokyo(HELD_ON, dt.time(12, 30)),
                },
            )


def _history(event_id: int, _parts: list[int], applications: int) -> Rows:
    for number in range(1, applications + 1):
        yield (
            AuditEntry,
            {
                "at": NOW,
                "action": "registration_made",
                "subject_kind": "registration",
                "subject_id": number,
                "event_id": event_id,
            },
        )


def _bank(_event_id: int, _parts: list[int], applications: int) -> Rows:
    yield BankFile, {"id": 1, "filename": "bench.csv", "sha256": "0" * 64, "imported_at": NOW}
    for number in range(2, min(applications, 1000), 2):
        _name, reading = _company(number)
        yield (
            BankLine,
            {
                "file_id": 1,
                "position": number,
                "booked_on": NOW.date(),
                "yen": _yen(number),
                "payer": f"カ){reading}",
                "payer_key": reading,
                "fingerprint": f"bench-{number}",
                "state": "open",
            },
        )
