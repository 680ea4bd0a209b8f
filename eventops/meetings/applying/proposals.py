"""The entry sheet's own part: what is proposed, who comes, when they cannot; written on its application."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.clock import tokyo
from eventops.directory import service as directory
from eventops.directory.service import PersonAsTyped
from eventops.meetings.applying import papers
from eventops.meetings.models import Application
from eventops.questions.files import HandedIn
from eventops.wareki import japan_time


@dataclass(frozen=True, slots=True)
class Times:
    """Hours of the day: there from, there until, and away in between."""

    arrives_from: dt.time | None = None
    leaves_by: dt.time | None = None
    away_from: dt.time | None = None
    away_until: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a company hands in for a need."""

    title: str
    text: str
    technology_tags: Sequence[str] = ()
    priority: int | None = None
    companions: Sequence[PersonAsTyped] = ()
    times: Times = Times()
    introducer: str = ""
    files: Sequence[HandedIn] = ()


def write(session: Session, application: Application, proposal: Proposal, *, now: dt.datetime) -> None:
    """The sender promises with every version that nothing in it is secret; new times wait for staff again."""
    application.proposal_title, application.proposal_text = proposal.title, proposal.text
    application.technology_tags = list(proposal.technology_tags)
    application.priority, application.introducer = proposal.priority, proposal.introducer
    application.companion_ids = [
        directory.find_or_make_by_name(session, organisation_id=application.organisation_id, typed=one).id
        for one in proposal.companions
    ]
    application.no_secrets_at = now
    _set_times(application, proposal.times)
    papers.keep(application, proposal.files)


def _set_times(application: Application, times: Times) -> None:
    day = japan_time(application.need.round.starts_at).date()
    changed = False
    for name in ("arrives_from", "leaves_by", "away_from", "away_until"):
        hour = getattr(times, name)
        moment = tokyo(day, hour) if hour is not None else None
        changed = changed or moment != getattr(application, name)
        setattr(application, name, moment)
    if changed:
        application.times_settled = False


def times_of(application: Application) -> Times:
    """As the form shows them."""
    moments = (application.arrives_from, application.leaves_by, application.away_from, application.away_until)
    return Times(*(japan_time(one).time() if one is not None else None for one in moments))
