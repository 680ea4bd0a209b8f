"""Stations over HTTP: enrolled once by a code, revoked, slowed down; what they carry along and what they send later."""

import datetime as dt
import gzip
import json
import re
import threading
import time

import pytest
from sqlalchemy import select, text

from eventops import clock
from eventops.accounts.models import Role
from eventops.checkin import monitor, offline_files, queries, syncing
from eventops.checkin.models import Station
from eventops.checkin.snapshots import hashed
from eventops.checkin.stations import StationRefused
from eventops.database import db, transaction
from eventops.limits import limiter
from eventops.registration.models import Attendee, Registration
from tests.checkin.arrange import cancel, code_of, make_attendee, make_door
from tests.checkin.requests import scans, url
from tests.conftest import sign_in_to


def invite(client, door, name="受付3"):
    assert client.post(url(door, "/stations"), data={"name": name, "part": door[1][0]}).status_code == 303
    page = client.get(url(door, "/stations")).text
    return re.search(r'class="enrol-code"[^>]*>([^<]+)<', page)[1]


def enrol(app, client, door, name="受付3"):
    return app.test_client().post("/door/enrol", json={"code": invite(client, door, name)}).json


@pytest.fixture
def station(app, desk, door):
    return enrol(app, desk, door)


def keyed(station):
    return {"Authorization": f"Station {station['key']}", "Accept": "application/json"}


def snapshot(app, station):
    return app.test_client().get("/door/ja/snapshot", headers=keyed(station))


def now_ms():
    return round(clock.now().timestamp() * 1000)


def sync(app, station, *items, **fields):
    body = {"sent_at": now_ms(), "items": list(items)} | fields
    return app.test_client().post("/door/ja/sync", json=body, headers=keyed(station))


def item(door, number=1, **fields):
    kept = {"kind": "scan", "nonce": f"device-3-{number:04d}", "sequence": number, "part": door[1][0], "at": now_ms()}
    return kept | {"method": "camera", "code": door[2], "ahead": 0} | fields


def test_a_code_enrols_one_device_and_says_what_it_may_know(app, desk, door):
    code = invite(desk, door)
    station = app.test_client().post("/door/enrol", json={"code": code.lower()}).json
    again = app.test_client().post("/door/enrol", json={"code": code})

    assert (station["name"], station["part"], station["event"]["id"]) == ("受付3", door[1][0], door[0])
    assert (again.status_code, again.json["error"]) == (404, "bad_station_code")
    assert snapshot(app, station).status_code == 200
    assert station["key"] not in desk.get(url(door, "/stations")).text


def test_a_code_lasts_for_minutes(app, desk, door):
    code = invite(desk, door)
    with app.app_context(), transaction() as session:
        session.get_one(Station, 1).code_expires_at = clock.now() - dt.timedelta(seconds=1)
    assert app.test_client().post("/door/enrol", json={"code": code}).status_code == 404


def test_the_qr_code_s_address_opens_the_page_that_enrols(client):
    answer = client.get("/D/ABCD2345")
    assert answer.location == "/door/ja/enrol?code=ABCD2345"
    assert 'value="ABCD2345"' in client.get(answer.location).text


def test_a_revoked_device_is_let_in_no_more_and_a_new_code_takes_its_scans(app, desk, door, station):
    assert desk.post(url(door, "/stations/1/revoke")).status_code == 303
    waiting = item(door, shown="admit")

    for answer in (snapshot(app, station), sync(app, station, waiting)):
        assert (answer.status_code, answer.json["error"]) == (401, "station_refused")
    assert "使用停止" in desk.get(url(door, "/stations")).text
    assert sync(app, enrol(app, desk, door), waiting).json["results"][0]["answer"]["word"] == "受付OK"


