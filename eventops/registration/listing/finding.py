"""How staff find people: a fragment of name, reading, company or address, a number, the end of the telephone number."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_

from eventops.directory import kana
from eventops.registration.models import Attendee, Registration

PHONE_TAIL = 4
_MOST_DIGITS = 9


def words(text: str) -> list[str]:
    """The words looked for, in katakana: names in hiragana are rare enough to be found by their reading."""
    return kana.katakana(text).split()


def conditions(text: str) -> list[ColumnElement[bool]]:
    """Every word has to match somehow; for statements that join an attendee with the registration."""
    return [_matches(word) for word in words(text)]


def by_number(text: str) -> ColumnElement[bool] | None:
    """The same by numbers alone; None for a text that is none."""
    [*ways] = _by_number("".join(kana.katakana(text).split()))
    return or_(*ways) if ways else None


def _matches(word: str) -> ColumnElement[bool]:
    ways = [
        (Attendee.family_name + Attendee.given_name).contains(word, autoescape=True),
        Registration.organisation_name.contains(word, autoescape=True),
        Registration.email.contains(word.lower(), autoescape=True),
    ]
    if key := kana.sort_key(word):
        ways.append(Attendee.sort_key.contains(key, autoescape=True))
        ways.append(Registration.organisation_sort_key.contains(key, autoescape=True))
    return or_(*ways, *_by_number(word))


def _by_number(word: str) -> Iterable[ColumnElement[bool]]:
    digits = "".join(filter(str.isdecimal, word))
    if len(digits) >= PHONE_TAIL:
        yield Attendee.phone_tail == digits[-PHONE_TAIL:]
    number, _, position = word.partition("-")
    if number.isdecimal() and len(number) <= _MOST_DIGITS:
        same = Registration.number == int(number)
        is_whole = position.isdecimal() and len(position) <= _MOST_DIGITS
        yield and_(same, Attendee.position == int(position)) if is_whole else same
