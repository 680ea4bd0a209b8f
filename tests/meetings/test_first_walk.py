"""From an empty installation and a handful of Excel files to a published timetable, as the README walks."""

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops.database import db
from eventops.jobs import worker
from eventops.mail.models import Letter
from eventops.meetings.timetable import solving
from eventops.meetings.timetable.letters import token_of
from eventops.meetings.timetable.models import ParticipantPage
from eventops.spreadsheets.exporting import Format, export
from tests.meetings.sheets import DATA

ADMINISTRATOR = {"name": "新任 花子", "email": "hanako@example.jp"}
PASSWORD = {"password": "a long password of the walk", "repeated": "a long password of the walk"}
EVENT = {"title": "第1回マッチング会", "kind": "technology_exchange", "held_on": "2036-01-15"}
SHEETS = (("rooms", "rooms"), ("slots", "slots"), ("needs", "needs"), ("applications", "applications"))
FEW = 24
"""Applications of the file: the way is the same with all of them, and the solver has less to do."""


def excel(name: str) -> bytes:
    """One of the files as a secretariat has it."""
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        headings, *rows = csv.reader(file)
    return export(name, headings, rows[:FEW] if name == "applications" else rows, form=Format.XLSX).data


def take_in(client: FlaskClient, url: str, name: str) -> str:
    """Choose the file, look at what it would do, press the button where that is anything; the page that follows."""
    looked = client.post(
        url, data={"file": (io.BytesIO(excel(name)), f"{name}.xlsx")}, content_type="multipart/form-data"
    )
    assert looked.status_code == 200, looked.text
    token = re.search(r'name="token"[^>]*value="([^"]+)"', looked.text)
    if token is None:
        return looked.text
    return client.post(f"{url}/confirm", data={"token": token[1]}, follow_redirects=True).text


def test_excel_files_become_a_published_timetable(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "COMFORT_SECONDS", 0.5)
    home = client.post("/staff/first-start", data=ADMINISTRATOR | PASSWORD, follow_redirects=True).text
    assert "最初の行事を作る" in home
    for name in ("organisations", "people"):
        assert "取り込みました" in take_in(client, f"/staff/directory/import/{name}", name)
    assert client.post("/staff/events/new", data=EVENT).headers["Location"] == "/staff/events/1/edit"
    matching = "/staff/events/1/matching"
    assert "ニーズと応募はまだありません" in client.get(matching).text
    assert "部屋と卓を取り込む" in client.get(matching).text
    following = ("面談枠", "ニーズ", "応募", "都合")
    for (kind, name), sheet in zip(SHEETS, following, strict=True):
        page = take_in(client, f"{matching}/import/{kind}", name)
        assert ("取り込みました" in page or "すべて入っています" in page, f"次: {sheet}を取り込む</a>" in page) == (
            True,
            True,
        )
    assert "時間割を作って公開する" in client.get(matching).text
    client.post("/staff/events/1/timetable/make")
    assert worker.run_next_job(app, "worker of the walk")
    publish = client.get("/staff/events/1/timetable/publish").text
    found = re.search(r"面談 (\d+)件を第1版として確定します", publish)
    assert found is not None
    assert int(found[1]) > 15
    revision = re.search(r'name="revision" value="(\d+)"', publish)
    assert revision is not None
    client.post("/staff/events/1/timetable/publish", data={"revision": revision[1]})
    with app.app_context():
        page = db.session.scalars(select(ParticipantPage).order_by(ParticipantPage.id)).first()
        assert page is not None
        address = f"/m/{token_of(page)}"
        letters = db.session.scalars(select(Letter.subject).where(Letter.kind == "timetable")).all()
    assert len(letters) > 20
    day = app.test_client().get(address)
    assert (day.status_code, bool(re.search(r"1[3-6]:\d\d", day.text))) == (200, True)
