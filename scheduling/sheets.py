"""An event in CSV files as a problem: which files and columns there are, and every bad cell by file, row and column."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any
from zoneinfo import ZoneInfo

from scheduling import format as documents
from scheduling.cells import WHOLE, File, Sheet
from scheduling.faults import BadProblem, Fault, limited
from scheduling.problem import PairRule, Participant, Person, Problem, Request, Room, Side, Slot, Table
from scheduling.reading import hints, shown

PEOPLE_OF_REQUEST = ("host", "guest", "others")
SAYS_NO, SAYS_DISLIKE = frozenset({"no", "×", "x"}), frozenset({"dislike", "△"})


@dataclass(frozen=True, slots=True)
class Form:
    """A file of the event: what its rows are, and what the type of the rows does not say of its columns."""

    rows: type
    extra: Mapping[str, Any] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()

    def columns(self) -> dict[str, Any]:
        """Headings with the types of their cells."""
        own = {name: kind for name, kind in hints(self.rows).items() if name not in self.without}
        return {**own, **self.extra}

    def needed(self) -> frozenset[str]:
        """Headings that must be there."""
        required = (one.name for one in fields(self.rows) if one.default is MISSING and one.default_factory is MISSING)
        return frozenset(required) - self.without | self.needs


FORMS: Mapping[str, Form] = {
    "slots": Form(Slot),
    "rooms": Form(Room),
    "tables": Form(Table),
    "people": Form(Person),
    "participants": Form(Participant, without=frozenset({"capacity_at"})),
    "requests": Form(
        Request,
        extra={"id": str, "host": str, "guest": str, "others": tuple[str, ...]},
        without=frozenset({"id", "participants"}),
        needs=frozenset({"host", "guest"}),
    ),
    "pair_rules": Form(PairRule, extra={"id": str}, without=frozenset({"id"})),
}
"""The files by the field of the problem that they fill; `requests` alone is needed."""
AVAILABILITY = "availability"
AVAILABILITY_COLUMNS: Mapping[str, Any] = {"participant": str, "slot": str, "says": str}
NAMES = (*FORMS, AVAILABILITY)


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds where files or time zones are missing. Lengths are in minutes."""

    zone: str = "Asia/Tokyo"
    start: dt.datetime | None = None
    slots: int = 9
    minutes: int = 20
    changeover: int = 5
    tables: int | None = None  # None: as many as there are hosts


def read(files: Mapping[str, File], settings: Settings) -> Problem:
    """The problem in files named as in NAMES; BadProblem names every bad cell as `file:row:column`.

    Rows count from 1, which holds the headings. Without `participants` those of the requests are taken, hosts and
    guests; without `tables` there are `settings.tables`; without `slots` they begin at `settings.start`.
    """
    return _Event(files, settings).problem()


