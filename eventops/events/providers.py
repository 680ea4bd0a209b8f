"""What features above tell about events: seats, steps done, figures, links. Each registers itself at the start."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.orm import Session

from eventops.events.checklist import StepCode, StepReport
from eventops.events.models import Event, HostRole
from eventops.events.rules import PlaceCount, PoolKey


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its meaning, for the home page and the overview."""

    label: str
    value: int | str
    unit: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class PublicLink:
    """A further page about the event that guests should see."""

    label: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A name that may stand behind an event, with the role in which it usually does."""

    name: str
    role: HostRole


@dataclass(frozen=True, slots=True)
class CancellationReach:
    """Whom the news of a cancelled event would reach, who has no address, and the letter to the first."""

    people: int
    without_address: Sequence[str]
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class CancellationNews:
    """How a feature tells that an event is cancelled: look first, then tell, and take back what is out of date."""

    look: Callable[[Session, int, str, dt.datetime], CancellationReach]
    tell: Callable[[Session, int, str, int | None, dt.datetime], int]
    withdraw: Callable[[Session, int], None]


@dataclass(frozen=True, slots=True)
class ToldPlan:
    """A plan for the event's day that people have been told: which version, and to how many."""

    version: int
    companies: int
    people: int


PlaceCounter = Callable[[Session, Sequence[int]], Mapping[PoolKey, PlaceCount]]
"""Event ids in, counts of all their pools out, in a constant number of queries."""
StepReporter = Callable[[Session, Sequence[int], dt.datetime], Mapping[int, Mapping[StepCode, StepReport]]]
"""Event ids and the present moment in, reports by event id out."""
FigureCounter = Callable[[Session, Sequence[int]], Mapping[int, Sequence[Figure]]]
PartGuard = Callable[[Session, Collection[int]], Collection[int]]
"""Part ids in, those out that carry work which would be lost with the part."""
LinkGiver = Callable[[Session, int], PublicLink | None]
BodyGiver = Callable[[Session], Sequence[KnownBody]]
PlanTeller = Callable[[Session, int], ToldPlan | None]
ChangeCounter = Callable[[Session, Event], int]
"""How much has changed about an event since anybody was told."""
DayFollower = Callable[[Session, int], None]
"""An event id in; moves what the feature keeps to the day on which the event's parts are now."""


class Copier(Protocol):
    """Copies what a feature keeps about one event to another, which was made from it."""

    def __call__(self, session: Session, *, source_id: int, target_id: int) -> None: ...


@dataclass(slots=True)
class Providers:
    """Who is asked; names make registering twice harmless."""

    places: dict[str, PlaceCounter] = field(default_factory=dict)
    steps: dict[str, StepReporter] = field(default_factory=dict)
    figures: dict[str, FigureCounter] = field(default_factory=dict)
    parts_in_use: dict[str, PartGuard] = field(default_factory=dict)
    public_links: dict[str, LinkGiver] = field(default_factory=dict)
    bodies: dict[str, BodyGiver] = field(default_factory=dict)
    cancellation: CancellationNews | None = None
    copiers: dict[str, Copier] = field(default_factory=dict)
    told_plan: PlanTeller | None = None
    untold_changes: ChangeCounter | None = None
    followers: dict[str, DayFollower] = field(default_factory=dict)


registry = Providers()


def place_counts(session: Session, event_ids: Sequence[int]) -> dict[PoolKey, PlaceCount]:
    """Counts by part and mode of all these events."""
    found: dict[PoolKey, PlaceCount] = {}
    for count in registry.places.values():
        found |= count(session, event_ids)
    return found


def step_reports(session: Session, event_ids: Sequence[int], now: dt.datetime) -> dict[int, dict[StepCode, StepReport]]:
    """What the features know about the steps, by event."""
    found: dict[int, dict[StepCode, StepReport]] = {event_id: {} for event_id in event_ids}
    for report in registry.steps.values():
        for event_id, steps in report(session, event_ids, now).items():
            found[event_id] |= steps
    return found


def figures(session: Session, event_ids: Sequence[int]) -> dict[int, list[Figure]]:
    """The features' figures, by event, in the order of registering."""
    found: dict[int, list[Figure]] = {event_id: [] for event_id in event_ids}
    for count in registry.figures.values():
        for event_id, numbers in count(session, event_ids).items():
            found[event_id].extend(numbers)
    return found


def parts_in_use(session: Session, part_ids: Collection[int]) -> set[int]:
    """Parts that cannot be taken away."""
    return {part_id for guard in registry.parts_in_use.values() for part_id in guard(session, part_ids)}


def copy(session: Session, *, source_id: int, target_id: int) -> None:
    """Let the features copy what they keep about an event."""
    for copier in registry.copiers.values():
        copier(session, source_id=source_id, target_id=target_id)


def public_links(session: Session, event_id: int) -> list[PublicLink]:
    """Further pages for guests."""
    links = (give(session, event_id) for give in registry.public_links.values())
    return [link for link in links if link is not None]


def known_bodies(session: Session) -> list[KnownBody]:
    """Whom the form of an event offers to name."""
    return [body for give in registry.bodies.values() for body in give(session)]


def told_plan(session: Session, event_id: int) -> ToldPlan | None:
    """What people know of the event's day, if they were told."""
    return registry.told_plan(session, event_id) if registry.told_plan else None


def untold_changes(session: Session, event: Event) -> int:
    """How many changes those who have applied do not know of."""
    return registry.untold_changes(session, event) if registry.untold_changes else 0


def follow_day(session: Session, event_id: int) -> None:
    """Let the features move what they keep to the event's day."""
    for follow in registry.followers.values():
        follow(session, event_id)


def cancellation_reach(session: Session, event_id: int, note: str, now: dt.datetime) -> CancellationReach | None:
    """Whom cancelling the event would have to be told to."""
    return registry.cancellation.look(session, event_id, note, now) if registry.cancellation else None


def tell_cancelled(
    session: Session, event_id: int, *, note: str, tells: bool, actor_id: int | None, now: dt.datetime
) -> int:
    """Take back what is out of date, and tell everybody if staff wish so; the number of letters to come."""
    if registry.cancellation is None:
        return 0
    registry.cancellation.withdraw(session, event_id)
    return registry.cancellation.tell(session, event_id, note, actor_id, now) if tells else 0
