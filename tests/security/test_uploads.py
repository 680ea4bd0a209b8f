"""Uploads that are too large or of the wrong kind: a sentence, and nothing stored."""

import io
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from eventops.accounts.models import Role
from eventops.database import Base, db
from tests.conftest import sign_in_to
from tests.factories import make_event, make_part
from tests.security.walking import doors, writing

MULTIPART = "multipart/form-data; boundary=x"
TOO_LARGE = b"\r\n".join(
    (
        b"--x",
        b'Content-Disposition: form-data; name="file"; filename="large.csv"',
        b"",
        bytes(13 * 1024 * 1024),
        b"--x--",
        b"",
    )
)
WRONG_KINDS = {
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "program.csv": b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(range(256)),
    "archive.xlsx": b"PK\x05\x06" + bytes(18),
    "broken.xlsx": b"PK\x03\x04" + bytes(range(256)),
    "page.xls": b"<html><script>alert(1)</script></html>",
    "nothing.csv": b"",
}


class Forms(HTMLParser):
    """The forms of a page that take a file: where they go and what else they send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str]]] = []
        self._action: str | None = None
        self._file = ""
        self._fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action, self._file, self._fields = values.get("action", ""), "", {}
        elif tag == "input" and values.get("type") == "file":
            self._file = values.get("name", "")
        elif tag == "input" and values.get("type") not in ("checkbox", "radio") and values.get("name"):
            self._fields[values["name"]] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._file and self._action is not None:
            self.found.append((self._action, self._file, self._fields))


def forms_of(answer: TestResponse) -> list[tuple[str, str, dict[str, str]]]:
    """A paper or a calendar has none."""
    return Forms(answer.text).found if answer.mimetype == "text/html" else []


@pytest.fixture
def values(app):
    with app.app_context():
        event = make_event(db.session())
        make_part(db.session(), event)
        db.session.commit()
        return {"event_id": event.id, "slug": event.slug}


def rows(app) -> dict[str, int]:
    with app.app_context():
        count = func.count()
        return {t.name: db.session.scalar(select(count).select_from(t)) or 0 for t in Base.metadata.sorted_tables}


def test_every_writing_route_says_that_an_upload_is_too_large(make_app):
    app = make_app(WTF_CSRF_ENABLED=True)
    admin = sign_in_to(app, Role.ADMINISTRATOR)
    wrong = {}
    for door in writing(doors(app)):
        response = admin.open(door.path, method=door.method, data=TOO_LARGE, content_type=MULTIPART)
        if response.status_code != 413 or "大きすぎます" not in response.text:
            wrong[str(door)] = response.status_code
    assert wrong == {}


def test_a_file_of_the_wrong_kind_is_answered_in_words_and_stores_nothing(app, values):
    admin = sign_in_to(app, Role.ADMINISTRATOR)
    before = rows(app)
    wrong, tried = {}, set()
    for door in doors(app, values):
        if door.method != "GET":
            continue
        for action, field, fields in forms_of(admin.get(door.path)):
            tried.add(action or door.path)
            for filename, content in WRONG_KINDS.items():
                data = fields | {field: (io.BytesIO(content), filename)}
                response = admin.post(action or door.path, data=data, content_type="multipart/form-data")
                if response.status_code not in (400, 413, 415, 422):
                    wrong[f"{action or door.path} {filename}"] = response.status_code
    assert wrong == {}
    assert len(tried) >= 4
    assert rows(app) == before
