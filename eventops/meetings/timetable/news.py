"""What has happened to the timetable since a page last looked: all open boards keep asking, so asking is cheap."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from eventops.accounts.models import StaffUser
from eventops.accounts.permissions import Permission, may
from eventops.accounts.sign_in import Holder
from eventops.errors import NotFound
from eventops.events.models import Part
from eventops.jobs.models import Job
from eventops.meetings.models import MatchingRound
from eventops.meetings.timetable import acts as acts_words
from eventops.meetings.timetable import queries
from eventops.meetings.timetable.models import MAKING, Timetable, TimetableAct, TimetableMeeting, TimetableState

MOST_CELLS = 60
"""More changes than these are read faster as a whole board."""
MOST_TOLD = 3
NEVER = "0-0--0-"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a page knows: the version on the board with its revision, and the newest run."""

    timetable_id: int
    revision: int
    state: str
    job_id: int
    job_state: str

    def __str__(self) -> str:
        return f"{self.timetable_id}-{self.revision}-{self.state}-{self.job_id}-{self.job_state}"

    @classmethod
    def read(cls, text: str) -> "Stamp":
        """Of what is no stamp, one that nobody has."""
        parts = text.split("-")
        if len(parts) != 5 or not (parts[0] + parts[1] + parts[3]).isdecimal():
            return cls.read(NEVER)
        return cls(int(parts[0]), int(parts[1]), parts[2], int(parts[3]), parts[4])

    def follows(self, other: "Stamp") -> bool:
        """Whether it is the same draft, a few steps on: then the steps tell everything."""
        mine = (self.timetable_id, self.state, self.job_id, self.job_state)
        return mine == (other.timetable_id, other.state, other.job_id, other.job_state)


@dataclass(frozen=True, slots=True)
class News:
    """What changed since a stamp.

    `is_whole`: so much, or of such a kind, that the board has to be read again. `meetings` are those that changed and
    lie on the board now, `gone` the applications of those that do not.
    """

    stamp: Stamp
    is_whole: bool
    told: tuple[str, ...]
    meetings: Sequence[TimetableMeeting] = ()
    gone: tuple[int, ...] = ()


def stamp_of(session: Session, event_id: int) -> Stamp:
    """How the event's board stands; `NotFound` without a round."""
    found = session.execute(_standing(), {"event_id": event_id}).first()
    if found is None:
        raise NotFound
    return _stamp(*found)


def stamp_for(connection: Connection, event_id: int, holder: Holder) -> Stamp | None:
    """The same for who holds a cookie, and None unless they may look at it; one read by indexed columns."""
    asked = {"event_id": event_id, "user_id": holder.user_id, "issue": holder.issue}
    found = connection.execute(_standing_for_holder(), asked).first()
    if found is None or not may(found[-1], Permission.VIEW):
        return None
    return _stamp(*found[:-1])


def _stamp(
    timetable_id: int | None, revision: int | None, state: str | None, job_id: int | None, job_state: str | None
) -> Stamp:
    return Stamp(timetable_id or 0, revision or 0, state or "", job_id or 0, job_state or "")


@cache
def _standing_for_holder() -> Select[*tuple[Any, ...]]:
    is_holder = (
        StaffUser.id == bindparam("user_id"),
        StaffUser.session_issue == bindparam("issue"),
        StaffUser.enabled.is_(True),
    )
    return _standing().join(StaffUser, and_(*is_holder)).add_columns(StaffUser.role)


@cache
def _standing() -> Select[*tuple[Any, ...]]:
    newest = (
        select(func.max(Job.id))
        .where(Job.kind == MAKING, Job.subject_id == MatchingRound.id)
        .correlate(MatchingRound)
        .scalar_subquery()
    )
    on_the_board = (TimetableState.DRAFT, TimetableState.PUBLISHED)
    return (
        select(Timetable.id, Timetable.revision, Timetable.state, Job.id, Job.state)
        .select_from(MatchingRound)
        .join(Part, Part.id == MatchingRound.part_id)
        .outerjoin(Timetable, (Timetable.round_id == MatchingRound.id) & Timetable.state.in_(on_the_board))
        .outerjoin(Job, Job.id == newest)
        .where(MatchingRound.event_id == bindparam("event_id"))
        .order_by(Part.position, Timetable.state, Timetable.id.desc())
        .limit(1)
    )


def since(session: Session, known: Stamp, now: Stamp) -> News:
    """From what a page knows to how it stands now."""
    acts = _acts(session, known, now)
    changed = {one: None for act in acts for one in act.application_ids}
    told = acts_words.sentences(session, acts[-MOST_TOLD:])
    if not now.follows(known) or len(changed) > MOST_CELLS:
        return News(now, True, told)
    meetings = queries.meetings_at(session, now.timetable_id, changed)
    here = {one.application_id for one in meetings}
    return News(now, False, told, meetings, tuple(one for one in changed if one not in here))


def _acts(session: Session, known: Stamp, now: Stamp) -> Sequence[TimetableAct]:
    if known.timetable_id != now.timetable_id:
        return ()
    wanted = (TimetableAct.timetable_id == now.timetable_id, TimetableAct.revision > known.revision)
    return session.scalars(select(TimetableAct).where(*wanted).order_by(TimetableAct.revision)).all()
