"""What the check-in service is asked to do."""

from dataclasses import dataclass

from eventops.checkin.models import ScanMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a ticket: by its code, or at a person found by name. `nonce` is the device's own number for it."""

    nonce: str
    event_id: int
    part_id: int
    method: ScanMethod
    station: str
    user_id: int | None
    code: str = ""
    attendee_id: int | None = None
