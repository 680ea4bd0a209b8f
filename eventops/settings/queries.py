"""Reads of the organiser's profile."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.settings.models import Organiser

DEFAULT_NAME = "事務局"
_ONE = select(Organiser).limit(1)


@dataclass(frozen=True, slots=True)
class OrganiserProfile:
    """The organiser as pages, letters and paper show it."""

    name: str = DEFAULT_NAME
    alias: str = DEFAULT_NAME
    name_en: str = ""
    postal_code: str = ""
    address: str = ""
    phone: str = ""
    fax: str = ""
    email: str = ""
    registration_number: str = ""


def organiser(session: Session) -> OrganiserProfile:
    """The profile, or plain defaults before staff have filled it in."""
    row = session.scalar(_ONE)
    if row is None:
        return OrganiserProfile()
    return OrganiserProfile(**{name: getattr(row, name) for name in OrganiserProfile.__slots__})
