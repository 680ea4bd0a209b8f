"""連携 and 事業化 by fiscal year and plan period: counted from the steps of cases, beside what was typed in."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import wareki
from eventops.cases import labels, queries, rules
from eventops.cases.models import Case, PastResult, PlanPeriod, Stage
from eventops.directory import vocabulary
from eventops.directory.models import Organisation
from eventops.languages import language


class By(StrEnum):
    """What a total can be broken down by."""

    CATEGORY = "category"
    MUNICIPALITY = "municipality"
    FUNDING = "funding"
    OUTCOME = "outcome"
    ORIGIN = "origin"


@dataclass(frozen=True, slots=True)
class Counted:
    """One case that reached a counted stage in a fiscal year, with what it can be sorted by."""

    case_id: int
    stage: str
    year: int
    values: Mapping[By, str]

    def value(self, by: By) -> str:
        return self.values[by]


@dataclass(frozen=True, slots=True)
class YearLine:
    """A fiscal year as counted."""

    year: int
    collaborations: int
    commercialisations: int


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan period: what was reached in it so far, year by year, against its targets."""

    plan: PlanPeriod
    years: Sequence[YearLine]

    @property
    def collaborations(self) -> int:
        return sum(one.collaborations for one in self.years)

    @property
    def commercialisations(self) -> int:
        return sum(one.commercialisations for one in self.years)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One line of a breakdown; `value` is the stored one, for the list behind it."""

    value: str
    label: str
    collaborations: int
    commercialisations: int


def counted(session: Session, first: int = 0, last: int = 9999) -> list[Counted]:
    """Every step that counts within the fiscal years."""
    steps = queries.standing_steps(session)
    known = _cases(session)
    found = [Counted(case_id, stage, wareki.fiscal_year(day), known[case_id]) for case_id, stage, day in steps]
    return [one for one in found if first <= one.year <= last]


def _cases(session: Session) -> Mapping[int, Mapping[By, str]]:
    rows = session.execute(
        select(
            Case.id,
            Case.funding_source,
            Case.outcome,
            Case.origin,
            Organisation.category,
            Organisation.prefecture,
            Organisation.city,
        ).join(Organisation, Organisation.id == Case.organisation_id)
    )
    return {
        row.id: {
            By.CATEGORY: row.category,
            By.MUNICIPALITY: place_of(row.prefecture, row.city),
            By.FUNDING: row.funding_source,
            By.OUTCOME: row.outcome,
            By.ORIGIN: row.origin,
        }
        for row in rows
    }


def place_of(prefecture: str, city: str) -> str:
    return f"{prefecture}{city}"


def by_year(found: Sequence[Counted], first: int, last: int) -> Sequence[YearLine]:
    """A line for every year, empty ones too."""
    numbers = Counter((one.year, one.stage) for one in found)
    return [
        YearLine(year, numbers[year, Stage.COLLABORATING], numbers[year, Stage.COMMERCIALISED])
        for year in rules.years_of(first, last)
    ]


def plans(session: Session, found: Sequence[Counted]) -> Sequence[PlanLine]:
    """Plan periods, newest first."""
    periods = session.scalars(select(PlanPeriod).order_by(PlanPeriod.first_year.desc(), PlanPeriod.id)).all()
    return [PlanLine(one, by_year(found, one.first_year, one.last_year)) for one in periods]


def breakdown(found: Sequence[Counted], by: By) -> Sequence[Breakdown]:
    """The largest first; what nobody filled in stands last."""
    numbers = Counter((one.value(by), one.stage) for one in found)
    values = {value for value, _stage in numbers}
    lines = [
        Breakdown(
            value,
            value_words(by, value),
            numbers[value, Stage.COLLABORATING],
            numbers[value, Stage.COMMERCIALISED],
        )
        for value in values
    ]
    return sorted(lines, key=lambda one: (not one.value, -one.collaborations, -one.commercialisations, one.value))


def past(session: Session) -> Sequence[PastResult]:
    return session.scalars(select(PastResult).order_by(PastResult.first_year, PastResult.last_year)).all()


def years_shown(found: Sequence[Counted], *, today: dt.date) -> tuple[int, int]:
    """From the first year with anything in it, five at least, until the present one."""
    present = wareki.fiscal_year(today)
    return min([one.year for one in found] + [present - 4]), max([one.year for one in found] + [present])


def value_words(by: By, value: str) -> str:
    words: Mapping[By, Callable[[str], object]] = {
        By.CATEGORY: lambda one: vocabulary.CATEGORIES.get(one, one),
        By.OUTCOME: lambda one: labels.OUTCOMES.get(one, one),
        By.ORIGIN: lambda one: labels.ORIGINS.get(one, one),
    }
    return str(words.get(by, str)(value)) if value else _("記入なし")


def year_words(year: int) -> str:
    """令和8年度, in English FY2026."""
    return wareki.fiscal_year_ja(year) if language() == "ja" else f"FY{year}"


def years_words(first: int, last: int) -> str:
    if first == last:
        return year_words(first)
    between = "〜" if language() == "ja" else "–"
    return f"{year_words(first)}{between}{year_words(last)}"
