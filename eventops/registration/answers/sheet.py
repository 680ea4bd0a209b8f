"""All answers of an event as a table: people down, questions across."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops.questions import vocabulary
from eventops.questions.models import Answer, AskedOf, QuestionKind
from eventops.questions.rules import Asked, Values
from eventops.registration import tickets
from eventops.registration.answers import pages, queries
from eventops.registration.models import Attendee
from eventops.spreadsheets.writing import Value


@dataclass(frozen=True, slots=True)
class Cell:
    """An answer as stored and in words; `answer_id` where there is a file to fetch."""

    values: Values = ()
    text: str = ""
    answer_id: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A person with the answers in the order of the questions."""

    person: Attendee
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The questions that the reader may see, and everybody's answers to them."""

    questions: tuple[Asked, ...]
    rows: tuple[Row, ...]

    def first_of_application(self) -> list[Row]:
        """One row of each application, for what the company answered once."""
        firsts: dict[int, Row] = {}
        for row in self.rows:
            firsts.setdefault(row.person.registration_id, row)
        return list(firsts.values())


def table(session: Session, event_id: int, *, sensitive: bool) -> Table:
    """In a fixed number of statements; sensitive questions are left out for whom they are not meant."""
    questions = tuple(
        question for question in queries.to_be_answered(session, event_id) if sensitive or not question.is_guarded
    )
    answers = queries.of_event(session, event_id)
    rows = tuple(
        Row(person, tuple(cell(question, answers.get(person.registration_id, {}), person) for question in questions))
        for person in queries.people(session, event_id)
    )
    return Table(questions, rows)


def cell(question: Asked, answers: Mapping[queries.Key, Answer], person: Attendee) -> Cell:
    """What this person answered, or the company for everybody of it."""
    row = queries.answer_of(question, answers, person.id)
    if row is None:
        return Cell()
    values = tuple(row.values)
    return Cell(values, pages.words(question, values, queries.file_of(row)), row.id if row.file else 0)


def headings(table: Table) -> list[str]:
    fixed = [_("番号"), _("会社・団体"), _("フリガナ"), _("氏名"), _("氏名フリガナ")]
    return [*fixed, *(heading(question) for question in table.questions)]


def heading(question: Asked) -> str:
    """A column's: what the company answered once says so."""
    label = vocabulary.label(question)
    return _("%(label)s(会社・団体)", label=label) if question.of is AskedOf.APPLICATION else label


def lines(table: Table) -> list[list[Value]]:
    return [[*_who(row.person), *map(typed, table.questions, row.cells)] for row in table.rows]


def _who(person: Attendee) -> list[str]:
    registration = person.registration
    number = tickets.number(registration.number, person.position)
    names = [registration.organisation_name, registration.organisation_kana, person.full_name, person.full_kana]
    return [number, *names]


def typed(question: Asked, cell: Cell) -> Value:
    """Numbers and days as programs read them; everything else in words."""
    if not cell.values:
        return ""
    if question.kind is QuestionKind.NUMBER:
        return float(cell.values[0]) if "." in cell.values[0] else int(cell.values[0])
    if question.kind in (QuestionKind.DATE, QuestionKind.BIRTH):
        return dt.date.fromisoformat(cell.values[0])
    return cell.text
