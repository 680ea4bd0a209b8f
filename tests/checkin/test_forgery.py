"""Made-up codes: the verifier knows none of them, and the door says so in words and lets nobody in."""

import itertools
import random

import pytest

from eventops.checkin.rules import Verdict
from eventops.registration import tickets
from eventops.registration.tickets import BadTicket, TicketRef
from tests.checkin.arrange import TICKET_KEY, code_of, make_attendee, make_door, scan

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
MADE_UP = 5000
REAL = tickets.issue(TicketRef(1, 1), key=TICKET_KEY)
OTHER = tickets.issue(TicketRef(2, 1), key=TICKET_KEY)


def is_accepted(code):
    try:
        return tickets.read(code, key=TICKET_KEY) is not None
    except BadTicket:
        return False


def altered():
    """Another character, or none, in each place, the first one too."""
    for place in range(len(REAL)):
        yield REAL[:place] + REAL[place + 1 :]
        yield from (REAL[:place] + other + REAL[place + 1 :] for other in LETTERS + "0189 =" if other != REAL[place])


def at_random():
    dice = random.Random(6)
    return ("E" + "".join(dice.choices(LETTERS, k=24)) for _ in range(MADE_UP))


def of_another_key():
    return (tickets.issue(TicketRef(1, 1), key=f"key {number}") for number in range(MADE_UP))


def grafted():
    return (REAL[:place] + OTHER[place:] for place in range(9, 25))


def no_code_at_all():
    return ["", "E", REAL + "A", REAL * 2, "É" + REAL[1:], REAL.replace("A", "Ａ") + "\0"]


@pytest.mark.parametrize(
    ("made_up", "number"),
    [
        (altered, len(REAL) * (len(LETTERS) + 6)),
        (at_random, MADE_UP),
        (of_another_key, MADE_UP),
        (grafted, 16),
        (no_code_at_all, 6),
    ],
)
def test_the_verifier_accepts_nothing_that_was_not_issued(made_up, number):
    codes = list(made_up())
    assert len(codes) == number
    assert [code for code in codes if is_accepted(code)] == []


def test_the_verifier_accepts_what_was_issued():
    assert is_accepted(REAL)
    assert is_accepted(OTHER.lower())


def test_an_altered_code_lets_nobody_in_wherever_it_is_altered(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    forged = [code[:place] + ("A" if code[place] != "A" else "B") + code[place + 1 :] for place in range(len(code))]

    verdicts = {scan(session, event, one).verdict for one in itertools.chain(forged, [code[::-1]])}

    assert verdicts == {Verdict.UNKNOWN_CODE}
    assert scan(session, event, code).verdict is Verdict.ADMIT
