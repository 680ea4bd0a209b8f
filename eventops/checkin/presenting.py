"""An outcome in the reader's words: the same for the page, for the script's answer and for the list of scans."""

from dataclasses import dataclass, field, fields
from typing import Final

from eventops import wareki
from eventops.checkin import words
from eventops.checkin.outcomes import Guest, Outcome, SeatLine
from eventops.checkin.rules import LETS_IN, OVERRULABLE, PASSED, TONES, Tone, Verdict
from eventops.registration import labels
from eventops.registration.models import PaymentMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the verdict screen shows. `lines` are read out loud if need be, `small` is for a second look."""

    scan: int
    nonce: str
    verdict: str
    tone: str
    word: str
    short: str
    at: str
    name: str = ""
    kana: str = ""
    org: str = ""
    lines: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    owes: bool = False
    can_undo: bool = False
    can_overrule: bool = False
    part: int = 0
    direction: str = "in"
    attendee: int | None = None


_SAID_BY_THE_WORD: Final = frozenset({Verdict.ADMIT, Verdict.UNPAID, Verdict.LEFT})
_FIELDS: Final = tuple(one.name for one in fields(Answer))


def answer(outcome: Outcome) -> Answer:
    """The outcome in words."""
    shown = _as_it_stands(outcome)
    guest = outcome.guest
    return Answer(
        scan=outcome.scan_id,
        nonce=outcome.nonce,
        verdict=outcome.verdict,
        tone=Tone.ATTENTION if outcome.is_undone else TONES[shown],
        word=str(words.TAKEN_BACK if outcome.is_undone else words.TONE_WORDS[TONES[shown]]),
        short=str(words.SHORT[shown]),
        at=wareki.clock(outcome.at),
        name=guest.name if guest else "",
        kana=guest.kana if guest else "",
        org=_org(guest) if guest else "",
        lines=_lines(outcome, shown),
        small=[_seat(seat) for seat in guest.seats] if guest else [],
        owes=_owes(outcome),
        can_undo=outcome.verdict in PASSED and not outcome.is_undone,
        can_overrule=guest is not None and outcome.verdict in OVERRULABLE and not outcome.is_undone,
        part=outcome.part_id,
        direction=outcome.direction,
        attendee=guest.attendee_id if guest else None,
    )


def as_json(shown: Answer) -> dict[str, object]:
    return {name: getattr(shown, name) for name in _FIELDS}


def _as_it_stands(outcome: Outcome) -> Verdict:
    """Once the desk has taken the fee, somebody let in is simply in."""
    paid = outcome.guest is not None and outcome.guest.due_yen == 0
    return Verdict.ADMIT if outcome.verdict is Verdict.UNPAID and paid else outcome.verdict


def _owes(outcome: Outcome) -> bool:
    inside = outcome.verdict in LETS_IN or outcome.verdict is Verdict.ALREADY_IN
    return inside and not outcome.is_undone and outcome.guest is not None and outcome.guest.due_yen > 0


def _lines(outcome: Outcome, shown: Verdict) -> list[str]:
    if outcome.is_undone:
        return [str(words.UNDONE)]
    said = [] if shown in _SAID_BY_THE_WORD else [_sentence(outcome)]
    if outcome.guest is None:
        return said
    if _owes(outcome):
        said.append(_due(outcome.guest))
    return [*said, *outcome.guest.notes]


def _sentence(outcome: Outcome) -> str:
    first = outcome.first
    return str(words.SENTENCES[outcome.verdict]).format(
        time=wareki.clock(first.at) if first else "",
        station=(first.station if first else "") or words.NO_STATION,
        event=outcome.event_title,
    )


def _due(guest: Guest) -> str:
    by_transfer = guest.payment_method == PaymentMethod.BANK_TRANSFER
    sentence = words.TRANSFER_DUE if by_transfer else words.CASH_DUE
    return str(sentence).format(amount=f"{guest.due_yen:,}円")


def _org(guest: Guest) -> str:
    parts = (guest.company, guest.department, f"〔{labels.BADGES[guest.category]}〕")
    return " ".join(filter(None, parts))


def _seat(seat: SeatLine) -> str:
    return f"{seat.title}：{labels.place(seat.state, seat.mode)}"
