"""Whether letters reach people from here: what an installation lacks for it, as codes that pages put into words."""

from enum import StrEnum
from urllib.parse import urlsplit

from flask import current_app

from eventops.database import read_session
from eventops.mail import backends
from eventops.settings import queries as settings_queries

_OWN_MACHINE = frozenset({"", "localhost", "127.0.0.1", "::1"})


class Lack(StrEnum):
    """What keeps letters, or the links in them, from being of use to their readers."""

    NO_SERVER = "no_server"
    LOCAL_LINKS = "local_links"
    NO_ORGANISER = "no_organiser"


def lacking() -> list[Lack]:
    """What this installation lacks, the gravest first."""
    config = current_app.config
    organiser = settings_queries.organiser(read_session())
    return lacks(config["MAIL_URL"], config["PUBLIC_URL"], organiser.email)


def lacks(mail_url: str, public_url: str, organiser_email: str) -> list[Lack]:
    found = {
        Lack.NO_SERVER: not _reaches_people(mail_url),
        Lack.LOCAL_LINKS: (urlsplit(public_url).hostname or "") in _OWN_MACHINE,
        Lack.NO_ORGANISER: not organiser_email,
    }
    return [lack for lack, holds in found.items() if holds]


def _reaches_people(mail_url: str) -> bool:
    """A setting that cannot be understood sends nothing either; the letters' page says what is wrong with it."""
    try:
        return backends.from_url(mail_url).reaches_people
    except ValueError:
        return False
