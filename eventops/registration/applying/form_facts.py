"""What the form of an event is made of: read for every page, and for sending remembered for a moment."""

import datetime as dt
import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from flask import Flask, current_app
from sqlalchemy.orm import Session

from eventops.events import ties
from eventops.events.models import Event
from eventops.languages import language
from eventops.questions import queries as question_queries
from eventops.questions.rules import Asked
from eventops.registration import eligibility, host_consents, providers, queries
from eventops.registration.applying.forms import ApplicationForm
from eventops.registration.applying.forms_event import RoomWord, Shape, shape_for

REMEMBERED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class FormFacts:
    """The event with its parts, pools and fees, and whatever else decides which fields there are."""

    event: Event
    by_invitation: AbstractSet[int]
    questions: Sequence[Asked]
    tied: Sequence[Event]
    hosts: Sequence[host_consents.Asked]

    def shape(self, rooms: RoomWord) -> Shape:
        """The form's fields in the language of now. `rooms` says in words how full a pool is."""
        return shape_for(
            self.event, rooms=rooms, by_invitation=self.by_invitation, questions=self.questions, hosts=self.hosts
        )


def read(session: Session, slug: str, *, now: dt.datetime) -> FormFacts:
    """As the database has it."""
    event = queries.public_event(session, slug)
    is_by_invitation = eligibility.is_by_invitation(event)
    return FormFacts(
        event=event,
        by_invitation=providers.parts_by_invitation(session, event.id) if is_by_invitation else frozenset(),
        questions=question_queries.asked(session, event.id),
        tied=ties.open_events(session, event.id, now=now) if event.is_tied else (),
        hosts=host_consents.asked(session, event),
    )


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was read a moment ago, on rows that belong to no session, and the form's fields in each language.

    Only the shape of the form rests on it: seats, prices and deadlines are judged on what is read under the lock.
    """

    facts: FormFacts
    read_at: float
    _shapes: dict[str, Shape] = field(default_factory=dict)

    def form(self) -> ApplicationForm:
        """The form that was sent. It is judged and never shown, so nobody asks it how full the pools are."""
        shape = self._shapes.get(language())
        if shape is None:
            shape = self._shapes[language()] = self.facts.shape(lambda _part_id, _mode: "")
        return shape.sent()


class Memory:
    """While many send at once, the form is not read anew for each of them."""

    def __init__(self) -> None:
        self._known: dict[str, Remembered] = {}

    def get(self, session: Session, slug: str, *, now: dt.datetime) -> Remembered:
        known = self._known.get(slug)
        if known is not None and time.monotonic() - known.read_at < REMEMBERED_SECONDS:
            return known
        facts = read(session, slug, now=now)
        for event in (facts.event, *facts.tied):
            session.expunge(event)  # it outlives this request
        self._known[slug] = found = Remembered(facts, time.monotonic())
        return found


def init_memory(app: Flask) -> None:
    app.extensions["form_facts"] = Memory()


def remembered(session: Session, slug: str, *, now: dt.datetime) -> Remembered:
    """As it was at most a moment ago."""
    memory: Memory = current_app.extensions["form_facts"]
    return memory.get(session, slug, now=now)
