"""Guests who fill in the application form over HTTP: the form, the confirmation page, the sending."""

import re
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks import rush
from benchmarks.rush import Client, Reply, Request, Rush

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_KANA = "アイウエオカキクケコサシスセソタチツテト"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
PACED_FROM = 50_000
"""The numbers of guests who come at planned moments: others than those who rush."""
STARTS_AFTER_SECONDS = 0.1
"""Until then every connection is open."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a guest was answered, and how long it took."""

    outcome: str
    seconds: float


class Guest:
    """One browser: a cookie, and the token of the form that it has open."""

    def __init__(self, slug: str) -> None:
        self._path = f"/e/{slug}/apply"
        self._cookie = ""
        self._token = ""

    def open_form(self) -> Client:
        """The page's token is kept for sending."""
        page = self._kept((yield self._request("GET", 0))).body.decode()
        found = _TOKEN.search(page)
        if found is None:
            raise RuntimeError(page[:2000])
        self._token = found[1]

    def send(
        self, forms: Iterable[tuple[int, dict[str, str]]], answers: list[Answer], due: Callable[[int], float | None]
    ) -> Client:
        """Send confirmed forms one after the other, each number from an address of its own."""
        for number, typed in forms:
            keys = {"step": "send", "submission_key": secrets.token_urlsafe(18), "csrf_token": self._token}
            asked = self._request("POST", number, urlencode(typed | keys).encode(), due=due(number))
            reply = self._kept((yield asked))
            answers.append(Answer(_outcome(reply.status, reply.body.decode()), reply.seconds))

    def _kept(self, reply: Reply) -> Reply:
        self._cookie = reply.cookie or self._cookie
        return reply

    def _request(self, method: str, number: int, body: bytes = b"", *, due: float | None = None) -> Request:
        address = f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
        headers = {"X-Forwarded-For": address, "Cookie": self._cookie} | (HEADERS if method == "POST" else {})
        return Request(rush.request(method, self._path, headers, body), due)


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


def rush_to(door: Door, *, clients: int, each: int) -> tuple[list[Answer], Rush]:
    """So many guests at once, each applying so many times in turn, with the form open before."""
    numbers = [range(client * each, (client + 1) * each) for client in range(clients)]
    return _together(door, numbers, lambda _number, _began: None)


def paced_rush_to(door: Door, *, clients: int, each: int, a_second: float) -> tuple[list[Answer], Rush]:
    """As `rush_to`, but at moments that are planned beforehand, so many a second in all.

    Time counts from the planned moment: whoever cannot send yet because the application before is not answered waits,
    and the waiting is not hidden.
    """
    numbers = [range(PACED_FROM + client, PACED_FROM + clients * each, clients) for client in range(clients)]
    return _together(door, numbers, lambda number, began: began + (number - PACED_FROM) / a_second)


def _together(
    door: Door, numbers: Sequence[range], due: Callable[[int, float], float | None]
) -> tuple[list[Answer], Rush]:
    """Every guest has the form open before the first one sends."""
    guests = [Guest(door.slug) for _ in numbers]
    forms = [[(number, fields(door.part_ids, number, if_full=door.if_full)) for number in own] for own in numbers]
    rush.run(door.port, [guest.open_form() for guest in guests])
    answers: list[Answer] = []
    began = time.perf_counter() + STARTS_AFTER_SECONDS
    sending = [
        guest.send(own, answers, lambda number: due(number, began)) for guest, own in zip(guests, forms, strict=True)
    ]
    return answers, rush.run(door.port, sending)
