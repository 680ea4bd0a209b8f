"""kill -9 of web and worker, again and again, while the new-year event's 224 applications come in by HTTP."""

import datetime as dt
import http.client
import re
import shutil
import sqlite3
import threading
import time
from collections import Counter
from functools import partial
from urllib.parse import urlencode

import psutil
import pytest
from sqlalchemy import func, select, update

from eventops import create_app
from eventops.database import db, transaction
from eventops.mail.delivery import deliver_next
from eventops.mail.models import Letter, LetterState
from eventops.registration.models import Registration
from tests.conftest import configuration, dispose
from tests.launch.test_launch import launched
from tests.mail.post_office import PostOffice
from tests.registration.arrange import make_new_year
from tests.registration.test_replay import figures, read

HELD_ON = dt.date(2036, 1, 18)
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
WEB_DIES_AT = (60, 150)
WORKER_DIES_AT = (20, 90, 170)
PATIENCE = 90.0


def nothing():
    pass


class Applicant:
    """Somebody who sends again whatever was not answered, as a browser does when the reader presses once more."""

    def __init__(self, port):
        self._port = port
        self._cookie = self._token = ""

    def open_form(self):
        page = self._ask("GET", "0")[1]
        self._token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]

    def send(self, number, fields, *, meanwhile):
        """`meanwhile` happens once the server has the request and before it has answered."""
        keys = {"step": "send", "submission_key": f"application {number}", "csrf_token": self._token}
        status, page = self._ask("POST", number, urlencode(fields | keys), meanwhile)
        return "registered" if status == 302 else "full" if "満席のため" in page else f"{status}: {page}"

    def _ask(self, method, number, body=None, meanwhile=nothing):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
            try:
                headers = {"X-Forwarded-For": f"10.0.0.{number}", "Cookie": self._cookie}
                form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
                connection.request(method, "/e/newyear/apply", body, headers | form)
                disturb, meanwhile = meanwhile, nothing  # only the first try is disturbed
                disturb()
                answer = connection.getresponse()
                page = answer.read().decode()
                self._cookie = (answer.getheader("Set-Cookie") or self._cookie).partition(";")[0]
                return answer.status, page
            except (OSError, http.client.HTTPException):
                threading.Event().wait(0.1)
            finally:
                connection.close()
        raise TimeoutError


def fields_of(row, person, part_ids):
    mode = "onsite" if row["requested_mode"] == "会場" else "online"
    wished = zip(part_ids, (row["part1"], row["part2"]), strict=True)
    consents = row["accept_online_if_full"] == "1" or mode == "online"
    names = ("family_name", "given_name", "family_kana", "given_kana")
    return {f"attendees-0-part_{key}": mode if wish == "1" else "none" for key, wish in wished} | {
        "organisation_name": "団体" + person["org_id"],
        "organisation_kana": "ダンタイ",
        "claim": "member" if row["member_type"] == "会員" else "general",
        **{f"attendees-0-{name}": person[name] for name in names},
        "email": person["email"],
        "email_again": person["email"],
        "phone": person["phone"],
        "if_full": "online" if consents else "wait",
        "payment_method": {"銀行振込": "bank_transfer", "当日現金": "cash_on_day"}.get(row["payment"], ""),
        "receipt_name": row["receipt_name"],
        "privacy": "y",
    }


def kill_web(installation):
    """Parent and serving process together, as the kernel does when memory runs out."""
    web = next(child for child in psutil.Process(installation.process.pid).children() if child.children())
    for process in (web, *web.children()):
        process.kill()


def kill_worker(installation):
    """How many there were: none while it lies dead and its launcher pauses before the next one."""
    launcher = psutil.Process(installation.process.pid)
    alive = [child for child in launcher.children() if child.nice() > launcher.nice()]
    for worker in alive:
        worker.kill()
    return len(alive)


def replay(installation, part_ids):
    people = {row["person_id"]: row for row in read("people.csv")}
    applicant = Applicant(installation.port)
    applicant.open_form()
    outcomes, killed = Counter(), 0
    for number, row in enumerate(read("newyear_registrations.csv"), start=1):
        if number in WORKER_DIES_AT:
            killed += kill_worker(installation)
        dies = partial(kill_web, installation) if number in WEB_DIES_AT else nothing
        fields = fields_of(row, people[row["person_id"]], part_ids)
        outcomes[applicant.send(number, fields, meanwhile=dies)] += 1
    assert killed >= 2
    return outcomes


def wait_until_sent(file):
    """Until only letters are left whose worker died with them in hand."""
    until = time.monotonic() + PATIENCE
    with sqlite3.connect(file) as look:
        while look.execute("SELECT count(*) FROM letter WHERE state = 'queued'").fetchone()[0]:
            assert time.monotonic() < until
            threading.Event().wait(0.1)


@pytest.mark.timeout(400)
def test_nothing_is_lost_and_nothing_doubled(tmp_path, migrated_file):
    file = tmp_path / "eventops.db"
    shutil.copy(migrated_file, file)
    office = PostOffice()
    app = create_app(configuration(tmp_path, f"sqlite:///{file}") | {"MAIL_URL": office.url()})
    with app.app_context(), transaction() as session:
        closes_at = dt.datetime(2036, 1, 10, tzinfo=dt.UTC)
        event = make_new_year(session, held_on=HELD_ON, applications_close_at=closes_at)
        part_ids = [part.id for part in event.parts]
    dispose(app)
    with launched(
        tmp_path, MAIL_URL=office.url(), MAIL_FROM="desk@association.example.jp", TRUSTED_PROXIES="1"
    ) as home:
        home.read_until("Stop with Ctrl-C")
        outcomes = replay(home, part_ids)
        wait_until_sent(file)
    with app.app_context(), transaction() as session:
        session.execute(update(Letter).where(Letter.state == LetterState.SENDING).values(lease_until=LONG_AGO))
    while deliver_next(app, "the next worker"):
        pass

    assert outcomes == {"registered": 217, "full": 7}
    with app.app_context():
        session = db.session()
        assert figures(session, session.get_one(type(event), event.id)) == {
            "venue": 100,
            "online": 100,
            "moved": 36,
            "waiting": 17,
            "party": 88,
            "yen": 346_000,
        }
        numbers = session.scalars(select(Registration.number).order_by(Registration.number)).all()
        assert numbers == list(range(1, 218))
        assert session.execute(select(Letter.state, func.count()).group_by(Letter.state)).all() == [("sent", 217)]
        arrived = Counter(one.strip("<>") for one in office.ids())
        assert set(arrived) == set(session.scalars(select(Letter.message_id)))
        assert arrived.total() <= 217 + len(WORKER_DIES_AT)
    dispose(app)
    office.close()
