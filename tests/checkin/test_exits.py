"""People who leave and come back: at a signed-in desk, at a station without a network, and in the counters."""

import re
from dataclasses import replace

from eventops.checkin import monitor, service
from eventops.checkin.commands import Told
from eventops.checkin.rules import Direction, Verdict
from tests.checkin.arrange import TICKET_KEY, code_of, look, make_attendee, make_door, on_the_day, scan
from tests.checkin.requests import scans, send, url


def leave(session, event, code, *, at, shown=None):
    wish = replace(look(event, code, station="出口"), direction=Direction.OUT)
    if shown is None:
        return service.scan(session, wish, key=TICKET_KEY, now=at)
    return service.told(session, wish, Told(shown, at), key=TICKET_KEY, now=on_the_day(15))


def counts(session, event):
    return monitor.part_counts(session, event.parts, now=on_the_day(15))[event.parts[0].id]


def test_who_goes_out_may_come_back_and_is_counted_once(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    scan(session, event, code_of(make_attendee(session, event)), at=on_the_day(12, 0))

    come = [scan(session, event, code, at=on_the_day(12, 0)), leave(session, event, code, at=on_the_day(12, 20))]
    gone = counts(session, event)
    back = scan(session, event, code, at=on_the_day(12, 30))

    assert [one.verdict for one in (*come, back)] == [Verdict.ADMIT, Verdict.LEFT, Verdict.BACK_IN]
    assert (gone.inside, gone.left, gone.present) == (2, 1, 1)
    assert (counts(session, event).inside, counts(session, event).present) == (2, 2)
    repeated = scan(session, event, code, at=on_the_day(12, 40))
    assert (repeated.verdict, repeated.first.at) == (Verdict.ALREADY_IN, on_the_day(12, 30))


def test_an_exit_that_is_taken_back_leaves_the_person_inside(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    scan(session, event, code, at=on_the_day(12, 0))
    gone = leave(session, event, code, at=on_the_day(12, 20))

    service.undo(session, event_id=event.id, scan_id=gone.scan_id, user_id=None, now=on_the_day(12, 21))

    assert counts(session, event).present == 1
    assert scan(session, event, code, at=on_the_day(12, 30)).verdict is Verdict.ALREADY_IN


def test_an_exit_that_arrives_late_makes_the_second_entry_a_return(session):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    scan(session, event, code, at=on_the_day(12, 0))
    tell = replace(look(event, code, station="受付3"))
    service.told(session, tell, Told(Verdict.ADMIT, on_the_day(12, 40)), key=TICKET_KEY, now=on_the_day(14))

    late = leave(session, event, code, at=on_the_day(12, 20), shown=Verdict.NOT_INSIDE)

    again = service.told(session, tell, Told(Verdict.ADMIT, on_the_day(12, 40)), key=TICKET_KEY, now=on_the_day(14))
    assert (late.verdict, again.verdict) == (Verdict.LEFT, Verdict.BACK_IN)
    assert counts(session, event).present == 1


def test_a_desk_that_records_exits_says_so_and_remembers_it(app, desk, door):
    send(desk, door)
    page = desk.get(url(door, f"/scan?part={door[1][0]}&gate=out")).text
    left = desk.post(
        url(door, "/scan"),
        data={"nonce": "exit-0001", "part": door[1][0], "method": "keyboard"} | {"direction": "out", "code": door[2]},
    )

    assert "退場を記録しています。" in page
    assert 'name="direction" value="out"' in page
    assert "退場" in desk.get(left.location).text
    assert [(one.verdict, one.direction) for one in scans(app)] == [("admit", "in"), ("left", "out")]
    assert "いま会場に 0名" in desk.get(url(door)).text
    assert "退場を記録しています。" not in desk.get(url(door, "/scan?gate=in")).text


SAYS_EXIT = "退場を記録しています。"


def test_an_exit_is_one_of_its_part_and_ends_when_a_desk_is_chosen(app, desk, door):
    first, second = door[1]
    assert SAYS_EXIT in desk.get(url(door, f"/scan?part={first}&gate=out")).text

    assert SAYS_EXIT not in desk.get(url(door, f"/scan?part={second}")).text
    assert SAYS_EXIT in desk.get(url(door, f"/scan?part={first}")).text
    desk.post(url(door, "/desk"), data={"station": "受付2", "part": first})
    assert SAYS_EXIT not in desk.get(url(door, f"/scan?part={first}")).text


def test_a_search_says_its_own_direction_whatever_another_window_does(desk, door):
    page = desk.get(url(door, f"/scan?part={door[1][0]}&gate=in")).text
    address = re.search(r'data-search="([^"]+)"', page)[1].replace("&amp;", "&")
    desk.get(url(door, f"/scan?part={door[1][0]}&gate=out"))

    for headers in ({"HX-Request": "true"}, {}):
        found = desk.post(address, data={"q": "タカ"}, headers=headers).text
        assert 'name="direction" value="in"' in found
        assert 'name="direction" value="out"' not in found


def test_a_direction_that_no_page_sends_is_refused(desk, door):
    assert send(desk, door, direction="up").status_code == 422
