"""The figures of the door, and that pages take a constant number of statements."""

import pytest
from sqlalchemy import select

from eventops.checkin import figures, monitor, overruling
from eventops.checkin.commands import Overruling
from eventops.checkin.rules import Verdict
from eventops.database import db, transaction
from eventops.registration.models import Attendee, Registration
from tests.checkin.arrange import code_of, make_attendee, make_door, on_the_day, scan
from tests.checkin.requests import send, url
from tests.checkin.test_exits import leave


def test_the_monitor_counts_parts_desks_and_who_is_missing(app, desk, door, crowd):
    send(desk, door)
    send(desk, door, nonce="device-1-0002")
    send(desk, door, nonce="device-1-0003", part=door[1][1])

    page = desk.get(url(door)).text

    assert page.count("<b>1</b> / 3名 <small>33%</small>") == 2
    assert '<th scope="row">受付2</th><td class="num">1</td><td class="num">1</td>' in page
    missing = page.split("未到着 <small>2名</small>")[1]
    assert [name in missing for name in ("高木 花子", "佐藤 次郎", "高橋 一郎", "高井 遠")] == [
        True,
        True,
        False,
        False,
    ]
    assert missing.index("高木 花子") < missing.index("佐藤 次郎")
    assert "受付済" in page


def test_the_wall_counts_alike_and_names_who_is_missing_only_when_asked(desk, door, crowd):
    send(desk, door)

    page = desk.get(url(door, "/wall")).text
    named = desk.get(url(door, "/wall?names=1")).text

    assert page.count("<b>1</b><small> / 3名</small>") == 1
    assert page.count("<b>0</b><small> / 3名</small>") == 1
    assert "受付2" in page
    assert "<span>ア <b>1</b></span><span>タ <b>1</b></span>" in page
    assert "佐藤 次郎" not in page
    assert "佐藤 次郎" in named
    assert "高橋 一郎" not in named
    assert "佐藤 次郎" in desk.get(url(door, "/wall/live?names=1")).text


def test_the_wall_shows_the_part_that_people_come_for_now(session):
    first, second = make_door(session).parts
    at = [on_the_day(9), on_the_day(12, 30), on_the_day(15, 59), on_the_day(16, 30)]
    assert [monitor.coming([first, second], now=now) for now in at] == [first, first, first, second]


def test_a_ticket_of_another_event_shows_no_name_on_the_monitor(app, desk, door, crowd):
    with app.app_context():
        stranger = db.session.scalar(select(Attendee).where(Attendee.family_name == "高井"))
        code = code_of(stranger)
    assert send(desk, door, code=code).json["lines"] == [
        "「第8回TAMA技術連携交流会@KISTEC」の参加証です。この行事では使えません。"
    ]
    page = desk.get(url(door)).text
    assert "別の行事の参加証" in page
    assert "高井" not in page


def look_at_monitor(desk, door):
    return desk.get(url(door))


def search_for_ta(desk, door):
    return desk.post(url(door, "/search"), data={"q": "タ"})


@pytest.mark.parametrize("act", [look_at_monitor, search_for_ta])
def test_pages_take_the_same_number_of_statements_for_one_and_for_thirty(app, desk, door, act, statements):
    act(desk, door)
    with_one = statements(lambda: act(desk, door))
    with app.app_context(), transaction() as session:
        event = session.get_one(Registration, 1).event
        codes = [code_of(make_attendee(session, event, ("田中", "誠", "タナカ", f"マコト{n}"))) for n in range(30)]
    for number, code in enumerate(codes[:20]):
        send(desk, door, code=code, nonce=f"device-2-{number:04d}")

    assert statements(lambda: act(desk, door)) == with_one


def test_the_figure_of_the_overview_counts_the_day_itself(app, door):
    with app.test_request_context(), transaction() as session:
        event = session.get_one(Registration, 1).event
        assert figures.of_events(session, [event.id]) == {}
        scan(session, event, door[2])
        scan(session, event, door[2], part=2)
        assert [(figure.label, figure.value) for figure in figures.of_events(session, [event.id])[event.id]] == [
            ("来場", 1)
        ]
        assert figures.parts_in_use(session, door[1]) == set(door[1])


def test_one_guest_is_counted_once_however_they_come_and_go(session, chief):
    event = make_door(session)
    code = code_of(make_attendee(session, event))
    first = event.parts[0]
    scan(session, event, code, at=on_the_day(12, 0), station="受付1")
    repeated = scan(session, event, code, at=on_the_day(12, 5), station="受付2")
    let_in = Overruling("overrule-0001", repeated.scan_id, "確認済み", chief.id)
    overruling.overrule(session, let_in, event_id=event.id, now=on_the_day(12, 10))
    leave(session, event, code, at=on_the_day(12, 20))
    assert scan(session, event, code, at=on_the_day(12, 30), station="受付2").verdict is Verdict.BACK_IN

    now = on_the_day(15)

    assert monitor.part_counts(session, [first], now=now)[first.id].inside == 1
    assert [total for _at, total in monitor.curve(session, first, now=now)] == [0, 1]
    assert [(desk.station, desk.admitted, desk.refused) for desk in monitor.desks(session, first, now=now)] == [
        ("出口", 0, 0),
        ("受付1", 1, 0),
        ("受付2", 0, 1),
    ]
