"""What the form of an event is made of: read for every page, and for sending remembered for a moment."""

import datetime as dt
import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session

from eventops.events import ties
from eventops.events.models import Event
from eventops.questions import queries as question_queries
from eventops.questions.rules import Asked
from eventops.registration import eligibility, host_consents, providers, queries

REMEMBERED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class FormFacts:
    """The event with its parts, pools and fees, and whatever else decides which fields there are."""

    event: Event
    by_invitation: AbstractSet[int]
    questions: Sequence[Asked]
    tied: Sequence[Event]
    hosts: Sequence[host_consents.Asked]


def read(session: Session, slug: str, *, now: dt.datetime) -> FormFacts:
    """As the database has it."""
    event = queries.public_event(session, slug)
    is_by_invitation = eligibility.is_by_invitation(event)
    return FormFacts(
        event=event,
        by_invitation=providers.parts_by_invitation(session, event.id) if is_by_invitation else frozenset(),
        questions=question_queries.asked(session, event.id),
        tied=ties.open_events(session, event.id, now=now),
        hosts=host_consents.asked(session, event),
    )


class Memory:
    """What was read a moment ago. While many send at once, the form is not read anew for each of them.

    Only the shape of the form rests on it: seats, prices and deadlines are judged on what is read under the lock.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, FormFacts]] = {}

    def facts(self, session: Session, slug: str, *, now: dt.datetime) -> FormFacts:
        known = self._known.get(slug)
        if known is not None and time.monotonic() - known[0] < REMEMBERED_SECONDS:
            return known[1]
        facts = read(session, slug, now=now)
        for event in (facts.event, *facts.tied):
            session.expunge(event)  # it outlives this request
        self._known[slug] = (time.monotonic(), facts)
        return facts


def init_memory(app: Flask) -> None:
    app.extensions["form_facts"] = Memory()


def remembered(session: Session, slug: str, *, now: dt.datetime) -> FormFacts:
    """As it was at most a moment ago, on rows that belong to no session."""
    memory: Memory = current_app.extensions["form_facts"]
    return memory.facts(session, slug, now=now)
