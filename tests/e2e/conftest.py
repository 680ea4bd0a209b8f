"""A real server on a free port and a real Chromium before it, for stories that no test client can play."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright
from werkzeug.serving import make_server

from eventops.accounts.models import Role, StaffUser
from eventops.database import transaction
from tests.factories import NOW

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application as users have it: forms need their tokens here."""
    return make_app(WTF_CSRF_ENABLED=True)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the application answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as engine:
        yield engine


@pytest.fixture(scope="module")
def launch(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """`launch("--some-switch")` gives a Chromium of its own, closed at the end."""
    found = os.environ.get("EVENTOPS_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)))
    started: list[Browser] = []

    def start(*switches: str) -> Browser:
        started.append(playwright.chromium.launch(executable_path=found, args=["--no-sandbox", *switches]))
        return started[-1]

    yield start
    for browser in started:
        browser.close()


@pytest.fixture(scope="module")
def chromium(launch: Callable[..., Browser]) -> Browser:
    """One Chromium without special switches for all stories of a file."""
    return launch()


@pytest.fixture
def visit(app: Flask, address: str) -> Iterator[Callable[..., BrowserContext]]:
    """`visit(chromium, role=Role.RECEPTION)` is a person's browser, signed in when there is a role."""
    opened: list[BrowserContext] = []

    def visitor(browser: Browser, *, role: Role | None = None, viewport: dict[str, int] = DESK) -> BrowserContext:
        context = browser.new_context(base_url=address, viewport=viewport, locale="ja-JP", timezone_id="Asia/Tokyo")
        if role is not None:
            context.add_cookies([{"name": "session", "value": signed_in(app, role), "url": address}])
        opened.append(context)
        return context

    yield visitor
    for context in opened:
        context.close()


def signed_in(app: Flask, role: Role) -> str:
    """The session cookie of a new user of this role."""
    with app.app_context(), transaction() as session:
        user = StaffUser(
            email=f"{role}-{session.query(StaffUser).count()}@secretariat.example.jp",
            name=f"試験 {role}",
            role=role,
            password_hash="not a hash: nobody signs in with it",
            created_at=NOW,
        )
        session.add(user)
        session.flush()
        content = {"_user_id": user.get_id(), "_fresh": True}
    serializer = app.session_interface.get_signing_serializer(app)
    return serializer.dumps(content)
