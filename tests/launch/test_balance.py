"""Connections are shared out among the web processes: nobody takes a second one while another has none."""

import time

import pytest

from eventops.launch import balance
from eventops.launch.balance import BalancedWorker, Shares


class Listener:
    """Counts who took how many; there is always one more to take."""

    def __init__(self) -> None:
        self.taken = 0


@pytest.fixture
def worker(monkeypatch):
    """A worker without its loops: only what decides about the next connection."""

    def take(self, listener):
        listener.taken += 1
        self.nr_conns += 1

    monkeypatch.setattr(balance.ThreadWorker, "accept", take)
    made = BalancedWorker.__new__(BalancedWorker)
    made.nr_conns, made.shares = 0, Shares(2)
    made.seat = made.shares.take_seat()
    return made


def test_the_next_connection_is_left_to_whoever_has_fewer(worker):
    listener, other = Listener(), worker.shares.take_seat()
    worker.accept(listener)
    worker.accept(listener)
    assert listener.taken == 1
    worker.shares.note(other, 1)
    worker.accept(listener)
    assert (listener.taken, worker.shares.has_fair_share(worker.seat)) == (2, False)


def test_nobody_waits_for_long_for_a_process_that_is_too_busy(worker):
    listener, _other = Listener(), worker.shares.take_seat()
    worker.nr_conns = 5
    began = time.monotonic()
    while not listener.taken:
        worker.accept(listener)
    assert balance.PATIENCE_SECONDS <= time.monotonic() - began < 10


def test_after_the_other_took_what_was_left_the_next_is_left_to_it_as_well(worker, monkeypatch):
    at = [100.0]
    monkeypatch.setattr(balance.time, "monotonic", lambda: at[0])
    listener, other = Listener(), worker.shares.take_seat()
    worker.nr_conns = 1
    worker.accept(listener)
    worker.shares.note(other, 1)
    worker.accept(listener)
    assert listener.taken == 1
    at[0] += balance.PATIENCE_SECONDS * 1.5
    worker.accept(listener)
    assert listener.taken == 1


def test_alone_a_process_takes_all(worker):
    listener = Listener()
    for _ in range(3):
        worker.accept(listener)
    worker.seat = None
    worker.accept(listener)
    assert listener.taken == 4


def test_a_seat_is_free_again_when_its_process_has_died():
    server, settings = object(), balance.settings(2)
    first, second, third = (BalancedWorker.__new__(BalancedWorker) for _ in range(3))
    for one in (first, second, third):
        settings["pre_fork"](server, one)
    assert [first.seat, second.seat, third.seat] == [0, 1, None]
    settings["child_exit"](server, third)
    settings["child_exit"](server, first)
    assert first.shares.take_seat() == 0
    assert settings["workers"] == 2
