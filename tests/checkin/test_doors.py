"""Who may be at the door, and choosing a desk."""

import pytest

from eventops.accounts.models import Role
from tests.checkin.requests import scans, send, url
from tests.conftest import sign_in_to

PAGES = ("", "/live", "/scan", "/count", "/walk-in")


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_the_reception(sign_in, client, door, page):
    assert sign_in(Role.READ_ONLY).get(url(door, page)).status_code == 403
    assert client.get(url(door, page)).status_code == 302


@pytest.mark.parametrize("act", ["/scans", "/scan", "/desk", "/search", "/walk-in", "/scans/1/undo", "/scans/1/fee"])
def test_acts_are_for_the_reception(app, sign_in, client, door, act):
    fields = {"nonce": "device-1-0001", "part": door[1][0], "method": "keyboard", "code": door[2], "station": "受付9"}
    assert sign_in(Role.READ_ONLY).post(url(door, act), data=fields).status_code == 403
    assert client.post(url(door, act), data=fields).status_code == 302
    assert scans(app) == []


def test_a_stranger_s_script_is_told_to_sign_in(client, door):
    answer = client.post(url(door, "/scans"), json={}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (401, "401")


def test_a_scan_needs_the_token(make_app, door):
    strict = make_app(WTF_CSRF_ENABLED=True)
    answer = send(sign_in_to(strict, Role.RECEPTION), door)
    assert (answer.status_code, answer.json["error"]) == (400, "csrf")
    assert scans(strict) == []


def test_who_guesses_codes_is_slowed_down_at_whatever_desk(make_app, door):
    client = sign_in_to(make_app(RATELIMIT_ENABLED=True), Role.RECEPTION)
    answers = []
    for desk in ("受付1", "受付2"):
        client.post(url(door, "/desk"), data={"station": desk, "part": door[1][0]})
        answers += [
            send(client, door, nonce=f"{n}-of-{len(answers)}-0", code=f"NOTHING{n}").status_code for n in range(25)
        ]
    assert answers == [200] * 40 + [429] * 10


def test_the_desk_is_chosen_once(sign_in, door):
    client = sign_in(Role.RECEPTION)
    assert "受付を始める" in client.get(url(door, f"/scan?part={door[1][1]}")).text

    assert client.post(url(door, "/desk"), data={"station": " ", "part": door[1][1]}).status_code == 422
    client.post(url(door, "/desk"), data={"station": "受付3", "part": door[1][1]})
    page = client.get(url(door, "/scan")).text

    assert "<h1>第2部 交流会</h1>" in page
    assert "受付3</a>" in page
