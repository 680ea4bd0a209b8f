"""Who of the chosen gets a letter, and when reminders are due."""

import datetime as dt

import pytest

from eventops.clock import tokyo
from eventops.mail import rules as mail_rules
from eventops.mailings import rules
from eventops.mailings.models import MailingKind
from eventops.mailings.rules import Candidate, Known, LeftOut, select
from tests.factories import NOW

HELD_ON = dt.date(2027, 1, 22)
STARTS_AT = tokyo(HELD_ON, dt.time(17))
WEEK, DAY = MailingKind.REMINDER_WEEK, MailingKind.REMINDER_DAY
LONG_AGO, LATELY = NOW - dt.timedelta(days=30), NOW - dt.timedelta(hours=47)


def one(number, email="a@example.jp", *, agreed=True, since=LONG_AGO):
    return Candidate("registration", number, "会社", "氏名", email, "ja", agreed, since)


def verdicts(kind, *candidates, known=Known()):
    selection = select(candidates, known, kind=kind, now=NOW)
    chosen = {candidate.subject_id: None for candidate in selection.chosen}
    return chosen | {candidate.subject_id: reason for candidate, reason in selection.left_out}


def test_what_belongs_to_a_registration_goes_to_each_that_has_an_address():
    found = verdicts(MailingKind.NOTICE, one(1, agreed=False), one(2, ""), one(3, since=NOW))
    assert found == {1: None, 2: LeftOut.NO_ADDRESS, 3: None}


def test_an_announcement_goes_once_to_whoever_agreed_and_did_not_refuse_since():
    known = Known(
        refused_at={"b@example.jp": NOW - dt.timedelta(days=10)},
        came_back=frozenset({"c@example.jp"}),
        registered=frozenset({"d@example.jp"}),
    )
    found = verdicts(
        MailingKind.ANNOUNCEMENT,
        one(1),
        one(2, "A@example.jp"),
        one(3, "B@example.jp"),
        one(4, "b@example.jp", since=None),
        one(5, "b@example.jp", since=NOW - dt.timedelta(days=5)),
        one(6, "c@example.jp"),
        one(7, "d@example.jp"),
        one(8, "e@example.jp", agreed=False),
        known=known,
    )
    assert found == {
        1: None,
        2: LeftOut.SAME_ADDRESS,
        3: LeftOut.UNSUBSCRIBED,
        4: LeftOut.UNSUBSCRIBED,
        5: None,
        6: LeftOut.CAME_BACK,
        7: LeftOut.REGISTERED,
        8: LeftOut.NOT_AGREED,
    }


def test_who_has_just_applied_is_reminded_only_on_the_eve():
    assert verdicts(WEEK, one(1, since=LATELY), one(2)) == {1: LeftOut.JUST_APPLIED, 2: None}
    assert verdicts(DAY, one(1, since=LATELY)) == {1: None}


@pytest.mark.parametrize(
    ("kind", "at", "due"),
    [
        (WEEK, tokyo(dt.date(2027, 1, 15), dt.time(9, 59)), False),
        (WEEK, tokyo(dt.date(2027, 1, 15), dt.time(10)), True),
        (WEEK, tokyo(dt.date(2027, 1, 20), dt.time(9, 59)), True),
        (WEEK, tokyo(dt.date(2027, 1, 20), dt.time(10)), False),
        (DAY, tokyo(dt.date(2027, 1, 21), dt.time(9, 59)), False),
        (DAY, tokyo(dt.date(2027, 1, 21), dt.time(10)), True),
        (DAY, STARTS_AT - dt.timedelta(hours=1, seconds=1), True),
        (DAY, STARTS_AT - dt.timedelta(hours=1), False),
    ],
)
def test_reminders_wait_for_their_morning_and_end_in_time(kind, at, due):
    assert rules.is_due(kind, HELD_ON, STARTS_AT, now=at) is due


def test_an_event_on_another_day_is_another_occasion():
    assert rules.occasion(WEEK, 7, HELD_ON) == "reminder_week:7:2027-01-22"
    assert rules.occasion(WEEK, 7, HELD_ON) != rules.occasion(WEEK, 7, HELD_ON + dt.timedelta(days=1))


@pytest.mark.parametrize(("letters", "minutes"), [(1, 1), (60, 1), (61, 2), (0, 0)])
def test_how_long_a_mailing_takes(letters, minutes):
    assert mail_rules.minutes_for(letters, per_minute=60) == minutes
