"""What stands on a document: amounts of people, how they are parted, and what of them stands on one already."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from eventops.billing import fees
from eventops.billing.models import Document, DocumentKind
from eventops.events.models import PriceCategory
from eventops.registration.models import Attendee, Registration

_CATEGORIES = {PriceCategory.MEMBER: "会員", PriceCategory.GENERAL: "一般"}


class Split(StrEnum):
    """One document for all, one for each person, or one for each part (a lecture and a party are booked apart)."""

    WHOLE = "whole"
    PERSON = "person"
    PART = "part"


Key = tuple[int, int | None]
"""A person and a part, or None for what the event itself costs."""


@dataclass(frozen=True, slots=True)
class Item:
    """One amount of one person, tax included."""

    attendee_id: int
    part_id: int | None
    text: str
    name: str
    yen: int
    tax_percent: int = fees.STANDARD_TAX_PERCENT

    @property
    def key(self) -> Key:
        return self.attendee_id, self.part_id


def owed(registration: Registration) -> list[Item]:
    """Everything that is owed, person by person: the event's own fee and that of parts."""
    titles = {part.id: part.title for part in registration.event.parts}
    return [item for person in registration.attendees for item in _of_person(person, titles)]


def _of_person(person: Attendee, titles: Mapping[int, str]) -> list[Item]:
    category = _CATEGORIES[PriceCategory(person.price_category)]
    parts: Counter[int] = Counter()
    for place in person.places:
        parts[place.part_id] += place.fee_yen
    name = person.full_name.strip()
    own = Item(person.id, None, f"参加費({category})", name, person.fee_yen - parts.total())
    of_parts = [
        Item(person.id, part_id, f"{titles.get(part_id, '')} 参加費({category})".strip(), name, yen)
        for part_id, yen in sorted(parts.items())
    ]
    return [item for item in (own, *of_parts) if item.yen > 0]


def paid(registration: Registration) -> list[Item]:
    """What is owed by those who have paid all of theirs."""
    ids = {person.id for person in registration.attendees if person.paid_at is not None}
    return [item for item in owed(registration) if item.attendee_id in ids]


def standing_on(documents: Iterable[Document], kind: DocumentKind) -> Counter[Key]:
    """What of each person's amounts stands on documents of a kind, less what was taken back."""
    found: Counter[Key] = Counter()
    for document in documents:
        takes_back = document.counters is not None and document.counters.kind == kind
        if document.kind == kind or takes_back:
            for line in document.lines:
                found[line.attendee_id, line.part_id] += -line.yen if takes_back else line.yen
    return found


def beyond(items: Iterable[Item], known: Mapping[Key, int]) -> list[Item]:
    """What of these amounts does not stand on a document yet."""
    more = [replace(item, yen=item.yen - known.get(item.key, 0)) for item in items]
    return [item for item in more if item.yen > 0]


def parted(items: Sequence[Item], split: Split) -> list[list[Item]]:
    """The amounts of each document."""
    groups: dict[object, list[Item]] = {}
    for item in items:
        key = {Split.WHOLE: None, Split.PERSON: item.attendee_id, Split.PART: item.part_id}[split]
        groups.setdefault(key, []).append(item)
    return list(groups.values())


def left_of(document: Document, takings: Iterable[Document]) -> list[Item]:
    """What of a document's amounts has not been taken back."""
    taken: Counter[Key] = Counter()
    for taking in takings:
        for line in taking.lines:
            taken[line.attendee_id, line.part_id] += line.yen
    lines = [Item(line.attendee_id, line.part_id, line.text, line.name, line.yen) for line in document.lines]
    return beyond(lines, taken)
