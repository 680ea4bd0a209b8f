"""Who of the chosen readers gets a letter, and when reminders are due."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from eventops.clock import TOKYO, tokyo
from eventops.mailings.models import MailingKind

MORNING = dt.time(10)
WEEK_AHEAD = 7
TOO_CLOSE = 2
"""The letter of the week before is of no use any more on the second day before: the day's own letter follows."""
BEFORE_START = dt.timedelta(hours=1)
FRESH = dt.timedelta(days=2)
REMINDERS = (MailingKind.REMINDER_WEEK, MailingKind.REMINDER_DAY)
BY_HAND = (MailingKind.NOTICE, MailingKind.EVENT_CHANGED, MailingKind.THANKS, MailingKind.ANNOUNCEMENT)


class LeftOut(StrEnum):
    """Why somebody who was chosen gets no letter."""

    NO_ADDRESS = "no_address"
    NOT_AGREED = "not_agreed"
    UNSUBSCRIBED = "unsubscribed"
    REGISTERED = "registered"
    SAME_ADDRESS = "same_address"
    CAME_BACK = "came_back"
    JUST_APPLIED = "just_applied"
    GONE = "gone"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reader as far as the decision needs: `since` is when the address and the agreement were given."""

    subject_kind: str
    subject_id: int
    company: str
    name: str
    email: str
    language: str
    agreed: bool
    since: dt.datetime | None

    @property
    def key(self) -> tuple[str, int]:
        return self.subject_kind, self.subject_id


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about addresses, in small letters: refusals, what came back, who takes part already."""

    refused_at: Mapping[str, dt.datetime] = field(default_factory=dict)
    came_back: frozenset[str] = frozenset()
    registered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Selection:
    """Who gets a letter, and who does not and why, each in the order of the list."""

    chosen: tuple[Candidate, ...]
    left_out: tuple[tuple[Candidate, LeftOut], ...]


def select(candidates: Iterable[Candidate], known: Known, *, kind: MailingKind, now: dt.datetime) -> Selection:
    """Announcements go once to an address and only to those who agreed; all others belong to a registration each."""
    chosen: list[Candidate] = []
    left_out: list[tuple[Candidate, LeftOut]] = []
    written: set[str] = set()
    for one in candidates:
        reason = _why_not(one, known, written, kind=kind, now=now)
        if reason is None:
            chosen.append(one)
            written.add(one.email.lower())
        else:
            left_out.append((one, reason))
    return Selection(tuple(chosen), tuple(left_out))


def _why_not(one: Candidate, known: Known, written: set[str], *, kind: MailingKind, now: dt.datetime) -> LeftOut | None:
    if not one.email:
        return LeftOut.NO_ADDRESS
    if kind is MailingKind.ANNOUNCEMENT:
        return _why_no_announcement(one, known, written)
    is_fresh = one.since is not None and now - one.since < FRESH
    return LeftOut.JUST_APPLIED if kind is MailingKind.REMINDER_WEEK and is_fresh else None


def _why_no_announcement(one: Candidate, known: Known, written: set[str]) -> LeftOut | None:
    email = one.email.lower()
    if not one.agreed:
        return LeftOut.NOT_AGREED
    if _is_refused(one, known.refused_at.get(email)):
        return LeftOut.UNSUBSCRIBED
    if email in known.came_back:
        return LeftOut.CAME_BACK
    if email in known.registered:
        return LeftOut.REGISTERED
    return LeftOut.SAME_ADDRESS if email in written else None


def _is_refused(one: Candidate, refused_at: dt.datetime | None) -> bool:
    """Who agreed again after refusing wants the letters; an agreement without a date is the older one."""
    return refused_at is not None and (one.since is None or one.since <= refused_at)


def reminder_window(
    kind: MailingKind, held_on: dt.date, starts_at: dt.datetime | None
) -> tuple[dt.datetime, dt.datetime]:
    """From when to before when a reminder is sent: a worker that slept through the morning still sends it."""
    if kind is MailingKind.REMINDER_WEEK:
        return _morning(held_on, WEEK_AHEAD), _morning(held_on, TOO_CLOSE)
    start = starts_at or tokyo(held_on, dt.time())
    return _morning(held_on, 1), start - BEFORE_START


def is_due(kind: MailingKind, held_on: dt.date, starts_at: dt.datetime | None, *, now: dt.datetime) -> bool:
    opens, closes = reminder_window(kind, held_on, starts_at)
    return opens <= now < closes


def may_be_near(held_on: dt.date, *, now: dt.datetime) -> bool:
    """Whether any reminder of an event on this day can be due."""
    today = now.astimezone(TOKYO).date()
    return today <= held_on <= today + dt.timedelta(days=WEEK_AHEAD)


def occasion(kind: MailingKind, event_id: int, held_on: dt.date) -> str:
    """What a reminder is for: an event that moves to another day is reminded of again."""
    return f"{kind}:{event_id}:{held_on.isoformat()}"


def _morning(held_on: dt.date, days_before: int) -> dt.datetime:
    return tokyo(held_on - dt.timedelta(days=days_before), MORNING)
