"""kill -9 of the web server while four desks scan: whatever was answered is in the book, and nobody is in twice."""

import http.client
import json
import shutil
import threading
import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from eventops import clock, create_app
from eventops.checkin import queries, stations
from eventops.checkin.models import Scan
from eventops.config import load_secrets
from eventops.database import db, transaction
from eventops.registration import tickets
from tests.checkin.arrange import make_attendee, make_door
from tests.conftest import configuration, dispose
from tests.launch.test_killed import PATIENCE, kill_web
from tests.launch.test_launch import launched

DESKS, TICKETS = 4, 30
DIES_AFTER = 40


class Desk(threading.Thread):
    """Shows every ticket and sends again whatever was not answered; `answers` are what the desk acted upon."""

    def __init__(self, number, port, key, part_id, codes, answered):
        super().__init__(daemon=True)
        self._number, self._port, self._part_id, self._codes, self._answered = number, port, part_id, codes, answered
        self._headers = {"Authorization": f"Station {key}", "Content-Type": "application/json"}
        self.answers = {}

    def run(self):
        for sequence, code in enumerate(self._codes):
            nonce = f"desk-{self._number}-{sequence:04d}"
            look = {"kind": "scan", "nonce": nonce, "sequence": sequence, "method": "camera"}
            self.answers[nonce] = self._verdict(look | {"part": self._part_id, "code": code})
            self._answered.release()

    def _verdict(self, look):
        body = json.dumps({"sent_at": round(time.time() * 1000), "items": [look]})
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
            try:
                connection.request("POST", "/door/ja/sync", body, self._headers)
                answer = connection.getresponse()
                if answer.status == 200:
                    return json.loads(answer.read())["results"][0]["answer"]["verdict"]
            except (OSError, http.client.HTTPException):
                threading.Event().wait(0.1)
            finally:
                connection.close()
        raise TimeoutError


def arrange(session, key):
    """The part, the codes of its guests, and a key for every desk."""
    event, now = make_door(session), clock.now()
    guests = [make_attendee(session, event) for _ in range(TICKETS)]
    codes = [tickets.issue(tickets.TicketRef(guest.id, guest.ticket_issue), key=key) for guest in guests]
    return event.parts[0].id, codes, [_enrolled(session, event, number, now) for number in range(DESKS)]


def _enrolled(session, event, number, now):
    waiting = stations.invite(session, event_id=event.id, part_id=None, name=f"受付{number}", user_id=None, now=now)
    return stations.enrol(session, code=waiting.code, now=now).key


@pytest.mark.timeout(200)
def test_no_answered_scan_is_lost_when_the_web_server_is_killed(tmp_path, migrated_file):
    file = tmp_path / "eventops.db"
    shutil.copy(migrated_file, file)
    app = create_app(configuration(tmp_path, f"sqlite:///{file}"))
    with app.app_context(), transaction() as session:
        part_id, codes, keys = arrange(session, load_secrets(tmp_path).ticket_key)
    dispose(app)
    answered = threading.Semaphore(0)
    with launched(tmp_path) as home:
        home.read_until("Stop with Ctrl-C")
        desks = [Desk(number, home.port, key, part_id, codes, answered) for number, key in enumerate(keys)]
        for desk in desks:
            desk.start()
        assert all(answered.acquire(timeout=PATIENCE) for _ in range(DIES_AFTER))
        kill_web(home)
        for desk in desks:
            desk.join(timeout=PATIENCE)

    answers = {nonce: verdict for desk in desks for nonce, verdict in desk.answers.items()}
    assert Counter(answers.values()) == {"admit": TICKETS, "already_in": TICKETS * (DESKS - 1)}
    with app.app_context():
        session = db.session()
        assert dict(session.execute(select(Scan.nonce, Scan.shown)).all()) == answers
        admitted = select(func.count(), func.count(Scan.attendee_id.distinct())).where(queries.is_admission())
        assert tuple(session.execute(admitted).one()) == (TICKETS, TICKETS)
    dispose(app)
