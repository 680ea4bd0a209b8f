"""To whom a document is made out: the name, what follows it, and how it is found again."""

import unicodedata

from eventops.directory import names
from eventops.registration.models import Registration

_HONORIFICS = ("御中", "様", "殿")


def addressed(registration: Registration, wished: str, honorific: str = "") -> tuple[str, str]:
    """The name and what follows it: 御中 for a body, 様 for a person; what was typed with the name is not doubled."""
    party = " ".join(wished.split())
    typed = next((one for one in _HONORIFICS if party.endswith(one) and party != one), "")
    party = party.removesuffix(typed).strip()
    if not party:
        return "", ""
    is_body = bool(names.parse(party).form) or party == registration.organisation_name
    return party, honorific or typed or ("御中" if is_body else "様")


def search_key(text: str) -> str:
    """A name as it is looked for: without spaces, widths and capitals."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())[:200]


def searched_as(registration: Registration, party: str) -> str:
    """Under what a document is found: the name on it, the company behind it, and its reading."""
    return search_key(f"{party} {registration.organisation_name} {registration.organisation_kana}")