def test_the_snapshot_holds_names_companies_and_verdicts_and_no_code(app, desk, door, crowd, station):
    with app.app_context(), transaction() as session:
        person = session.get_one(Attendee, 1)
        person.desk_note, person.accommodation_request = "ひみつの引継ぎ", "車いす"
        person.ticket_issue = 2
        new = code_of(person)
        cancel(session.get_one(Attendee, 2))
    answer = snapshot(app, station)
    book = answer.json
    found = {entry[0]: entry[1:] for entry in book["codes"]}
    said = {letter: words["code"] for letter, words in book["verdicts"].items()}
    said_of = {
        code: [said[letter] for letter in found[hashed(code, salt=station["salt"])][1]] for code in (new, door[2])
    }

    assert said_of == {new: ["admit", "admit"], door[2]: ["replaced", "replaced"]}
    assert [person[1] for person in book["people"]] == ["佐藤 次郎", "高木 花子", "高橋 一郎"]
    assert {said[letter] for letter in book["people"][1][4]} == {"cancelled"}
    for secret in (new, door[2], "車いす", "ひみつ", "taro@", "9921", "高井"):
        assert secret not in answer.text
    assert book["expires_at"] - book["made_at"] == 20 * 3600 * 1000


def test_two_devices_have_different_hashes(app, desk, door, station):
    other = enrol(app, desk, door, "受付4")
    mine, theirs = ({entry[0] for entry in snapshot(app, one).json["codes"]} for one in (station, other))
    assert len(mine) == len(theirs) == 1
    assert mine.isdisjoint(theirs)


def test_a_tied_event_s_ticket_is_on_the_device_too(app, desk, door, station):
    with app.app_context(), transaction() as session:
        other = make_door(session, slug="other")
        twin = make_attendee(session, other, ("高橋", "一郎", "タカハシ", "イチロウ"))
        twin.registration.joined_to_id = session.get_one(Attendee, 1).registration_id
        code = code_of(twin)
    hashes = {entry[0] for entry in snapshot(app, station).json["codes"]}
    assert hashed(code, salt=station["salt"]) in hashes


def test_a_live_scan_is_judged_by_the_server(app, door, station):
    answer = sync(app, station, item(door)).json["results"][0]["answer"]
    assert (answer["word"], answer["name"], answer["can_undo"]) == ("受付OK", "高橋 一郎", True)
    assert [(scan.station, scan.shown, scan.station_id) for scan in scans(app)] == [("受付3", "admit", 1)]


def test_the_earlier_admission_wins_whenever_it_arrives_and_the_other_is_listed(app, desk, door, station):
    minute = 60_000
    late = enrol(app, desk, door, "受付4")
    sync(app, station, item(door, 1, shown="admit", at=now_ms() - minute))
    assert "確認が要る受付はありません" in desk.get(url(door, "/conflicts")).text

    clock_ahead = 9 * 60 * minute
    earlier = item(door, 2, shown="admit", at=now_ms() - 5 * minute + clock_ahead, ahead=clock_ahead)
    assert sync(app, late, earlier).json["results"][0]["answer"]["word"] == "受付OK"

    assert [(scan.station, scan.verdict, scan.shown) for scan in scans(app)] == [
        ("受付3", "already_in", "admit"),
        ("受付4", "admit", "admit"),
    ]
    page = desk.get(url(door, "/conflicts")).text
    assert "同じ参加証で2回、別々に通しています。" in page
    assert "確認済みにする" not in page  # the reception looks, somebody in charge decides
    assert "要確認 1件" in desk.get(url(door, "/live")).text


def test_somebody_in_charge_settles_a_conflict_or_takes_it_back(app, desk, door, station):
    with app.app_context(), transaction() as session:
        cancel(session.get_one(Attendee, 1))
    sync(app, station, item(door, 1, shown="admit"), item(door, 2, shown="admit", part=door[1][1]))
    manager = sign_in_to(app, Role.EVENT_MANAGER)
    assert manager.get(url(door, "/conflicts")).text.count("取り消された参加証で通しています。") == 2

    assert desk.post(url(door, "/conflicts/1/settle")).status_code == 403
    assert manager.post(url(door, "/conflicts/1/settle")).status_code == 303
    assert manager.post(url(door, "/conflicts/2/undo")).status_code == 303

    assert "確認が要る受付はありません" in manager.get(url(door, "/conflicts")).text
    assert [(scan.verdict, scan.is_undone) for scan in scans(app)] == [("cancelled", False), ("cancelled", True)]


def test_a_refused_look_is_kept_with_reason_and_desk_and_lets_nobody_in(app, door, station):
    sync(app, station, item(door, 1, shown="not_on_device"))
    assert [(scan.verdict, scan.station) for scan in scans(app)] == [("not_on_device", "受付3")]
    assert sync(app, station, item(door, 2)).json["results"][0]["answer"]["word"] == "受付OK"


