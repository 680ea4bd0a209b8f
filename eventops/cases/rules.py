"""What may follow what in a case, who makes a whole team, when the team is reminded. Values in, values out."""

import calendar
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from eventops.cases.models import ReminderKind, Stage
from eventops.errors import DomainError

COUNTED: Final = (Stage.COLLABORATING, Stage.COMMERCIALISED)
OPEN: Final = (Stage.MET, Stage.TALKING, Stage.PROTOTYPE, Stage.JOINT_DEVELOPMENT, Stage.COLLABORATING)
"""Stages in which somebody has to do something next."""
_BEFORE: Final = OPEN[:-1]
MOVES: Final[Mapping[Stage, Collection[Stage]]] = {
    **{stage: {*OPEN[place + 1 :], Stage.CLOSED} for place, stage in enumerate(_BEFORE)},
    Stage.COLLABORATING: {Stage.COMMERCIALISED, Stage.CLOSED},
    Stage.COMMERCIALISED: {Stage.CLOSED},
    Stage.CLOSED: {Stage.TALKING},
}
"""事業化 follows 連携成立 alone: what is counted as the second was counted as the first."""
MONTHS: Final = (1, 3, 6, 9, 12)


class DeputyMissing(DomainError):
    """A case needs somebody beside its lead."""

    code = "deputy_missing"


class LeadIsDeputy(DomainError):
    """The lead cannot be their own deputy."""

    code = "lead_is_deputy"


class MoveRefused(DomainError):
    """The stage cannot follow the present one."""

    code = "case_move_refused"


class ReasonMissing(DomainError):
    """A case is only closed with a reason."""

    code = "reason_missing"


def check_team(lead_id: int, deputy_ids: Collection[int]) -> None:
    """Exactly one lead by its place, at least one deputy, nobody both."""
    if not deputy_ids:
        raise DeputyMissing
    if lead_id in deputy_ids:
        raise LeadIsDeputy


def check_move(present: Stage, wanted: Stage, note: str) -> None:
    if wanted not in MOVES[present]:
        raise MoveRefused
    if wanted == Stage.CLOSED and not note.strip():
        raise ReasonMissing


def reminder_days(start: dt.date) -> Sequence[tuple[ReminderKind, dt.date]]:
    """A month after the start, then by quarters until a year has passed."""
    kinds = [ReminderKind.MONTH, *([ReminderKind.QUARTER] * (len(MONTHS) - 1))]
    return [(kind, months_after(start, months)) for kind, months in zip(kinds, MONTHS, strict=True)]


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def years_of(first: int, last: int) -> range:
    return range(first, last + 1)


def first_day(year: int) -> dt.date:
    """The day on which a fiscal year begins."""
    return dt.date(year, 4, 1)
