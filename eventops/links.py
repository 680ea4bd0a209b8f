"""Private links: signed references that cannot be guessed or counted through, one purpose each."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from itsdangerous import BadData, URLSafeSerializer

from eventops.errors import BadLink


class Purpose(StrEnum):
    """What a link opens; a link for one purpose is refused for any other."""

    REGISTRATION = "registration"
    MEETINGS = "meetings"
    CALENDAR = "calendar"
    ANNOUNCEMENTS = "announcements"
    NEED = "need"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class LinkRef:
    """A row and the issue of its link; a reissued link makes the older one invalid."""

    id: int
    issue: int


@lru_cache(maxsize=1000)
def issue(ref: LinkRef, purpose: Purpose, *, key: str) -> str:
    """The text for the URL."""
    return str(URLSafeSerializer(key, salt=f"link:{purpose}").dumps([ref.id, ref.issue]))


def read(text: str, purpose: Purpose, *, key: str) -> LinkRef:
    """The reference in a link; raises `BadLink` for anything that this installation did not issue."""
    try:
        row_id, number = URLSafeSerializer(key, salt=f"link:{purpose}").loads(text)
    except (BadData, ValueError, TypeError) as error:
        raise BadLink from error
    return LinkRef(row_id, number)
