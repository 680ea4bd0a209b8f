"""To whom a document is made out: the name, what follows it, and how it is found again."""

import unicodedata

from eventops.directory import names
from eventops.registration.models import Registration

_HONORIFICS = ("御中", "様", "殿")
_UNITS = ("部", "課", "室", "係", "局", "所", "店", "社", "場", "校", "院", "会", "センター", "グループ", "チーム")


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
    people = [registration.applicant_name, *(person.full_name for person in registration.attendees)]
    if search_key(party).endswith(tuple(filter(None, map(search_key, people)))):
        return False
    rest = party.removeprefix(registration.organisation_name).strip()
    return not rest or bool(names.parse(party).form) or rest.endswith(_UNITS)


def search_key(text: str) -> str:
    """A name as it is looked for: without spaces, widths and capitals."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())[:200]


def searched_as(registration: Registration, party: str) -> str:
    """Under what a document is found: the name on it, the company behind it, and its reading."""
    return search_key(f"{party} {registration.organisation_name} {registration.organisation_kana}")
