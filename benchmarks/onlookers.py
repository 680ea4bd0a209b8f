"""Browsers that have the board open and ask for news, as its script does; they run in a process of their own."""

import http.client
import multiprocessing
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import Queue
from urllib.parse import urlsplit

EVERY_SECONDS = 0.5
SIDES_WITHIN_SECONDS = 2.0
SIDES_AT_LEAST_SECONDS = 0.3
SIDES_AGAIN_SECONDS = 0.5
Seen = tuple[str, float]
"""The stamp that somebody was told, and when."""


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Where to ask, and as whom."""

    address: str
    path: str
    cookie: str


def watch(one: Onlooker, number: int, seen: "Queue[Seen]") -> None:
    """So many threads that ask until the process is ended."""
    for _ in range(number):
        threading.Thread(target=_follow, args=(one, seen), daemon=True).start()
    threading.Event().wait()


def _follow(one: Onlooker, seen: "Queue[Seen]") -> None:
    time.sleep(random.uniform(0, EVERY_SECONDS))  # noqa: S311
    stamp = ""
    connection = http.client.HTTPConnection(urlsplit(one.address).netloc, timeout=30)  # browsers keep theirs open
    while True:
        status, text = _get(one, f"news?since={stamp}", connection)
        if status == http.client.OK:
            is_first, stamp = not stamp, text.split('"stamp":"')[1].split('"')[0]
            seen.put((stamp, time.time()))
            if not is_first:
                threading.Thread(target=_later, args=(one,), daemon=True).start()
        time.sleep(EVERY_SECONDS)


def _later(one: Onlooker) -> None:
    """What stands around the cells is asked for a moment later."""
    time.sleep(SIDES_AT_LEAST_SECONDS + random.uniform(0, SIDES_WITHIN_SECONDS))  # noqa: S311
    connection = http.client.HTTPConnection(urlsplit(one.address).netloc, timeout=30)
    while _get(one, "sides", connection)[0] == http.client.NO_CONTENT:
        time.sleep(SIDES_AGAIN_SECONDS)
    connection.close()


def _get(one: Onlooker, what: str, connection: http.client.HTTPConnection) -> tuple[int, str]:
    connection.request("GET", f"{one.path}/{what}", headers={"Cookie": f"session={one.cookie}"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode().replace('"stamp": "', '"stamp":"')


@contextmanager
def watching(one: Onlooker, number: int) -> Iterator["Queue[Seen]"]:
    """So many onlookers for the time of the block, which begins when each has looked once."""
    context = multiprocessing.get_context("spawn")
    seen: Queue[Seen] = context.Queue()
    process = context.Process(target=watch, args=(one, number, seen), daemon=True)
    process.start()
    try:
        for _ in range(number):
            seen.get(timeout=120)
        yield seen
    finally:
        process.kill()
        process.join()
