"""What any file of a bank comes down to: movements on an account, and how one is known again in a later file."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from eventops.billing import payers


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came (above nought) or went; `payer` as the bank wrote it. A reversal takes a notice back."""

    line: int
    booked_on: dt.date
    payer: str
    yen: int
    is_reversal: bool = False


def fingerprints(movements: Iterable[Movement]) -> list[str]:
    """Day, amount, name, and the how-manieth such of its file: files of overlapping weeks share their movements."""
    seen: Counter[tuple[str, int, str]] = Counter()
    found = []
    for movement in movements:
        key = (movement.booked_on.isoformat(), movement.yen, payers.squeezed(movement.payer))
        seen[key] += 1
        found.append(hashlib.sha256("|".join(map(str, (*key, seen[key]))).encode()).hexdigest())
    return found
