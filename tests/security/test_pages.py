"""Every page that a link of the demonstration leads to opens, one of each kind, and every label leads somewhere."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from eventops import clock
from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.demo.loading import load_lived_in
from tests.conftest import sign_in_to

LEAVES = "accounts.sign_out"
ROLES = (Role.ADMINISTRATOR, Role.READ_ONLY)
"""Who may open everything, and who is shown the most of what others may open alone."""


def walked(app: Flask, client: FlaskClient, start: str) -> Iterator[tuple[str, TestResponse]]:
    """The endpoint and answer of the first page of each kind that is met on the way along all links."""
    ahead, seen, places = [start], {"static", LEAVES, ""}, app.url_map.bind("localhost")
    while ahead:
        url = ahead.pop(0)
        endpoint = _endpoint(places, url)
        if endpoint in seen:
            continue
        seen.add(endpoint)
        answer = client.get(url)
        yield endpoint, answer
        if answer.mimetype == "text/html":
            ahead += [urljoin(url, unescape(one)) for one in re.findall(r'<a [^>]*?href="([^"]+)"', answer.text)]


def _endpoint(places, url: str) -> str:
    address = urlsplit(url)
    try:
        return str(places.match(address.path)[0]) if not address.netloc else ""
    except HTTPException:
        return ""


def faults(answer: TestResponse) -> list[str]:
    """What is wrong with a page: its status, an id that stands twice, a label or a hint that leads nowhere."""
    if answer.mimetype != "text/html":
        return [] if answer.status_code in (200, 302) else [answer.status]
    ids = Counter(re.findall(r'\sid="([^"]+)"', answer.text))
    named = re.findall(r'\s(?:for|aria-describedby|aria-labelledby)="([^"]+)"', answer.text)
    twice = [f"{one} stands twice" for one, times in ids.items() if times > 1]
    lost = [f"{one} is nowhere" for names in named for one in names.split() if one not in ids]
    return [*([] if answer.status_code in (200, 302) else [answer.status]), *twice, *lost]


def test_every_page_behind_a_link_opens_to_whoever_is_shown_the_link(app: Flask):
    with app.app_context(), transaction() as session:
        load_lived_in(session, now=clock.now())
    clients = {str(role): ("/staff/", sign_in_to(app, role)) for role in ROLES} | {"guest": ("/", app.test_client())}
    pages = {who: dict(walked(app, client, start)) for who, (start, client) in clients.items()}
    wrong = {(who, one): faults(answer) for who, found in pages.items() for one, answer in found.items()}
    assert {page: found for page, found in wrong.items() if found} == {}
    assert (len(pages["administrator"]) > 140, len(pages["guest"]) > 8) == (True, True)
