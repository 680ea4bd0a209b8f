"""The demonstration's matching: its sheets through the importers, and what companies and coordinators said of them."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.demo.files import upload
from eventops.errors import NotFound
from eventops.events.models import Event
from eventops.meetings import queries
from eventops.meetings.applying import recommending
from eventops.meetings.frame import rounds
from eventops.meetings.hosting import service
from eventops.meetings.models import Application, MatchingRound
from eventops.meetings.sheets import importing
from eventops.meetings.wishes.service import Act

_SHEETS = {
    "rooms": "rooms",
    "slots": "slots",
    "needs": "needs",
    "applications": "applications",
    "limits": "availability",
    "pairs": "competitors",
}
_ANONYMOUS = {"N17": "大手鉄道車両メーカー", "N20": "大手物流機器メーカー"}
_RECOMMENDED = {
    "A001": ("椎名浩司(コーディネーター)", "工場で選別の工程を確かめました。量産の実績があります。"),
    "A010": ("事務局", "昨年の試作の評価が良く、面談をお勧めします。"),
}
_INTRODUCERS = {"架空商工会議所": 7, "架空信用金庫": 11, "架空産業支援センター": 17}
"""Each agency brought every so many-th application."""


def add(session: Session, event: Event, *, now: dt.datetime) -> None:
    """Fill the round of the event's closed matching."""
    found = rounds.ensure(session, event.id)
    if found is None:
        raise NotFound
    for kind, name in _SHEETS.items():
        importing.carry_out(session, round_id=found.id, kind=kind, upload=upload(name), actor_id=None, now=now)
        session.flush()
    _confirm(session, found, now=now)
    applications = session.scalars(
        select(Application).where(Application.round_id == found.id).order_by(Application.code)
    ).all()
    _recommend(session, found, applications, now=now)
    for place, application in enumerate(applications, start=1):
        application.introducer = next((name for name, each in _INTRODUCERS.items() if place % each == 0), "")


def _confirm(session: Session, found: MatchingRound, *, now: dt.datetime) -> None:
    """Every company has read its need; two do not want to be named."""
    for need in queries.needs(session, found.id):
        need.public_name = _ANONYMOUS.get(need.code, "")
        need.is_anonymous = need.code in _ANONYMOUS
        names = [one.person.full_name for one in sorted(need.attendees, key=lambda one: one.id)]
        service.confirm(session, need_id=need.id, name=names[0] if names else "", now=now)


def _recommend(
    session: Session, found: MatchingRound, applications: Sequence[Application], *, now: dt.datetime
) -> None:
    act = Act(found.id, None, now)
    for application in applications:
        if application.code in _RECOMMENDED:
            who, why = _RECOMMENDED[application.code]
            recommending.recommend(session, act, application_id=application.id, recommender=who, reason=why)
