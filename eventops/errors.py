"""The errors that the domain raises: codes with details, never words."""

from collections.abc import Mapping


class DomainError(Exception):
    """Something the rules refuse. `code` names it, `details` fill the sentence that the reader sees."""

    code = "refused"

    def __init__(self, **details: object) -> None:
        super().__init__(self.code)
        self.details: Mapping[str, object] = details


class NotFound(DomainError):
    """The thing asked for does not exist, or is not for this reader."""

    code = "not_found"


class BadLink(DomainError):
    """A private link that was altered, made up, or replaced by a newer one."""

    code = "bad_link"


class Stale(DomainError):
    """Somebody else changed the thing in the meantime."""

    code = "stale"
