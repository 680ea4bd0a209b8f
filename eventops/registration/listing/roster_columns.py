"""The columns of staff's list of participants: what each shows on the screen and in an exported file."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from eventops.events.models import Part
from eventops.questions.models import Answer
from eventops.questions.rules import Asked
from eventops.registration import labels, tickets
from eventops.registration.answers import sheet
from eventops.registration.answers.queries import Key
from eventops.registration.listing.roster import MARK, Sort
from eventops.registration.models import Attendee, Place, PlaceState, RegistrationState
from eventops.spreadsheets.writing import Value


@dataclass(frozen=True, slots=True)
class Facts:
    """What the columns need beside the people themselves."""

    parts: Sequence[Part]
    arrived: Mapping[int, dt.datetime]
    answers: Mapping[int, Mapping[Key, Answer]] = field(default_factory=dict)
    """By application."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the screen; a file has its `headings` instead, so that every value stands in a cell of its own.

    Where a file has a number or a day, `shown` is how people read it.
    """

    key: str
    label: LazyString | str
    headings: Callable[[Facts], Sequence[str]]
    values: Callable[[Attendee, Facts], Sequence[Value]]
    sort: Sort | None = None
    css: str = ""
    is_sensitive: bool = False
    is_usual: bool = True
    shown: Callable[[Attendee, Facts], str] | None = None
    question_id: int | None = None


def _named(*words: LazyString) -> Callable[[Facts], Sequence[str]]:
    return lambda _facts: [str(word) for word in words]


def held(person: Attendee, part: Part) -> list[Place]:
    """What somebody has in a part: a seat before a queue; what was given back is left out."""
    mine = [place for place in person.places if place.part_id == part.id and place.state != PlaceState.CANCELLED]
    return sorted(mine, key=lambda place: place.state)


def _places(person: Attendee, facts: Facts) -> list[Value]:
    if person.state == RegistrationState.CANCELLED:
        return [_("取消済")] * len(facts.parts)
    said = ([str(labels.place(place.state, place.mode)) for place in held(person, part)] for part in facts.parts)
    return ["、".join(words) for words in said]


def paid_word(person: Attendee) -> str:
    """How the fee stands, in a word; nothing where none is owed."""
    if not person.fee_yen:
        return ""
    return _("入金済") if person.paid_at else str(labels.PAYMENTS[person.registration.payment_method])


def shown_tags(person: Attendee) -> list[str]:
    """The words on somebody, without the mark."""
    return [one.tag for one in person.tags if one.tag != MARK]


def is_marked(person: Attendee) -> bool:
    return any(one.tag == MARK for one in person.tags)


QUESTION: Final = "q"
COLUMNS: Final = (
    Column(
        "company",
        lazy_gettext("会社・団体"),
        _named(lazy_gettext("会社・団体"), lazy_gettext("会社フリガナ")),
        lambda person, _facts: (person.registration.organisation_name, person.registration.organisation_kana),
        Sort.COMPANY,
    ),
    Column(
        "name",
        lazy_gettext("氏名"),
        _named(lazy_gettext("氏名"), lazy_gettext("フリガナ"), lazy_gettext("印")),
        lambda person, _facts: (person.full_name, person.full_kana, MARK if is_marked(person) else ""),
        Sort.PERSON,
    ),
    Column(
        "number",
        lazy_gettext("番号"),
        _named(lazy_gettext("番号")),
        lambda person, _facts: (tickets.number(person.registration.number, person.position),),
        Sort.NUMBER,
        "narrow",
    ),
    Column(
        "position",
        lazy_gettext("部署・役職"),
        _named(lazy_gettext("部署"), lazy_gettext("役職")),
        lambda person, _facts: (person.department, person.job_title),
        is_usual=False,
    ),
    Column("places", lazy_gettext("参加"), lambda facts: [part.title for part in facts.parts], _places),
    Column(
        "category",
        lazy_gettext("区分"),
        _named(lazy_gettext("区分"), lazy_gettext("会員区分の確認")),
        lambda person, _facts: (
            str(labels.CATEGORIES[person.price_category]),
            _("要確認") if person.registration.claims_membership else "",
        ),
        css="narrow",
    ),
    Column(
        "fee",
        lazy_gettext("参加費"),
        _named(lazy_gettext("参加費"), lazy_gettext("支払")),
        lambda person, _facts: (person.fee_yen, paid_word(person)),
        Sort.FEE,
        "num",
    ),
    Column(
        "door",
        lazy_gettext("受付"),
        _named(lazy_gettext("受付")),
        lambda person, facts: (facts.arrived.get(person.id),),
        css="narrow",
        is_usual=False,
    ),
    Column(
        "contact",
        lazy_gettext("連絡先"),
        _named(lazy_gettext("メールアドレス"), lazy_gettext("電話番号")),
        lambda person, _facts: (person.email or person.registration.email, person.registration.phone),
        is_usual=False,
    ),
    Column(
        "applicant",
        lazy_gettext("申込者"),
        _named(lazy_gettext("申込者")),
        lambda person, _facts: (person.registration.applicant_name,),
        is_usual=False,
    ),
    Column(
        "submitted",
        lazy_gettext("申込日時"),
        _named(lazy_gettext("申込日時")),
        lambda person, _facts: (person.registration.submitted_at,),
        Sort.SUBMITTED,
        "narrow",
        is_usual=False,
    ),
    Column(
        "needs",
        lazy_gettext("配慮・食事"),
        _named(lazy_gettext("配慮のご希望"), lazy_gettext("食事の配慮")),
        lambda person, _facts: (person.accommodation_request, person.dietary_need),
        is_sensitive=True,
    ),
    Column(
        "tags",
        lazy_gettext("タグ"),
        _named(lazy_gettext("タグ")),
        lambda person, _facts: ("、".join(shown_tags(person)),),
    ),
    Column(
        "note",
        lazy_gettext("メモ"),
        _named(lazy_gettext("メモ")),
        lambda person, _facts: (person.registration.staff_note,),
        is_sensitive=True,
    ),
)


def offered(questions: Iterable[Asked], *, sees_sensitive: bool) -> list[Column]:
    """The columns that somebody may choose from: the event's questions after those that every event has."""
    every = (*COLUMNS, *map(_of_question, questions))
    return [column for column in every if sees_sensitive or not column.is_sensitive]


def _of_question(question: Asked) -> Column:
    """What was answered to a question: typed in a file, in words on the screen."""

    def cell(person: Attendee, facts: Facts) -> sheet.Cell:
        return sheet.cell(question, facts.answers.get(person.registration_id, {}), person)

    return Column(
        f"{QUESTION}{question.id}",
        sheet.heading(question),
        lambda _facts: [sheet.heading(question)],
        lambda person, facts: (sheet.typed(question, cell(person, facts)),),
        is_sensitive=question.is_guarded,
        is_usual=False,
        shown=lambda person, facts: cell(person, facts).text,
        question_id=question.id,
    )


def chosen(keys: Iterable[str], known: Sequence[Column]) -> list[Column]:
    """The named columns in their usual order, or the usual ones where none of the names is known."""
    wanted = set(keys)
    return [column for column in known if column.key in wanted] or [column for column in known if column.is_usual]


def table(columns: Sequence[Column], people: Iterable[Attendee], facts: Facts) -> tuple[list[str], list[list[Value]]]:
    """Headings and rows as a file has them: exactly what these columns show."""
    headings = [heading for column in columns for heading in column.headings(facts)]
    rows = [[value for column in columns for value in column.values(person, facts)] for person in people]
    return headings, rows
