"""All that was done on a round's timetables: when, who, what and why; the newest first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts.models import StaffUser
from eventops.meetings.timetable import acts
from eventops.meetings.timetable.models import Timetable, TimetableAct

PAGE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One act, or one publication."""

    at: dt.datetime
    what: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """A page of it; `older` is where the next page begins, None on the last."""

    entries: tuple[Entry, ...]
    older: int | None


def history(session: Session, round_id: int, *, before: int | None = None) -> History:
    """What was done before the act with this number, or up to now."""
    query = select(TimetableAct).join(Timetable).where(Timetable.round_id == round_id)
    if before is not None:
        query = query.where(TimetableAct.id < before)
    found = session.scalars(query.order_by(TimetableAct.id.desc()).limit(PAGE + 1)).all()
    shown, last = found[:PAGE], found[PAGE - 1] if len(found) > PAGE else None
    entries = [*_acts(session, shown), *_publications(session, round_id, shown, before, is_last=last is None)]
    return History(tuple(sorted(entries, key=lambda one: one.at, reverse=True)), last.id if last else None)


def _acts(session: Session, shown: Sequence[TimetableAct]) -> list[Entry]:
    said = acts.sentences(session, shown)
    return [Entry(act.at, what, act.reason or "") for act, what in zip(shown, said, strict=True)]


def _publications(
    session: Session, round_id: int, shown: Sequence[TimetableAct], before: int | None, *, is_last: bool
) -> list[Entry]:
    """Those that belong between the acts of the page."""
    query = (
        select(Timetable, StaffUser.name)
        .outerjoin(StaffUser, StaffUser.id == Timetable.published_by_id)
        .where(Timetable.round_id == round_id, Timetable.published_at.is_not(None))
    )
    if before is not None and (until := session.scalar(select(TimetableAct.at).where(TimetableAct.id == before))):
        query = query.where(Timetable.published_at <= until)
    if not is_last:
        query = query.where(Timetable.published_at > shown[-1].at)
    return [_publication(timetable, name) for timetable, name in session.execute(query)]


def _publication(timetable: Timetable, name: str | None) -> Entry:
    who = _("%(name)sさん", name=name) if name else _("自動処理")
    if timetable.is_preliminary:
        what = str(_("%(who)sが、第%(n)s版を予定として知らせました。", who=who, n=timetable.version))
    else:
        what = str(_("%(who)sが、第%(n)s版を確定して知らせました。", who=who, n=timetable.version))
    return Entry(timetable.published_at or timetable.created_at, what)
