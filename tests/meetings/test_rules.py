"""Moves of applications, the same wish twice, times in each other's way, numbers."""

import datetime as dt
from dataclasses import dataclass
from itertools import product

import pytest

from eventops.meetings import rules
from eventops.meetings.models import ApplicationState, Rating
from eventops.meetings.rules import Duplicate, Span, Standing

NOON = dt.datetime(2026, 11, 1, 3, 0, tzinfo=dt.UTC)


@dataclass
class Wish:
    id: int
    hours: int
    need_id: int = 1
    organisation_id: int = 1
    state: str = ApplicationState.RECEIVED
    rating: str | None = None

    @property
    def submitted_at(self) -> dt.datetime:
        return NOON + dt.timedelta(hours=self.hours)


ALLOWED = {("received", "duplicate"), ("received", "withdrawn"), ("received", "excluded")} | {
    (state, "received") for state in ("duplicate", "withdrawn", "excluded")
}


@pytest.mark.parametrize(("now", "then"), list(product(ApplicationState, ApplicationState)))
def test_every_pair_of_states(now: ApplicationState, then: ApplicationState) -> None:
    assert rules.may_move(now, then) == ((now, then) in ALLOWED)


@pytest.mark.parametrize(
    ("state", "rating", "stands"),
    [
        ("received", None, Standing.WAITING),
        ("received", "A", Standing.ACCEPTED),
        ("received", "C", Standing.ACCEPTED),
        ("received", Rating.DECLINED, Standing.DECLINED),
        ("withdrawn", "A", Standing.WITHDRAWN),
        ("duplicate", "A", Standing.DUPLICATE),
        ("excluded", None, Standing.EXCLUDED),
    ],
)
def test_standing(state: str, rating: str | None, stands: Standing) -> None:
    assert rules.standing(state, rating) == stands


def test_each_later_wish_is_a_duplicate_of_the_earliest() -> None:
    wishes = [Wish(3, 3), Wish(1, 1), Wish(2, 2), Wish(4, 0, need_id=2), Wish(5, 0, organisation_id=2)]

    assert rules.duplicates(wishes) == (Duplicate(1, 2), Duplicate(1, 3))


def test_withdrawn_and_merged_wishes_are_nobody_s_duplicates() -> None:
    wishes = [Wish(1, 1, state=ApplicationState.WITHDRAWN), Wish(2, 2), Wish(3, 3, state=ApplicationState.DUPLICATE)]

    assert rules.duplicates(wishes) == ()


def span(name: str, start: int, end: int) -> Span:
    return Span(name, NOON + dt.timedelta(minutes=start), NOON + dt.timedelta(minutes=end))


def test_times_that_touch_do_not_overlap() -> None:
    assert rules.overlaps([span("a", 0, 20), span("b", 20, 40)]) == ()


def test_a_long_time_is_in_the_way_of_all_that_begin_inside_it() -> None:
    a, b, c = span("a", 0, 60), span("b", 10, 20), span("c", 30, 40)

    assert rules.overlaps([c, b, a]) == ((b, a), (c, a))


@pytest.mark.parametrize(
    ("codes", "following"), [([], "A001"), (["A001", "A170", "X999"], "A171"), (["A", "A-9"], "A010")]
)
def test_the_next_number(codes: list[str], following: str) -> None:
    assert rules.next_code(codes, prefix="A", digits=3) == following


@pytest.mark.parametrize(
    ("excluded", "name", "doubtful"),
    [
        ("既存取引先・商社経由の提案は対象外", "関東商事株式会社", True),
        ("既存取引先・商社経由の提案は対象外", "株式会社青空精密", False),
        ("既存取引先は対象外", "関東商事株式会社", False),
        ("", "関東商事株式会社", False),
    ],
)
def test_who_looks_like_a_trading_firm(excluded: str, name: str, doubtful: bool) -> None:
    assert rules.looks_like_trading_firm(excluded, name) == doubtful
