"""Turns: how many may be at work at once, and what is left when the last has gone."""

import threading

from eventops.turns import Queue


def test_a_queue_of_two_places_lets_two_work_at_once_and_never_three():
    queue, pair = Queue(places=2), threading.Barrier(2)
    mutex, inside, most = threading.Lock(), [0], []

    def work():
        with queue.turn():
            with mutex:
                inside[0] += 1
                most.append(inside[0])
            pair.wait(timeout=10)
            with mutex:
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)

    assert len(most) == 8
    assert max(most) == 2
    assert not queue.is_taken


def test_a_place_is_given_back_by_whoever_fails():
    queue = Queue()
    for _ in range(2):
        try:
            with queue.turn():
                assert queue.is_taken
                raise ZeroDivisionError
        except ZeroDivisionError:
            assert not queue.is_taken
