"""The entry sheet's own part: what is proposed, who comes, when they cannot; written on its application."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.clock import tokyo
from eventops.directory import service as directory
from eventops.directory.models import Person
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
    papers.keep(session, application, proposal.files)


def is_same(session: Session, application: Application, proposal: Proposal) -> bool:
    """Whether the application says what the form says, so that the form was only sent once more."""
    texts = (application.proposal_title, application.proposal_text, application.introducer, application.priority)
    people = [session.get_one(Person, one) for one in application.companion_ids]
    return (
        texts == (proposal.title, proposal.text, proposal.introducer, proposal.priority)
        and list(application.technology_tags) == list(proposal.technology_tags)
        and times_of(application) == proposal.times
        and [one.family_name + one.given_name for one in people] == [one.squeezed for one in proposal.companions]
        and [(one.name, one.size) for one in application.files] == [(one.name, one.size) for one in proposal.files]
    )


def as_recorded(application: Application) -> dict[str, object]:
    """What the history says of an application before and after its sender changed it."""
    moments = (application.arrives_from, application.leaves_by, application.away_from, application.away_until)
    return {
        "title": application.proposal_title,
        "text": application.proposal_text,
        "tags": list(application.technology_tags),
        "priority": application.priority,
        "introducer": application.introducer,
        "companions": list(application.companion_ids),
        "times": [one.isoformat() if one is not None else "" for one in moments],
        "files": [one.name for one in application.files],
    }


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
