"""Finding people at the door, and letting them in from the list."""

import pytest

from eventops.checkin.models import ScanMethod
from tests.checkin.requests import scans, url


def found(page):
    return [part.split("</b>")[0] for part in page.split("<li>\n  <div><b>")[1:]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("タカ", ["高木 花子", "高橋 一郎", "佐藤 次郎"]),
        ("たか", ["高木 花子", "高橋 一郎", "佐藤 次郎"]),
        ("ﾀｶｷ", ["高木 花子"]),
        ("高", ["佐藤 次郎", "高木 花子", "高橋 一郎"]),
        ("高橋 一郎", ["高橋 一郎"]),
        ("高橋一郎", ["高橋 一郎"]),
        ("海辺", ["高木 花子"]),
        ("9921", ["佐藤 次郎"]),
        ("０４２−６３１−１１４０", ["高橋 一郎"]),
        ("0002-1", ["高木 花子"]),
        ("%", []),
        ("ン", ["佐藤 次郎"]),
        ("ワタナベ", []),
    ],
)
def test_people_are_found_by_reading_company_telephone_and_number(desk, door, crowd, text, names):
    part = desk.post(url(door, "/search"), data={"q": text}, headers={"HX-Request": "true"}).text
    page = desk.post(url(door, "/search"), data={"q": text}).text
    assert found(part) == found(page) == names
    assert "<h1>" in page
    assert "<h1>" not in part


def test_somebody_found_is_let_in_and_shown_as_in(app, desk, door, crowd):
    fields = {"nonce": "form-nonce-1", "part": door[1][0], "method": "search", "attendee": 1}
    desk.post(url(door, "/scan"), data=fields)

    page = desk.post(url(door, "/search"), data={"q": "タカハシ"}).text

    assert "受付済 " in page
    assert [(scan.attendee_id, scan.method) for scan in scans(app)] == [(1, ScanMethod.SEARCH)]
