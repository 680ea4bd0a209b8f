"""Rules of questions: what counts as an answer, which questions are asked of whom, what is still missing."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from eventops.questions.models import AskedOf, QuestionKind
from eventops.spreadsheets import dates
from eventops.spreadsheets.values import BadValue

CHOICES = frozenset({QuestionKind.ONE, QuestionKind.SEVERAL, QuestionKind.YES_NO})
LISTED = frozenset({QuestionKind.ONE, QuestionKind.SEVERAL})
FREE = frozenset({QuestionKind.SHORT, QuestionKind.LONG, QuestionKind.FILE})
YES, NO = "yes", "no"
LONGEST = {QuestionKind.SHORT: 200, QuestionKind.LONG: 2000}
FIRST_YEAR = {QuestionKind.DATE: 2000, QuestionKind.BIRTH: 1900}
LAST_YEAR = 2100
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,4})?")

Values = tuple[str, ...]
"""An answer: keys of options, or one text; nothing for no answer."""
Answers = Mapping[str, Values]
"""Answers by the code of the question."""


class Fault(StrEnum):
    """Why something typed is not an answer."""

    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_A_DATE = "not_a_date"
    WRONG_YEAR = "wrong_year"
    IN_THE_FUTURE = "in_the_future"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NOT_OFFERED = "not_offered"


class BadAnswer(ValueError):
    """What was typed does not answer the question."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; the key stays when its words are changed."""

    key: str
    label: str
    label_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it is asked. `least` and `most` bound a number; `most` also how many may be chosen."""

    code: str
    kind: QuestionKind
    label: str
    of: AskedOf = AskedOf.PERSON
    id: int = 0
    label_en: str = ""
    help: str = ""
    help_en: str = ""
    is_required: bool = False
    is_sensitive: bool = False
    options: tuple[Option, ...] = ()
    least: int | None = None
    most: int | None = None
    decimals: int = 0
    after_code: str = ""
    after_values: Values = ()

    @property
    def is_guarded(self) -> bool:
        """Whether only staff in charge read the answers: where it says so, and where people write what they like."""
        return self.is_sensitive or self.kind in FREE

    @property
    def keys(self) -> Values:
        """What may be chosen."""
        return (YES, NO) if self.kind is QuestionKind.YES_NO else tuple(option.key for option in self.options)


def read(question: Asked, typed: Iterable[str], *, today: dt.date) -> Values:
    """What was typed or ticked, as it is stored; raises `BadAnswer`."""
    texts = [text for text in (one.strip() for one in typed) if text]
    if not texts:
        return ()
    if question.kind in CHOICES:
        return _chosen(question, texts)
    if question.kind is QuestionKind.NUMBER:
        return (_number(question, texts[0]),)
    if question.kind in FIRST_YEAR:
        return (_day(question.kind, texts[0], today).isoformat(),)
    if len(texts[0]) > LONGEST.get(question.kind, LONGEST[QuestionKind.LONG]):
        raise BadAnswer(Fault.TOO_LONG)
    return (texts[0],)


def _chosen(question: Asked, texts: list[str]) -> Values:
    """The choices in the order in which they are offered."""
    if not set(texts) <= set(question.keys):
        raise BadAnswer(Fault.NOT_OFFERED)
    chosen = tuple(key for key in question.keys if key in texts)
    most = question.most if question.kind is QuestionKind.SEVERAL else 1
    if most is not None and len(chosen) > most:
        raise BadAnswer(Fault.TOO_MANY)
    return chosen


def _number(question: Asked, text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text).replace(",", "").replace("−", "-").strip()
    if not _NUMBER.fullmatch(narrow):
        raise BadAnswer(Fault.NOT_A_NUMBER)
    value = Decimal(narrow)
    if value != round(value, question.decimals):
        raise BadAnswer(Fault.NOT_WHOLE)
    if question.least is not None and value < question.least:
        raise BadAnswer(Fault.TOO_SMALL)
    if question.most is not None and value > question.most:
        raise BadAnswer(Fault.TOO_LARGE)
    return f"{value.normalize():f}"


def _day(kind: QuestionKind, text: str, today: dt.date) -> dt.date:
    try:
        day = dates.read_date(text)
    except BadValue:
        raise BadAnswer(Fault.NOT_A_DATE) from None
    if not FIRST_YEAR[kind] <= day.year <= LAST_YEAR:
        raise BadAnswer(Fault.WRONG_YEAR)
    if kind is QuestionKind.BIRTH and day > today:
        raise BadAnswer(Fault.IN_THE_FUTURE)
    return day


def in_order(questions: Iterable[Asked]) -> list[Asked]:
    """The company's questions first: those about people may depend on them."""
    return sorted(questions, key=lambda question: question.of is not AskedOf.APPLICATION)


def applicable(questions: Iterable[Asked], answers: Answers) -> list[Asked]:
    """The questions that are asked of somebody who answered so. What a hidden question was answered opens nothing."""
    asked: list[Asked] = []
    codes: set[str] = set()
    for question in in_order(questions):
        chosen = answers.get(question.after_code, ()) if question.after_code in codes else ()
        if not question.after_code or set(chosen) & set(question.after_values):
            asked.append(question)
            codes.add(question.code)
    return asked


def kept(questions: Iterable[Asked], answers: Answers) -> dict[str, Values]:
    """The answers that count: to questions which were asked."""
    asked = applicable(questions, answers)
    return {question.code: answers[question.code] for question in asked if answers.get(question.code)}


def missing(questions: Iterable[Asked], answers: Answers) -> list[Asked]:
    """Required questions that were asked and not answered."""
    asked = applicable(questions, answers)
    return [question for question in asked if question.is_required and not answers.get(question.code)]


def may_follow(question: Asked, source: Asked) -> bool:
    """Whether a question may depend on another: on a choice, of the same people or of the company."""
    return (
        source.kind in CHOICES
        and source.code != question.code
        and (source.of is AskedOf.APPLICATION or question.of is AskedOf.PERSON)
    )
