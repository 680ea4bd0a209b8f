"""What a company has confirmed of its need, which states a need may take, and where the text would give a name away."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, Protocol

from eventops.directory import names
from eventops.meetings.models import NeedState

MOVES: Final[dict[NeedState, frozenset[NeedState]]] = {
    NeedState.DRAFT: frozenset({NeedState.ASKED, NeedState.OPEN}),
    NeedState.ASKED: frozenset({NeedState.DRAFT, NeedState.OPEN}),
    NeedState.OPEN: frozenset({NeedState.DRAFT, NeedState.CLOSED}),
    NeedState.CLOSED: frozenset({NeedState.OPEN}),
}
SECRET: Final = frozenset({NeedState.DRAFT, NeedState.ASKED})
"""States in which nobody but staff and the company itself sees a need."""
_SHORTEST_NAME: Final = 2


class Confirmation(StrEnum):
    """How far the company is with reading its own need."""

    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    CHANGED = "changed"


class Wording(Protocol):
    """What guests read of a need, and what its company said of that."""

    state: str
    title: str
    description: str
    unit: str
    required_tags: list[str]
    stage: str
    excluded: str
    confidentiality: str
    online_only: bool
    online_ok: bool
    is_anonymous: bool
    public_name: str
    confirmed_digest: str


def may_move(now: str, then: NeedState) -> bool:
    return then in MOVES[NeedState(now)]


def digest(need: Wording) -> str:
    """Stands for the wording that would be public: another wording is another digest."""
    said = (
        need.title,
        need.description,
        need.unit,
        list(need.required_tags),
        need.stage,
        need.excluded,
        need.confidentiality,
        need.online_only,
        need.online_ok,
        need.is_anonymous,
        need.public_name,
    )
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def confirmation(need: Wording) -> Confirmation:
    if need.confirmed_digest:
        return Confirmation.CONFIRMED if need.confirmed_digest == digest(need) else Confirmation.CHANGED
    return Confirmation.WAITING if need.state == NeedState.ASKED else Confirmation.NOT_ASKED


def public_texts(need: Wording) -> Mapping[str, str]:
    """What guests read of an anonymous need."""
    return {
        "public_name": need.public_name,
        "title": need.title,
        "description": need.description,
        "tags": "、".join(need.required_tags),
        "stage": need.stage,
        "excluded": need.excluded,
        "confidentiality": need.confidentiality,
    }


def giving_away(texts: Mapping[str, str], company: Iterable[str]) -> tuple[str, ...]:
    """The texts in which one of the company's names stands, however it is written."""
    cores = [core for name in company if len(core := names.loose_core(name)) >= _SHORTEST_NAME]
    return tuple(field for field, text in texts.items() if any(core in names.loose_core(text) for core in cores))