def test_a_device_takes_back_its_own_looks_only(app, desk, door, station):
    other = enrol(app, desk, door, "受付4")
    sync(app, station, item(door, 1, shown="admit"))
    undo = {"kind": "undo", "nonce": "device-3-0009", "sequence": 9, "of": "device-3-0001"}

    assert "answer" not in sync(app, other, undo).json["results"][0]
    assert sync(app, station, undo).json["results"][0]["answer"]["word"] == "取り消し"
    assert [scan.is_undone for scan in scans(app)] == [True]


def test_the_sign_of_life_tells_what_waits_and_what_others_scanned(app, desk, door, station):
    answer = sync(app, station, unsent=4, since=0, sent_at=now_ms() + 600_000).json
    assert answer["counts"] == {str(door[1][0]): [0, 1, 0], str(door[1][1]): [0, 1, 0]}
    page = desk.get(url(door, "/stations")).text
    assert "4件" in page
    assert "時計のずれ 10分" in page

    sync(app, enrol(app, desk, door, "受付4"), item(door))
    news = sync(app, station, since=0).json
    assert [entry[0] for entry in news["inside"]] == [1]
    later = sync(app, station, since=news["last_scan"]).json
    assert (later["inside"], later["last_scan"]) == (news["inside"], news["last_scan"])
    assert sync(app, station, since=news["last_scan"] + queries.NEWS_OVERLAP).json["inside"] == []


def test_the_news_are_read_when_the_writers_turn_is_over(app, door, station, monkeypatch):
    writing, part_counts = [], monitor.part_counts

    def noting(session, *values, **named):
        writing.append(session.info.get("writing", False))
        return part_counts(session, *values, **named)

    monkeypatch.setattr(monitor, "part_counts", noting)
    assert sync(app, station).status_code == 200
    assert writing == [False]


def test_a_device_that_is_enrolled_anew_takes_its_unsent_looks_along(app, desk, door, station):
    sync(app, station, unsent=4)
    body = {"code": invite(desk, door), "former": [station["key"], "a key of another installation"]}
    anew = app.test_client().post("/door/enrol", json=body).json

    assert sync(app, station, unsent=4).status_code == 401
    assert "未送信の受付が4件あります" in desk.get(url(door, "/live")).text
    sync(app, anew, unsent=0)
    assert "未送信の受付" not in desk.get(url(door, "/live")).text
    assert "4件" not in desk.get(url(door, "/stations")).text


def test_what_a_revoked_device_holds_is_said_of_it_and_expected_no_more(app, desk, door, station):
    sync(app, station, unsent=4)
    desk.post(url(door, "/stations/1/revoke"))
    assert "未送信の受付" not in desk.get(url(door, "/live")).text
    assert "4件" in desk.get(url(door, "/stations")).text


@pytest.mark.parametrize("former", ["key", [7], ["k" * 61], ["key"] * 21])
def test_former_keys_that_no_page_sends_are_refused(app, desk, door, former):
    answer = app.test_client().post("/door/enrol", json={"code": invite(desk, door), "former": former})
    assert (answer.status_code, answer.json["error"]) == (422, "bad_scan")


@pytest.mark.parametrize(
    "fault",
    [
        {"nonce": "x"},
        {"part": "one"},
        {"shown": "welcome"},
        {"at": "noon"},
        {"at": -1},
        {"ahead": 10**15},
        {"code": ""},
    ],
)
def test_a_faulty_item_is_refused_in_words_and_stops_no_other(app, door, station, fault):
    results = sync(app, station, item(door, 1) | fault, item(door, 2)).json["results"]
    assert results[0]["refused"].startswith("読み取りの内容を受け取れませんでした。")
    assert results[1]["answer"]["word"] == "受付OK"
    assert len(scans(app)) == 1


def test_a_device_tells_no_verdict_that_it_cannot_have_shown(app, door, station):
    """Above all that somebody in charge let a person in: the second use of one ticket stays to be looked at."""
    told = [("in", shown) for shown in ("overruled", "left", "not_inside")]
    told += [("out", shown) for shown in ("overruled", "admit", "unpaid", "back_in")]
    faulty = [item(door, n, direction=way, shown=shown) for n, (way, shown) in enumerate(told, 1)]

    results = sync(app, station, *faulty, item(door, 20, shown="admit")).json["results"]

    assert ["refused" in result for result in results] == [True] * len(told) + [False]
    assert [scan.verdict for scan in scans(app)] == ["admit"]


