"""To whom a document is made out: the name, what follows it, and how it is found again."""

import unicodedata

from eventops.directory import names
from eventops.registration.models import Registration

PRIVATE = "個人"
"""What the form asks private people to write in place of a company."""
_HONORIFICS = ("御中", "様", "殿")
_UNITS = ("部", "課", "室", "係", "局", "所", "店", "社", "場", "校", "院", "会", "センター", "グループ", "チーム")
_SHORTEST_UNIT = 3
_FAMILY_NAMES = ("長谷部", "日下部", "曽我部", "曾我部", "伊集院")


def usual(registration: Registration) -> str:
    """The name on a document unless another is wished for; who applied as 個人 has no other than their own."""
    company = registration.organisation_name
    return registration.receipt_name or (registration.applicant_name if company.strip() == PRIVATE else company)


def addressed(registration: Registration, wished: str, honorific: str = "") -> tuple[str, str]:
    """The name and what follows it: 御中 for a body, 様 for a person; what was typed with the name is not doubled."""
    party = " ".join(wished.split())
    typed = next((one for one in _HONORIFICS if party.endswith(one) and party != one), "")
    party = party.removesuffix(typed).strip()
    if not party:
        return "", ""
    return party, honorific or typed or ("御中" if _is_body(registration, party) else "様")


def _is_body(registration: Registration, party: str) -> bool:
    """A body, or a unit of one; whoever stands behind the company's name is a person all the same."""
    own, parsed = registration.organisation_name.strip(), names.parse(party)
    if search_key(party) == search_key(own) or (parsed.form and parsed.core == names.parse(own).core):
        return True
    people = [registration.applicant_name, *(person.full_name for person in registration.attendees)]
    if any(_stands_behind(party, name) for name in people if search_key(name) != search_key(own)):
        return False
    behind = party.removeprefix(own).strip()
    is_unit = behind.endswith(_UNITS) if behind != party else _is_unit(party)
    return is_unit or bool(parsed.form)


def _stands_behind(party: str, name: str) -> bool:
    """Whether a party ends with a person's name; companies and units are typed where a name belongs, too."""
    key = search_key(name)
    return bool(key) and search_key(party).endswith(key) and not names.parse(name).form and not _is_unit(key)


def _is_unit(text: str) -> bool:
    """Family names end like units too: 服部, 馬場."""
    return len(text) >= _SHORTEST_UNIT and text.endswith(_UNITS) and text not in _FAMILY_NAMES


def search_key(text: str) -> str:
    """A name as it is looked for: without spaces, widths and capitals."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())[:200]


def searched_as(registration: Registration, party: str) -> str:
    """Under what a document is found: the name on it, the company behind it, and its reading."""
    return search_key(f"{party} {registration.organisation_name} {registration.organisation_kana}")
