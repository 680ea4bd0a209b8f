"""Guests who fill in the application form over HTTP: the form, the confirmation page, the sending."""

import http.client
import re
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_KANA = "アイウエオカキクケコサシスセソタチツテト"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
PACED_FROM = 50_000
"""The numbers of guests who come at planned moments: others than those who rush."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a guest was answered, and how long it took."""

    outcome: str
    seconds: float


class Guest:
    """One browser: a connection that stays open, a cookie, a token."""

    def __init__(self, port: int, slug: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._path = f"/e/{slug}/apply"
        self._cookie = ""
        self._token = ""

    def open_form(self) -> None:
        """The page's token is kept for sending."""
        _status, page = self._ask("GET", 0)
        found = _TOKEN.search(page)
        if found is None:
            raise RuntimeError(page[:2000])
        self._token = found[1]

    def send(self, number: int, fields: dict[str, str]) -> Answer:
        """Send the confirmed form, each number from an address of its own."""
        keys = {"step": "send", "submission_key": secrets.token_urlsafe(18), "csrf_token": self._token}
        body = urlencode(fields | keys)
        began = time.perf_counter()
        status, page = self._ask("POST", number, body)
        return Answer(_outcome(status, page), time.perf_counter() - began)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, number: int, body: str | None = None) -> tuple[int, str]:
        address = f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
        headers = {"X-Forwarded-For": address, "Cookie": self._cookie} | (HEADERS if body is not None else {})
        try:
            response = self._exchange(method, body, headers)
        except (ConnectionError, http.client.RemoteDisconnected):  # kept open for too long: a browser asks again
            self._connection.close()
            response = self._exchange(method, body, headers)
        page = response.read().decode()
        if cookie := response.getheader("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        return response.status, page

    def _exchange(self, method: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        self._connection.request(method, self._path, body, headers)
        return self._connection.getresponse()


def _outcome(status: int, page: str) -> str:
    if status == 302:
        return "registered"
    return "full" if status == 422 and "満席のため、お申込みいただけません" in page else f"error {status}"


def fields(part_ids: Sequence[int], number: int, *, if_full: str) -> dict[str, str]:
    """What somebody of a company of their own types, for the venue."""
    mark = "".join(_KANA[int(digit)] for digit in f"{number:05d}")
    wishes = {f"attendees-0-part_{part_id}": "onsite" for part_id in part_ids}
    return wishes | {
        "organisation_name": f"株式会社計測{number:05d}",
        "organisation_kana": f"ケイソク{mark}",
        "claim": "general",
        "attendees-0-family_name": "計測",
        "attendees-0-given_name": f"太郎{number:05d}",
        "attendees-0-family_kana": "ケイソク",
        "attendees-0-given_kana": f"タロウ{mark}",
        "if_full": if_full,
        "together": "apart",
        "email": f"guest{number}@bench.example.jp",
        "email_again": f"guest{number}@bench.example.jp",
        "phone": "00-1234-5678",
        "payment_method": "bank_transfer",
        "privacy": "y",
    }


@dataclass(frozen=True, slots=True)
class Door:
    """Where guests apply, and what for."""

    port: int
    slug: str
    part_ids: Sequence[int]
    if_full: str


def rush(door: Door, *, clients: int, each: int) -> tuple[list[Answer], float]:
    """So many guests at once, each applying so many times in turn, with the form open before; answers and seconds."""

    def apply(guest: Guest, client: int, _began: float) -> list[Answer]:
        return [_sent(guest, door, number) for number in range(client * each, (client + 1) * each)]

    return _together(door, clients, apply)


def paced_rush(door: Door, *, clients: int, each: int, a_second: float) -> tuple[list[Answer], float]:
    """As `rush`, but at moments that are planned beforehand, so many a second in all.

    Time counts from the planned moment: whoever cannot send yet because the application before is not answered waits,
    and the waiting is not hidden.
    """

    def apply(guest: Guest, client: int, began: float) -> list[Answer]:
        numbers = range(client, clients * each, clients)
        return [_sent_at(began + number / a_second, guest, door, PACED_FROM + number) for number in numbers]

    return _together(door, clients, apply)


def _sent(guest: Guest, door: Door, number: int) -> Answer:
    return guest.send(number, fields(door.part_ids, number, if_full=door.if_full))


def _sent_at(planned: float, guest: Guest, door: Door, number: int) -> Answer:
    time.sleep(max(0.0, planned - time.perf_counter()))
    answer = _sent(guest, door, number)
    return replace(answer, seconds=time.perf_counter() - planned)


def _together(
    door: Door, clients: int, apply: Callable[[Guest, int, float], list[Answer]]
) -> tuple[list[Answer], float]:
    """Every guest has the form open before the first one sends."""
    start = threading.Barrier(clients + 1)
    answers: list[list[Answer]] = [[] for _ in range(clients)]

    def run(client: int) -> None:
        guest = Guest(door.port, door.slug)
        guest.open_form()
        start.wait()
        answers[client] = apply(guest, client, time.perf_counter())
        guest.close()

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return [answer for found in answers for answer in found], time.perf_counter() - began