class _Event:
    """All files together on their way to a document of the JSON format."""

    def __init__(self, files: Mapping[str, File], settings: Settings) -> None:
        zone = ZoneInfo(settings.zone)
        self.settings = settings
        self.sheets = {
            name: Sheet(files[name], form.columns(), form.needed(), zone)
            for name, form in FORMS.items()
            if name in files
        }
        self.availability = None
        if AVAILABILITY in files:
            needed = frozenset(AVAILABILITY_COLUMNS)
            self.availability = Sheet(files[AVAILABILITY], AVAILABILITY_COLUMNS, needed, zone)
        self.faults: list[Fault] = []
        self.hidden = {name for name, sheet in self.sheets.items() if not sheet.is_readable}

    def problem(self) -> Problem:
        """Everything read, or BadProblem."""
        document: dict[str, Any] = {name: sheet.rows for name, sheet in self.sheets.items()}
        document |= {"requests": self._requests(), "pair_rules": self._pair_rules()}
        if "participants" not in document:
            document["participants"] = self._participants()
        if "tables" not in document:
            document["tables"] = self._tables(document["participants"])
        if "slots" not in document:
            document["slots"] = self._slots()
        if self.availability is not None and self.availability.is_readable:
            self._mark(self.availability, document)
        return self._read({**document, "changeover_minutes": self.settings.changeover})

    def _read(self, document: dict[str, Any]) -> Problem:
        sheets = [*self.sheets.values(), *([self.availability] if self.availability else [])]
        found = [*(fault for sheet in sheets for fault in sheet.faults), *self.faults]
        try:
            problem = documents.read_document({**document, **dict.fromkeys(self.hidden)})
        except BadProblem as error:
            told = (one for one in error.faults if one.path not in self.hidden and one.code != "too_few")
            found += map(self._placed, told)
        if found:
            raise BadProblem(limited(found))
        return problem

    def _hide(self, name: str, code: str) -> list[dict[str, Any]]:
        """Say that a file is needed, and nothing about what hangs on it."""
        self.faults.append(Fault(f"{name}.csv", code))
        self.hidden.add(name)
        return []

    def _requests(self) -> list[dict[str, Any]]:
        sheet = self.sheets.get("requests")
        if sheet is None:
            return self._hide("requests", "no_file")
        rows = []
        for number, row in zip(sheet.numbers, sheet.rows, strict=True):
            who = [row[column] for column in PEOPLE_OF_REQUEST[:2] if column in row] + row.get("others", [])
            rest = {name: value for name, value in row.items() if name not in PEOPLE_OF_REQUEST}
            rows.append({"id": f"R{number}", **rest, "participants": who})
            missing = (Fault(sheet.at(number, one), "missing") for one in PEOPLE_OF_REQUEST[:2] if one not in row)
            self.faults.extend(missing if sheet.is_readable else ())
        return rows

    def _pair_rules(self) -> list[dict[str, Any]]:
        sheet = self.sheets.get("pair_rules")
        return [{"id": f"P{n}", **row} for n, row in zip(sheet.numbers, sheet.rows, strict=True)] if sheet else []

    def _participants(self) -> list[dict[str, Any]]:
        """Those whom the requests name, each once; who is a host anywhere is a host."""
        rows = self.sheets["requests"].rows if "requests" in self.sheets else []
        sides = {one: Side.GUEST for row in rows for one in (row.get("guest"), *row.get("others", ())) if one}
        sides |= {row["host"]: Side.HOST for row in rows if "host" in row}
        return [{"id": one, "side": side} for one, side in sides.items()]

    def _tables(self, participants: list[dict[str, Any]]) -> list[dict[str, Any]]:
        hosts = sum(one.get("side") == Side.HOST for one in participants)
        number = max(1, hosts) if self.settings.tables is None else self.settings.tables
        return [{"id": f"T{place}", "position": place} for place in range(1, number + 1)]

    def _slots(self) -> list[dict[str, Any]]:
        start = self.settings.start
        if start is None:
            return self._hide("slots", "no_slots")
        start = start if start.tzinfo else start.replace(tzinfo=ZoneInfo(self.settings.zone))
        step = dt.timedelta(minutes=self.settings.minutes + self.settings.changeover)
        length = dt.timedelta(minutes=self.settings.minutes)
        times = [(f"S{place + 1}", start + place * step) for place in range(self.settings.slots)]
        return [{"id": one, "start": at.isoformat(), "end": (at + length).isoformat()} for one, at in times]

    def _mark(self, sheet: Sheet, document: dict[str, Any]) -> None:
        """Put what `availability` says into the rows of the participants."""
        participants = {one.get("id"): one for one in document["participants"]}
        slots = {one.get("id") for one in document["slots"]}
        named = (("participant", participants.keys(), {"participants", "requests"}), ("slot", slots, {"slots"}))
        looked_at = [(column, known) for column, known, lists in named if self.hidden.isdisjoint(lists)]
        for number, row in zip(sheet.numbers, sheet.rows, strict=True):
            strange = [column for column, known in looked_at if row.get(column) not in known]
            participant = {} if strange else participants.get(row.get("participant"), {})
            if not _marked(participant, row.get("slot", ""), row.get("says", "").lower()):
                strange.append("says")
            told = (Fault(sheet.at(number, one), "unknown", shown(row.get(one, ""))) for one in strange)
            sheet.faults.extend(told)

    def _placed(self, fault: Fault) -> Fault:
        """The fault with its place in the files instead of that in the document."""
        found = _PATH.match(fault.path)
        if found is None or found["name"] not in self.sheets:
            return fault
        sheet, number, column = self.sheets[found["name"]], found["number"], found["column"] or ""
        if number is None:
            return Fault(sheet.name, fault.code, fault.value)
        row = sheet.rows[int(number)]
        if column == "participants":
            column = next((one for one in PEOPLE_OF_REQUEST if fault.value in (row.get(one) or ())), "guest")
        return Fault(sheet.at(sheet.numbers[int(number)], column), fault.code, fault.value)


_PATH = re.compile(r"(?P<name>\w+)(?:\[(?P<number>\d+)\](?:\.(?P<column>\w+))?)?")


def _marked(participant: dict[str, Any], slot: str, says: str) -> bool:
    """Whether the word is one that says something; the participant's row then holds it."""
    if says in SAYS_NO or says in SAYS_DISLIKE:
        name = "unavailable" if says in SAYS_NO else "disliked"
        participant[name] = [*participant.get(name, []), slot]
    elif WHOLE.fullmatch(says):
        participant["capacity_at"] = {**participant.get("capacity_at", {}), slot: int(says)}
    return says in SAYS_NO | SAYS_DISLIKE or bool(WHOLE.fullmatch(says))
