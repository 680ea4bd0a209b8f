"""What is owed: lines in whole yen with tax included, and the tax in them, once per document and rate."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventops.events.models import Mode, PriceCategory

STANDARD_TAX_PERCENT = 10


@dataclass(frozen=True, slots=True)
class Price:
    """What one head pays: for the event once (`part_id` None) or for one part."""

    part_id: int | None
    category: PriceCategory
    mode: Mode
    yen: int


@dataclass(frozen=True, slots=True)
class Guest:
    """One head: its category and the parts in which it holds a seat, with the mode of each."""

    key: int
    category: PriceCategory
    seats: Mapping[int, Mode]

    @property
    def mode(self) -> Mode:
        """The event's own fee is that of the venue as soon as one part is attended there."""
        return Mode.ONSITE if Mode.ONSITE in self.seats.values() else Mode.ONLINE


@dataclass(frozen=True, slots=True)
class Line:
    """One amount of one head, tax included."""

    key: int
    part_id: int | None
    category: PriceCategory
    mode: Mode
    yen: int
    tax_percent: int = STANDARD_TAX_PERCENT


@dataclass(frozen=True, slots=True)
class Quote:
    """The lines of one document."""

    lines: tuple[Line, ...] = ()

    @property
    def total_yen(self) -> int:
        return sum(line.yen for line in self.lines)

    @property
    def taxes(self) -> dict[int, int]:
        """The tax contained in the total, per rate: never per line, where each rounding would lose a yen."""
        return {percent: contained_tax(yen, percent) for percent, yen in _totals_by_rate(self.lines).items()}

    def of(self, key: int) -> int:
        """What one head owes."""
        return sum(line.yen for line in self.lines if line.key == key)

    def of_part(self, key: int, part_id: int) -> int:
        """What one head owes for one part."""
        return sum(line.yen for line in self.lines if line.key == key and line.part_id == part_id)


def contained_tax(total_yen: int, percent: int = STANDARD_TAX_PERCENT) -> int:
    """The tax inside an amount that includes it, rounded down: 14,000 holds 1,272."""
    return total_yen * percent // (100 + percent)


def quote(prices: Iterable[Price], guests: Sequence[Guest]) -> Quote:
    """The lines owed by these heads; who holds no seat owes nothing, and a price that is not set is nothing."""
    table = {(price.part_id, price.category, price.mode): price.yen for price in prices}
    return Quote(tuple(line for guest in guests for line in _lines(table, guest) if line.yen))


_Table = Mapping[tuple[int | None, PriceCategory, Mode], int]


def _lines(table: _Table, guest: Guest) -> list[Line]:
    if not guest.seats:
        return []
    wanted: list[tuple[int | None, Mode]] = [(None, guest.mode), *sorted(guest.seats.items())]
    return [
        Line(guest.key, part_id, guest.category, mode, table.get((part_id, guest.category, mode), 0))
        for part_id, mode in wanted
    ]


def _totals_by_rate(lines: Iterable[Line]) -> dict[int, int]:
    totals: defaultdict[int, int] = defaultdict(int)
    for line in lines:
        totals[line.tax_percent] += line.yen
    return dict(totals)
