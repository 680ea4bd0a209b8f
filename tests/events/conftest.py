"""The clock of these tests stands still, so that deadlines stay ahead, and no other feature tells about events."""

from dataclasses import fields

import pytest

from eventops import clock
from eventops.accounts.models import Role
from eventops.events.providers import registry
from tests.events.plans import NOW


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def app(app, monkeypatch):
    """The application with events alone; a test that needs a report gives it itself."""
    for field in fields(registry):
        monkeypatch.setattr(registry, field.name, {})
    return app


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.EVENT_MANAGER)
