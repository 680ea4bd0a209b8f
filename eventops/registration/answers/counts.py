"""Answers counted: each choice, the open ones, and for the caterer who needs what at which party."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from eventops.events.models import Event, Mode, PartKind
from eventops.questions import rules, vocabulary
from eventops.questions.models import Answer, AskedOf, QuestionKind
from eventops.questions.rules import Asked
from eventops.registration.answers import queries
from eventops.registration.answers.sheet import Row, Table
from eventops.registration.models import Attendee, PlaceState


@dataclass(frozen=True, slots=True)
class Count:
    """A question with its figures: choices and how often, or how many answered and the mean."""

    question: Asked
    label: str
    answered: int
    asked: int
    rows: tuple[tuple[str, int], ...] = ()
    mean: str = ""


@dataclass(frozen=True, slots=True)
class Portion:
    """What the kitchen has to know about one person."""

    person: Attendee
    needs: str


@dataclass(frozen=True, slots=True)
class Food:
    """A party for the caterer: heads, each need and how often, and the people with needs."""

    title: str
    heads: int
    needs: tuple[tuple[str, int], ...]
    people: tuple[Portion, ...]


def of_choices(table: Table) -> list[Count]:
    return [_count(question, index, table) for index, question in enumerate(table.questions)]


def _count(question: Asked, index: int, table: Table) -> Count:
    rows = table.first_of_application() if question.of is AskedOf.APPLICATION else table.rows
    given = [row.cells[index].values for row in rows if row.cells[index].values]
    chosen = Counter(value for values in given for value in values)
    words = vocabulary.choice_words(question) if question.kind in rules.CHOICES else {}
    return Count(
        question,
        vocabulary.label(question),
        len(given),
        _asked(question, table, rows),
        tuple((word, chosen[key]) for key, word in words.items()),
        _mean(question, [values[0] for values in given]),
    )


def _asked(question: Asked, table: Table, rows: Iterable[Row]) -> int:
    """How many were asked at all, with the conditions."""
    return sum(question in rules.applicable(table.questions, _answers(table, row)) for row in rows)


def _answers(table: Table, row: Row) -> dict[str, rules.Values]:
    return {question.code: cell.values for question, cell in zip(table.questions, row.cells, strict=True)}


def _mean(question: Asked, numbers: Sequence[str]) -> str:
    if question.kind is not QuestionKind.NUMBER or not numbers:
        return ""
    total = sum((Decimal(number) for number in numbers), Decimal())
    return f"{total / len(numbers):.1f}"


def food(session: Session, event: Event) -> tuple[Food, ...]:
    """For every party: sensitive choices and notes of those who have a place there."""
    questions = _for_the_kitchen(queries.to_be_answered(session, event.id))
    answers = queries.of_event(session, event.id)
    people = queries.people(session, event.id)
    needs = {person.id: _needs(questions, answers.get(person.registration_id, {}), person) for person in people}
    parties = [part for part in event.parts if part.kind == PartKind.SOCIAL]
    return tuple(_party(part.id, part.title, people, needs) for part in parties)


def _for_the_kitchen(questions: Iterable[Asked]) -> list[Asked]:
    """Sensitive choices, and the words that were asked for after them; not addresses or dates of birth."""
    sensitive = [question for question in questions if question.is_sensitive and question.of is AskedOf.PERSON]
    chosen = {question.code for question in sensitive if question.kind in rules.CHOICES}
    return [question for question in sensitive if question.code in chosen or question.after_code in chosen]


def _needs(questions: Iterable[Asked], answers: dict[queries.Key, Answer], person: Attendee) -> list[str]:
    """Choices one by one, so that they can be counted; free words as they were typed."""
    found: list[str] = []
    for question in questions:
        row = queries.answer_of(question, answers, person.id)
        words = vocabulary.choice_words(question) if question.kind in rules.CHOICES else {}
        found += [words.get(value, value) for value in row.values] if row else []
    return [*found, *filter(None, [person.dietary_need])]


def _party(part_id: int, title: str, people: Iterable[Attendee], needs: dict[int, list[str]]) -> Food:
    guests = [person for person in people if _comes(person, part_id)]
    counted = Counter(need for person in guests for need in needs[person.id])
    special = [Portion(person, "、".join(needs[person.id])) for person in guests if needs[person.id]]
    return Food(title, len(guests), tuple(counted.most_common()), tuple(special))


def _comes(person: Attendee, part_id: int) -> bool:
    return any(
        (place.part_id, place.mode, place.state) == (part_id, Mode.ONSITE, PlaceState.CONFIRMED)
        for place in person.places
    )
