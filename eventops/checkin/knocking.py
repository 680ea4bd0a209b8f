"""Who shows many codes that nobody holds is slowed down: one desk never does, somebody who guesses has to."""

from collections.abc import Sequence

from flask import abort
from limits import RateLimitItem, parse, parse_many

from eventops.checkin.rules import Verdict
from eventops.limits import limiter

_UNKNOWN_CODES = parse("40 per minute")
_WRONG_NUMBERS = parse("5 per minute")
_LOOK_UPS = parse_many("20 per minute; 500 per day")
_ACTS = parse_many("12 per minute; 400 per day")
_PRESSES = parse_many("40 per minute; 3000 per day")


def slow_down(who: str) -> None:
    """Answer 429 while this station has shown too many unknown codes within a minute."""
    if limiter.enabled and not limiter.limiter.test(_UNKNOWN_CODES, "unknown-codes", who):
        abort(429)


def count(who: str, verdict: Verdict) -> None:
    if limiter.enabled and verdict is Verdict.UNKNOWN_CODE:
        limiter.limiter.hit(_UNKNOWN_CODES, "unknown-codes", who)


def slow_down_guesses(who: str) -> None:
    """The same for the six digits of somebody in charge."""
    if limiter.enabled and not limiter.limiter.test(_WRONG_NUMBERS, "supervisor-codes", who):
        abort(429)


def count_guess(who: str) -> None:
    if limiter.enabled:
        limiter.limiter.hit(_WRONG_NUMBERS, "supervisor-codes", who)


def slow_down_numbers(who: str) -> None:
    """Count ends of telephone numbers that a station asks about: a lost one must not find out everybody's."""
    _every(_LOOK_UPS, "door-numbers", who)


def slow_down_acts(who: str) -> None:
    """Count what a station has written for people: forms are typed one by one, a stolen key is not."""
    _every(_ACTS, "door-acts", who)


def slow_down_presses(who: str) -> None:
    """The same for cash and badges, one press each."""
    _every(_PRESSES, "door-presses", who)


def _every(limits: Sequence[RateLimitItem], name: str, who: str) -> None:
    if limiter.enabled and not all(limiter.limiter.hit(limit, name, who) for limit in limits):
        abort(429)
