"""How long staff's list pages take on the server with ten thousand applications: `python -m benchmarks.lists`.

Every page is opened as a browser opens it, through the whole application on SQLite, without a network. Printed are the
median of several runs, the share of it that this process had a processor, the number of statements and the size of the
page. The exit code says whether the median of every page keeps within the bar.
"""

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event

from benchmarks.filling import fill
from eventops import create_app
from eventops.accounts.models import StaffUser
from eventops.database import db, transaction

BAR_MS = 150
SUGGESTING_BAR_MS = 400
"""The bank's page lays thirty transfers out among all five thousand debts, and says why."""
RUNS = 5
PAGES = (
    ("参加者", "/staff/events/{id}/registrations"),
    ("参加者 第50ページ", "/staff/events/{id}/registrations?page=50"),
    ("参加者 氏名順", "/staff/events/{id}/registrations?sort=person"),
    ("参加者 キャンセル待ち", "/staff/events/{id}/registrations?show=waiting"),
    ("参加者 部・区分・支払・受付", "/staff/events/{id}/registrations?part={part}&category=member&pay=paid&door=in"),
    ("参加者 タグ", "/staff/events/{id}/registrations?tag=役員"),
    ("参加者 検索", "/staff/events/{id}/registrations?s={search}"),
    ("集計", "/staff/events/{id}/registrations/figures"),
    ("変更の履歴", "/staff/events/{id}/history"),
    ("入金", "/staff/events/{id}/money"),
    ("入金 未入金", "/staff/events/{id}/money?show=unpaid"),
    ("名簿", "/staff/directory"),
    ("名簿 最後のページ", "/staff/directory?page=40"),
    ("概要", "/staff/events/{id}/"),
    ("ホーム", "/staff/"),
)
SUGGESTING = (("銀行の明細", "/staff/bank"),)


def application(home: Path) -> Flask:
    app = create_app(
        {
            "HOME": home,
            "SECRET_KEY": "a key of the measurements alone",
            "TICKET_KEY": "a ticket key of the measurements alone",
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{home / 'lists.db'}",
            "MAIL_URL": f"folder:{home / 'letters'}",
            "PUBLIC_URL": "http://localhost",
            "RATELIMIT_ENABLED": False,
            "WTF_CSRF_ENABLED": False,
        }
    )
    with app.app_context():
        upgrade()
    return app


def signed_in(app: Flask, user: StaffUser) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = user.get_id(), True
    return client


@dataclass(frozen=True, slots=True)
class Measured:
    """One page."""

    ms: float
    cpu_ms: float
    statements: int
    kilobytes: int


def measure(app: Flask, client: FlaskClient, url: str) -> Measured:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    client.get(url)
    with app.app_context():
        engine = db.engine
    times, busy = [], []
    for _ in range(RUNS):
        started, worked = time.perf_counter(), time.process_time()
        answer = client.get(url)
        times.append((time.perf_counter() - started) * 1000)
        busy.append((time.process_time() - worked) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{url}: {answer.status_code}")
    event.listen(engine, "before_cursor_execute", note)
    client.get(url)
    event.remove(engine, "before_cursor_execute", note)
    return Measured(statistics.median(times), statistics.median(busy), len(statements), len(answer.data) // 1024)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applications", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder))
        with app.app_context(), transaction() as session:
            event_id, user = fill(session, applications=asked.applications)
        client = signed_in(app, user)
        sent = client.post("/staff/search", data={"q": "タカ", "back": f"/staff/events/{event_id}/registrations"})
        search = sent.headers["Location"].partition("s=")[2]
        click.echo(
            f"{asked.applications} applications, SQLite, median of {RUNS}; "
            f"bar {BAR_MS} ms, for the bank's page {SUGGESTING_BAR_MS} ms"
        )
        is_over = False
        barred = [(*page, BAR_MS) for page in PAGES] + [(*page, SUGGESTING_BAR_MS) for page in SUGGESTING]
        for name, path, bar in barred:
            one = measure(app, client, path.format(id=event_id, part=1, search=search))
            is_over = is_over or one.ms > bar
            said = "" if one.ms <= bar else f"  over the bar of {bar} ms"
            click.echo(
                f"{one.ms:7.1f} ms (processor {one.cpu_ms:6.1f}) {one.statements:3d} statements "
                f"{one.kilobytes:4d} kB  {name}{said}",
            )
    return 1 if is_over else 0


if __name__ == "__main__":
    sys.exit(main())
