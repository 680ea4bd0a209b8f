"""What applications may become, which of them are the same wish twice, and when times are in each other's way."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from eventops.meetings.models import ApplicationState, LimitKind, Rating

ACCEPTING: Final = frozenset({Rating.A, Rating.B, Rating.C})

MOVES: Final[dict[ApplicationState, frozenset[ApplicationState]]] = {
    ApplicationState.RECEIVED: frozenset(
        {ApplicationState.DUPLICATE, ApplicationState.WITHDRAWN, ApplicationState.EXCLUDED}
    ),
    ApplicationState.DUPLICATE: frozenset({ApplicationState.RECEIVED}),
    ApplicationState.WITHDRAWN: frozenset({ApplicationState.RECEIVED}),
    ApplicationState.EXCLUDED: frozenset({ApplicationState.RECEIVED}),
}

_TRADING_FIRMS: Final = re.compile(r"商社|商事|物産|トレーディング|貿易")
_NUMBER_AT_END: Final = re.compile(r"\d+$")


class Standing(StrEnum):
    """Where an application stands on its way to a meeting."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    EXCLUDED = "excluded"


class Wish(Protocol):
    """What the rules look at in an application."""

    @property
    def id(self) -> int: ...
    @property
    def need_id(self) -> int: ...
    @property
    def organisation_id(self) -> int: ...
    @property
    def submitted_at(self) -> dt.datetime: ...
    @property
    def state(self) -> str: ...
    @property
    def rating(self) -> str | None: ...


W = TypeVar("W", bound=Wish)


def may_move(now: str, then: ApplicationState) -> bool:
    return then in MOVES[ApplicationState(now)]


def standing(state: str, rating: str | None) -> Standing:
    """The state decides; among those received, the large company's answer."""
    if state != ApplicationState.RECEIVED:
        return Standing(state)
    if rating is None:
        return Standing.WAITING
    return Standing.ACCEPTED if rating in ACCEPTING else Standing.DECLINED


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A later application of the same company to the same need."""

    first_id: int
    later_id: int


def duplicates(wishes: Iterable[Wish]) -> tuple[Duplicate, ...]:
    """Pairs to be merged, the later into the earliest; what was merged or withdrawn already does not count."""
    first: dict[tuple[int, int], Wish] = {}
    found: list[Duplicate] = []
    for wish in sorted(wishes, key=lambda wish: (wish.submitted_at, wish.id)):
        if wish.state != ApplicationState.RECEIVED:
            continue
        earliest = first.setdefault((wish.need_id, wish.organisation_id), wish)
        if earliest is not wish:
            found.append(Duplicate(earliest.id, wish.id))
    return tuple(found)


def asked(wishes: Collection[W], unwanted: Collection[tuple[int, int]]) -> list[W]:
    """What companies are asked about: received, each applicant once, none that the need does not want to meet."""
    later = {pair.later_id for pair in duplicates(wishes)}
    return [
        one
        for one in wishes
        if one.state == ApplicationState.RECEIVED
        and one.id not in later
        and (one.need_id, one.organisation_id) not in unwanted
    ]


def looks_like_trading_firm(excluded: str, organisation_name: str) -> bool:
    """Whether a need that turns trading firms away got an application from what is called like one."""
    return "商社" in excluded and bool(_TRADING_FIRMS.search(organisation_name))


@dataclass(frozen=True, slots=True)
class Span:
    """A named interval, half open."""

    name: str
    start: dt.datetime
    end: dt.datetime


def overlaps(spans: Sequence[Span]) -> tuple[tuple[Span, Span], ...]:
    """Each span that begins before an earlier one has ended, with that one: (later, earlier)."""
    found: list[tuple[Span, Span]] = []
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    last = None
    for span in ordered:
        if last is not None and span.start < last.end:
            found.append((span, last))
        if last is None or span.end > last.end:
            last = span
    return tuple(found)


def next_code(codes: Iterable[str], *, prefix: str, digits: int) -> str:
    """The number after the highest one: A170 → A171."""
    numbers = (_NUMBER_AT_END.search(code) for code in codes if code.startswith(prefix))
    highest = max((int(number[0]) for number in numbers if number), default=0)
    return f"{prefix}{highest + 1:0{digits}d}"


LIMIT_NEEDS: Final[dict[LimitKind, tuple[str, ...]]] = {
    LimitKind.ARRIVES_FROM: ("time_from",),
    LimitKind.LEAVES_BY: ("time_to",),
    LimitKind.UNAVAILABLE: ("time_from", "time_to"),
    LimitKind.EXTRA_TABLES: ("value",),
    LimitKind.PARALLEL: ("value",),
    LimitKind.ONLINE_ONLY: (),
    LimitKind.ONLINE_OK: (),
    LimitKind.REST_AFTER: ("value",),
    LimitKind.CONSECUTIVE_OK: ("value",),
    LimitKind.MAX_MEETINGS: ("value",),
}
"""Which fields each kind of limit cannot do without."""
