"""Who shows many codes that nobody holds is slowed down: one desk never does, somebody who guesses has to."""

from flask import abort
from limits import parse

from eventops.checkin.rules import Verdict
from eventops.limits import limiter

_UNKNOWN_CODES = parse("40 per minute")
_WRONG_NUMBERS = parse("5 per minute")
_LOOK_UPS = parse("20 per minute")


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
    if limiter.enabled and not limiter.limiter.hit(_LOOK_UPS, "door-numbers", who):
        abort(429)
