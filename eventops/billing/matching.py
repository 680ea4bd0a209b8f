"""Which application a transfer pays: suggestions with reasons and a score. Values in, values out."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from eventops.billing import payers
from eventops.billing.owing import SHORTEST_BEGINNING, Book, Debt, Transfer
from eventops.billing.payers import Payer

USUAL_FEES: Final = frozenset(
    {110, 145, 150, 165, 200, 210, 220, 229, 250, 275, 280, 300, 330, 350, 385, 400, 418, 420, 432, 440}
    | {450, 484, 490, 495, 500, 540, 550, 594, 600, 605, 648, 650, 660, 700, 715, 756, 770, 800, 864, 880}
)
MOST_SHOWN: Final = 3
MOST_TOGETHER: Final = 10
FEW: Final = 3


class Why(StrEnum):
    """What speaks for a suggestion, or against it."""

    REFERENCE = "reference"
    NUMBER = "number"
    BEFORE = "before"
    COMPANY = "company"
    COMPANY_FORM = "company_form"
    COMPANY_OTHER_FORM = "company_other_form"
    BEGINNING = "beginning"
    LOOSE = "loose"
    PERSON = "person"
    AMOUNT = "amount"
    ONLY_AMOUNT = "only_amount"
    TOGETHER = "together"
    TOGETHER_FEE = "together_fee"
    FEE = "fee"
    PART = "part"
    PAIR = "pair"
    MORE = "more"
    SEVERAL = "several"


_IDENTITY: Final = {
    Why.REFERENCE: 58,
    Why.BEFORE: 45,
    Why.COMPANY_FORM: 50,
    Why.COMPANY: 44,
    Why.PERSON: 40,
    Why.NUMBER: 38,
    Why.COMPANY_OTHER_FORM: 34,
    Why.BEGINNING: 34,
    Why.LOOSE: 30,
}
_AGREEMENT: Final = {
    Why.AMOUNT: 40,
    Why.TOGETHER: 38,
    Why.FEE: 32,
    Why.TOGETHER_FEE: 30,
    Why.PAIR: 30,
    Why.ONLY_AMOUNT: 25,
    Why.PART: 8,
    Why.MORE: -12,
}
_MORE_THAN_ONE_SIGN: Final = 8
_SEVERAL: Final = -15
_NAMED: Final = frozenset({Why.COMPANY_FORM, Why.COMPANY, Why.PERSON, Why.BEFORE, Why.BEGINNING})


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign, with the yen or the number that it is about."""

    why: Why
    yen: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """What of the transfer pays one application, and the fee that the payer kept back from it."""

    registration_id: int
    yen: int
    fee_yen: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A way to lay a transfer out. A certain one may be booked without asking."""

    pieces: tuple[Piece, ...]
    score: int
    reasons: tuple[Reason, ...]
    is_certain: bool = False


def suggest(transfer: Transfer, book: Book, *, others: Iterable[Transfer] = ()) -> list[Suggestion]:
    """The likeliest ways to lay a transfer out, the best first; nobody is named without a reason."""
    payer = payers.read(transfer.text)
    signs = _signs(payer, book)
    found = [_single(transfer, debt, why, payer, others) for debt, why in signs.values()]
    found += _together(transfer, list(signs.values()))
    if not found:
        found = _by_amount_alone(transfer, book)
    return sorted(_with_doubt(found), key=lambda one: -one.score)[:MOST_SHOWN]


def by_hand(registration_id: int, *, left_yen: int, open_yen: int) -> list[Piece]:
    """Ways to lay a transfer out on the application that staff found; the likeliest first."""
    whole = Piece(registration_id, left_yen)
    if 0 < open_yen < left_yen:
        return [Piece(registration_id, open_yen), whole]
    if open_yen - left_yen in USUAL_FEES:
        return [Piece(registration_id, left_yen, open_yen - left_yen), whole]
    return [whole]


_Signs = dict[int, tuple[Debt, set[Why]]]


def _signs(payer: Payer, book: Book) -> _Signs:
    found: _Signs = {}

    def add(debt: Debt, why: Why) -> None:
        found.setdefault(debt.registration_id, (debt, set()))[1].add(why)

    for reference in payer.references:
        if reference in book.by_reference:
            add(book.by_reference[reference], Why.REFERENCE)
    for number in payer.numbers:
        for debt in book.by_number.get(number, ()):
            add(debt, Why.NUMBER)
    for debt in book.by_past.get(payer.key, ()) if payer.key else ():
        add(debt, Why.BEFORE)
    for debt, why in _by_name(payer, book):
        add(debt, why)
    return found


def _by_name(payer: Payer, book: Book) -> Iterable[tuple[Debt, Why]]:
    if not payer.key:
        return
    for debt in book.by_reading.get(payer.key, ()):
        yield debt, _form_sign(payer, debt)
    for debt in book.by_person.get(payer.key, ()):
        yield debt, Why.PERSON
    for debt in book.by_loose.get(payers.loose_key(payer.key), ()):
        if payer.key not in debt.readings:
            yield debt, Why.LOOSE
    if len(payer.key) >= SHORTEST_BEGINNING:
        for debt in book.by_beginning.get(payer.key[:SHORTEST_BEGINNING], ()):
            if payer.key not in debt.readings and any(_begins(payer.key, reading) for reading in debt.readings):
                yield debt, Why.BEGINNING


def _begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _form_sign(payer: Payer, debt: Debt) -> Why:
    """前株 and 後株 are different companies."""
    if not payer.form or not debt.form:
        return Why.COMPANY
    is_same = debt.form.endswith(payer.form) and payer.position == debt.position
    return Why.COMPANY_FORM if is_same else Why.COMPANY_OTHER_FORM


def _single(transfer: Transfer, debt: Debt, signs: set[Why], payer: Payer, others: Iterable[Transfer]) -> Suggestion:
    agreement, piece = _agreement(transfer, debt, payer, others)
    score = _identity(signs) + _AGREEMENT[agreement.why]
    reasons = (*_ordered(signs), agreement)
    is_sure_of_whom = Why.REFERENCE in signs or (Why.NUMBER in signs and bool(signs & _NAMED))
    is_certain = is_sure_of_whom and agreement.why is Why.AMOUNT
    return Suggestion((piece,), 100 if is_certain else min(score, 99), reasons, is_certain)


def _agreement(transfer: Transfer, debt: Debt, payer: Payer, others: Iterable[Transfer]) -> tuple[Reason, Piece]:
    missing = debt.open_yen - transfer.yen
    whole = Piece(debt.registration_id, transfer.yen)
    if missing == 0:
        return Reason(Why.AMOUNT, transfer.yen), whole
    if missing in USUAL_FEES:
        return Reason(Why.FEE, missing), Piece(debt.registration_id, transfer.yen, missing)
    if missing < 0:
        return Reason(Why.MORE, -missing), whole
    other = next((one for one in others if _completes(one, transfer, missing, payer)), None)
    return (Reason(Why.PAIR, other.yen) if other else Reason(Why.PART, missing)), whole


def _completes(other: Transfer, transfer: Transfer, missing: int, payer: Payer) -> bool:
    return other.line_id != transfer.line_id and other.yen == missing and payers.read(other.text).key == payer.key


def _identity(signs: set[Why]) -> int:
    strongest = max((_IDENTITY[why] for why in signs), default=0)
    return strongest + (_MORE_THAN_ONE_SIGN if len(signs) > 1 else 0)


def _ordered(signs: set[Why]) -> tuple[Reason, ...]:
    return tuple(Reason(why) for why in sorted(signs, key=lambda why: -_IDENTITY[why]))


def _together(transfer: Transfer, signs: Sequence[tuple[Debt, set[Why]]]) -> list[Suggestion]:
    """Several applications of one payer that sum up to the transfer, or to it and a usual fee."""
    candidates = [(debt, why) for debt, why in signs if debt.open_yen < transfer.yen + max(USUAL_FEES)]
    found = []
    for size in range(2, min(len(candidates), MOST_TOGETHER) + 1):
        for group in itertools.islice(itertools.combinations(candidates[:MOST_TOGETHER], size), 300):
            missing = sum(debt.open_yen for debt, _ in group) - transfer.yen
            if missing == 0 or missing in USUAL_FEES:
                found.append(_group(group, missing))
    return sorted(found, key=lambda one: -one.score)[:2]


def _group(group: Sequence[tuple[Debt, set[Why]]], missing: int) -> Suggestion:
    agreement = Reason(Why.TOGETHER_FEE, missing) if missing else Reason(Why.TOGETHER, len(group))
    shared = set.intersection(*(why for _, why in group)) or min((why for _, why in group), key=_identity)
    last = group[-1][0]
    pieces = [Piece(debt.registration_id, debt.open_yen) for debt, _ in group[:-1]]
    pieces.append(Piece(last.registration_id, last.open_yen - missing, missing))
    return Suggestion(
        tuple(pieces), min(_identity(shared) + _AGREEMENT[agreement.why], 99), (*_ordered(shared), agreement)
    )


def _by_amount_alone(transfer: Transfer, book: Book) -> list[Suggestion]:
    same = book.by_amount.get(transfer.yen, ())
    if len(same) > FEW:
        return []
    reason = Reason(Why.ONLY_AMOUNT, len(same))
    return [
        Suggestion((Piece(debt.registration_id, transfer.yen),), _AGREEMENT[Why.ONLY_AMOUNT], (reason,))
        for debt in same
    ]


def _with_doubt(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Two that are equally likely are less likely each, and neither of them is certain."""
    best = max((one.score for one in found), default=0)
    ties = sum(one.score == best for one in found)
    if ties < 2:
        return list(found)
    return [
        Suggestion(one.pieces, max(min(one.score, 99) + _SEVERAL, 1), (*one.reasons, Reason(Why.SEVERAL, ties)))
        if one.score == best
        else one
        for one in found
    ]
