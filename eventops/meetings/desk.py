"""The matching desk in numbers: how far each step has come, and which one is next."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.accounts.permissions import user_may_open
from eventops.meetings.frame import loads
from eventops.meetings.frame.loads import Arithmetic
from eventops.meetings.models import CompetitorPair, MatchingRound, Need, ParticipantLimit
from eventops.meetings.timetable.models import Timetable, TimetableState
from eventops.meetings.wishes import requests
from eventops.meetings.wishes.requests import RequestList


@dataclass(frozen=True, slots=True)
class DeskStep:
    """One line of the desk's list, as the page's macro reads it."""

    label: str
    state: str
    note: str
    action_label: str
    action_url: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step before it is known which one is next."""

    label: str
    done: bool
    note: str
    endpoint: str
    action_label: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on the overview."""

    needs: int
    listed: RequestList
    numbers: Arithmetic
    limits: int
    pairs: int
    published: int | None

    @property
    def is_empty(self) -> bool:
        return self.needs == 0 and self.listed.total == 0


def load(session: Session, found: MatchingRound) -> Desk:
    return Desk(
        needs=_count(session, Need, found.id),
        listed=requests.request_list(session, found.id),
        numbers=loads.arithmetic(session, found),
        limits=_count(session, ParticipantLimit, found.id),
        pairs=_count(session, CompetitorPair, found.id),
        published=session.scalar(
            select(func.max(Timetable.version)).where(
                Timetable.round_id == found.id, Timetable.state == TimetableState.PUBLISHED
            )
        ),
    )


def _count(session: Session, model: type[Need] | type[ParticipantLimit] | type[CompetitorPair], round_id: int) -> int:
    return session.scalar(select(func.count()).select_from(model).where(model.round_id == round_id)) or 0


def steps(desk: Desk, event_id: int) -> list[DeskStep]:
    """The stages in order; the first that is not done is the next."""
    found = stages(desk)
    upcoming = next((stage for stage in found if not stage.done), None)
    return [
        DeskStep(
            stage.label,
            "done" if stage.done else ("due" if stage is upcoming else "later"),
            stage.note,
            stage.action_label,
            url_for(stage.endpoint, event_id=event_id) if user_may_open(stage.endpoint) else "",
        )
        for stage in found
    ]


def stages(desk: Desk) -> Sequence[Stage]:
    numbers, listed = desk.numbers, desk.listed
    doubts = len(listed.duplicates) + len(listed.exclusions)
    waiting = len(listed.waiting)
    return (
        Stage(
            _("枠・部屋・卓を決める"),
            bool(numbers.slots and numbers.tables),
            _("%(slots)s枠・%(tables)s卓", slots=numbers.slots, tables=numbers.tables),
            "meetings.round_frame",
            _("枠と卓"),
        ),
        Stage(_("ニーズを集める"), desk.needs > 0, _("%(n)s件", n=desk.needs), "meetings.needs", _("ニーズ")),
        Stage(_("応募を集める"), listed.total > 0, _("%(n)s件", n=listed.total), "meetings.applications", _("応募")),
        Stage(
            _("大手の選考をまとめる"),
            listed.total > 0 and waiting == 0,
            _("未定 %(n)s件", n=waiting) if waiting else _("回答がそろっています") if listed.total else "",
            "meetings.screening",
            _("選考"),
        ),
        Stage(
            _("重複と対象外を整理する"),
            listed.total > 0 and doubts == 0,
            _("確認 %(n)s件", n=doubts) if doubts else "",
            "meetings.request_list",
            _("面談希望"),
        ),
        Stage(
            _("都合と競合を確認する"),
            desk.limits > 0,
            _("都合 %(limits)s件・競合 %(pairs)s組", limits=desk.limits, pairs=desk.pairs),
            "meetings.limits",
            _("都合"),
        ),
        Stage(
            _("時間割を作って公開する"),
            desk.published is not None,
            _("第%(n)s版を公開中", n=desk.published) if desk.published else "",
            "meetings.board",
            _("時間割"),
        ),
    )
