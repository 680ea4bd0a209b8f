"""The clock of these tests stands still, so that deadlines stay ahead."""

import pytest

from eventops import clock
from tests.events.plans import NOW


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
