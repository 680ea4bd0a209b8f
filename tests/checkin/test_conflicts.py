"""Looks that devices answered alone: what is found of them afterwards, and from when on."""

import datetime as dt

from eventops.checkin import conflicts, service
from eventops.checkin.commands import Told
from eventops.checkin.rules import Passage, Verdict
from tests.checkin.arrange import TICKET_KEY, cancel, code_of, look, make_attendee, make_door, on_the_day


def tell(session, wish, *, at):
    return service.told(session, wish, Told(Verdict.ADMIT, at), key=TICKET_KEY, now=on_the_day(13))


def test_what_is_found_in_practice_is_nobody_s_concern_on_the_day(session):
    event = make_door(session)
    guest = make_attendee(session, event)
    cancel(guest)
    day_before = on_the_day() - dt.timedelta(days=1)
    tell(session, look(event, code_of(guest)), at=day_before)

    found = [conflicts.listed(session, event, now=now) for now in (day_before, on_the_day())]
    counted = [conflicts.count(session, event, now=now) for now in (day_before, on_the_day())]

    assert [len(listed) for listed in found] == counted == [1, 0]


def test_a_repeated_look_names_the_admission_before_it_that_arrived_after_it(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    second, first = look(event, code, station="受付1"), look(event, code, station="受付2")
    tell(session, second, at=on_the_day(12, 50))
    tell(session, first, at=on_the_day(12, 40))

    again = tell(session, second, at=on_the_day(12, 50))

    assert (again.verdict, again.first) == (Verdict.ALREADY_IN, Passage(on_the_day(12, 40), "受付2"))
