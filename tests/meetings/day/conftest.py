"""Fixtures of the tests of the day."""

import pytest
from flask import Flask

from tests.meetings.day.small import Small, make_small


@pytest.fixture
def small(app: Flask) -> Small:
    return make_small(app)
