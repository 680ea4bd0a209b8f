"""A company's answers to the applications it reads through its link: which are asked of it, and what may be stored."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from eventops.errors import DomainError
from eventops.meetings import rules
from eventops.meetings.models import Application, ApplicationState, Exclusion, MatchingRound, Need, Rating
from eventops.meetings.timetable import queries as timetable_queries
from eventops.meetings.wishes import service
from eventops.meetings.wishes.service import Act, Answer

_DIGITS: Final = 12


class ScreeningClosed(DomainError):
    """The timetable stands: answers come too late for it."""

    code = "screening_closed"


class Trouble(StrEnum):
    """Why one answer cannot be stored."""

    CHANGED_SINCE = "changed_since"
    REWRITTEN = "rewritten"
    REASON_MISSING = "reason_missing"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with the stamp of the one that its writer saw."""

    rating: str | None
    comment: str
    seen: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many answers are different now; with any trouble nothing was stored."""

    changed: int
    troubles: Mapping[int, Trouble]


def asked_of(session: Session, need_id: int) -> Sequence[Application]:
    """What the company is to answer: received, each applicant once, none that it does not want to meet."""
    query = (
        select(Application)
        .where(Application.need_id == need_id, Application.state == ApplicationState.RECEIVED)
        .options(
            selectinload(Application.organisation),
            selectinload(Application.person),
            selectinload(Application.files),
            selectinload(Application.recommendations),
        )
        .order_by(Application.code)
    )
    unwanted = session.execute(select(Exclusion.need_id, Exclusion.organisation_id).where(Exclusion.need_id == need_id))
    return rules.asked(session.scalars(query).all(), {(row.need_id, row.organisation_id) for row in unwanted})


def stamp(application: Application) -> str:
    """Stands for the answer as it is and for the proposal that it is about; another of either has another stamp."""
    return _answer_stamp(application) + _digest(*(texts_of(application) + [one.stored for one in application.files]))


def texts_of(application: Application) -> list[str]:
    return [application.proposal_title, application.proposal_text, *application.technology_tags]


def _answer_stamp(application: Application) -> str:
    return _digest(str(application.rating), application.screening_comment)


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_DIGITS]


def is_closed(session: Session, round_id: int) -> bool:
    return timetable_queries.published(session, round_id) is not None


def answer(session: Session, *, need_id: int, given: Mapping[int, Given], now: dt.datetime) -> Outcome:
    """Store all answers or none: what somebody else changed meanwhile is not overwritten."""
    need = session.get_one(Need, need_id)
    session.execute(select(MatchingRound.id).where(MatchingRound.id == need.round_id).with_for_update())
    if is_closed(session, need.round_id):
        raise ScreeningClosed
    session.expire_all()
    differing = {one: given[one.id] for one in asked_of(session, need_id) if _differs(one, given.get(one.id))}
    troubles = {one.id: why for one, said in differing.items() if (why := _trouble(one, said)) is not None}
    if troubles:
        return Outcome(0, troubles)
    answers = {one.id: Answer(said.rating, said.comment) for one, said in differing.items()}
    return Outcome(service.screen(session, Act(need.round_id, None, now), need_id=need_id, answers=answers), {})


def _differs(application: Application, said: Given | None) -> bool:
    return said is not None and (application.rating, application.screening_comment) != (said.rating, said.comment)


def _trouble(application: Application, said: Given) -> Trouble | None:
    if said.seen[:_DIGITS] != _answer_stamp(application):
        return Trouble.CHANGED_SINCE
    if said.seen != stamp(application):
        return Trouble.REWRITTEN
    if said.rating == Rating.DECLINED and not said.comment:
        return Trouble.REASON_MISSING
    return None
