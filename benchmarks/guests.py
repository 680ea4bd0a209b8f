"""Guests who fill in the application form over HTTP: the form, the confirmation page, the sending."""

import http.client
import re
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_KANA = "アイウエオカキクケコサシスセソタチツテト"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


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


def rush(
    port: int, slug: str, part_ids: Sequence[int], *, clients: int, each: int, if_full: str
) -> tuple[list[Answer], float]:
    """So many guests at once, each applying so many times in turn, with the form open before; answers and seconds."""
    start = threading.Barrier(clients + 1)
    answers: list[list[Answer]] = [[] for _ in range(clients)]

    def run(client: int) -> None:
        guest = Guest(port, slug)
        guest.open_form()
        start.wait()
        for number in range(client * each, (client + 1) * each):
            answers[client].append(guest.send(number, fields(part_ids, number, if_full=if_full)))
        guest.close()

    threads = [threading.Thread(target=run, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return [answer for found in answers for answer in found], time.perf_counter() - began