@pytest.mark.parametrize("body", [[], {}, {"sent_at": 1, "items": [7]}, {"sent_at": 1, "items": [{}] * 101}])
def test_a_body_that_no_page_sends_is_refused(app, station, body):
    answer = app.test_client().post("/door/ja/sync", json=body, headers=keyed(station))
    assert (answer.status_code, answer.json["error"]) == (422, "bad_scan")


def test_who_guesses_codes_is_slowed_down(make_app, desk, door, station):
    app = make_app(RATELIMIT_ENABLED=True)
    answers = [sync(app, station, item(door, n, code=f"NOTHING{n}")).status_code for n in range(45)]
    assert answers == [200] * 40 + [429] * 5
    counted = " ".join(limiter.storage.storage)
    assert "unknown-codes" in counted
    assert station["key"] not in counted


def test_the_snapshot_is_compressed(app, door, station):
    answer = app.test_client().get("/door/ja/snapshot", headers=keyed(station) | {"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.data))["verdicts"]["a"]["word"] == "受付OK"


def test_the_worker_keeps_all_that_the_page_loads(app, client):
    worker = client.get("/door/worker.js")
    with app.test_request_context():
        kept = set(offline_files.files())
    loaded = set(re.findall(r'(?:href|src)="(/[^"]+)"', client.get("/door/ja/").text))
    scripts = {path for path in kept if path.endswith(".js") and "/vendor/" not in path}
    for path in scripts:
        with client.get(path) as answer:
            loaded |= {f"/static/js/{name}" for name in re.findall(r"from '\./([\w-]+\.js)'|import '\./", answer.text)}

    assert "default-src 'none'" in worker.headers["Content-Security-Policy"]
    assert {path for path in loaded if path != "/static/js/"} - kept == {"/door/ja/enrol"}
    for path in kept:
        with client.get(path) as answer:
            assert (path, answer.status_code) == (path, 200)


def test_the_page_can_be_installed(client):
    manifest = json.loads(client.get("/door/en/manifest.webmanifest").text)
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/door/en/", "/door/", "standalone")
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as answer:
            assert (icon, answer.status_code) == (icon, 200)


WAITING = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_desks_that_wait_for_a_locked_ticket_take_no_place_from_the_others(app, door, station):
    with app.app_context(), transaction() as session:
        free = code_of(make_attendee(session, session.get_one(Registration, 1).event))
    words = []

    def show(number, code=door[2]):
        words.append(sync(app, station, item(door, number, code=code)).json["results"][0]["answer"]["word"])

    desks = [threading.Thread(target=show, args=(number,)) for number in range(1, 8)]
    with app.app_context(), transaction() as session:
        session.execute(select(Attendee.id).where(Attendee.id == 1).with_for_update())
        for one in desks:
            one.start()
        until = time.monotonic() + 20
        while session.scalar(WAITING) < len(desks) and time.monotonic() < until:
            continue
        assert session.scalar(WAITING) == len(desks)
        other = threading.Thread(target=show, args=(99, free))
        other.start()
        other.join(20)
        assert words == ["受付OK"]
    for one in desks:
        one.join()
    assert sorted(words) == sorted(["受付OK"] * 2 + ["受付済"] * 6)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
@pytest.mark.parametrize("is_revoked", [True, False])
def test_who_has_no_key_locks_no_ticket(app, desk, door, station, is_revoked):
    if is_revoked:
        desk.post(url(door, "/stations/1/revoke"))
    key = station["key"] if is_revoked else "made-up"
    ticket = select(Attendee.id).where(Attendee.id == 1).with_for_update(nowait=True)
    with app.app_context(), transaction() as session:
        look = item(door, code="", attendee=1)
        with pytest.raises(StationRefused):
            syncing.carry_out(session, look, station_key=key, key="", clock_ahead=dt.timedelta(), now=clock.now())
        with db.engine.connect() as other:
            assert other.scalar(ticket) == 1
