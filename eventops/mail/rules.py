"""When a letter is tried again and given up, how fast bulk letters follow each other, when a server is left alone."""

import datetime as dt
from enum import StrEnum

CONVERSATION = dt.timedelta(seconds=240)
"""The longest that handing over one letter may take, whatever the server does."""
LEASE = dt.timedelta(seconds=300)
"""A worker's hold on a letter: longer than the conversation, so that a slow server never meets two workers."""
_LADDER = tuple(dt.timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 21_600, 43_200))
_QUIET = tuple(dt.timedelta(seconds=seconds) for seconds in (10, 20, 60, 120, 300))
CATCH_UP = dt.timedelta(seconds=2)
_AT_ONCE = 20
"""So many letters of one cause go as single ones: changes of the day reach a few people, and do not wait."""


class Blame(StrEnum):
    """Whose fault a failure is: the letter's (or its reader's), or the server's, which all letters share."""

    LETTER = "letter"
    SERVER = "server"


def is_hopeless(attempts: int) -> bool:
    """Whether a letter that was just claimed for the `attempts`-th time killed its workers on all its earlier tries."""
    return attempts > len(_LADDER) + 1


def next_try(attempts: int, *, now: dt.datetime) -> dt.datetime | None:
    """When to try again after `attempts` failed ones; None when it is time to give up (after about a day)."""
    return now + _LADDER[attempts - 1] if attempts <= len(_LADDER) else None


def quiet_until(failures: int, *, now: dt.datetime) -> dt.datetime:
    """When to knock again at a server that failed `failures` times in a row."""
    return now + _QUIET[min(failures, len(_QUIET)) - 1]


def is_bulk(letters: int) -> bool:
    """Whether so many letters of one cause keep the pace of bulk letters."""
    return letters > _AT_ONCE


def minutes_for(letters: int, *, per_minute: int) -> int:
    """How long so many bulk letters take, in whole minutes."""
    return -(-letters // per_minute)


def next_bulk(due_at: dt.datetime, *, per_minute: int, now: dt.datetime) -> dt.datetime:
    """When the bulk letter after the one that goes now may go; a worker that slept does not make up for all of it."""
    return max(due_at, now - CATCH_UP) + dt.timedelta(minutes=1) / per_minute


def may_be_sent_again(state: str) -> bool:
    """Whether staff may put the letter itself back into the queue: it went out to nobody, or came back."""
    return state in ("failed", "cancelled", "bounced")


def masked(email: str) -> str:
    """An address as one shows it to somebody who may not be its owner: t…@example.jp"""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"
