"""Reads of the organiser's profile."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.database import plain
from eventops.prepared import Prepared, ask
from eventops.settings.models import Organiser

DEFAULT_NAME = "事務局"


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


_ONE = Prepared(select(*(getattr(Organiser, name) for name in OrganiserProfile.__slots__)).limit(1))


def organiser(session: Session) -> OrganiserProfile:
    """The profile, or plain defaults before staff have filled it in."""
    [rows] = ask(plain(session), _ONE.with_values())
    return OrganiserProfile(*rows[0]) if rows else OrganiserProfile()
