"""The ticket code: a short signed reference to an attendee and an issue, in the QR alphanumeric characters."""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass

from eventops.errors import DomainError

PREFIX = "E"
TAG_BYTES = 10
_REFERENCE = struct.Struct(">IB")
_CODE_LENGTH = len(PREFIX) + (_REFERENCE.size + TAG_BYTES) * 8 // 5
_HIGHEST_ISSUE = 255


class BadTicket(DomainError):
    """A code that this installation did not issue, or a damaged one."""

    code = "bad_ticket"


class TooManyIssues(DomainError):
    """The counter in the code is used up; the attendee has to be registered anew."""

    code = "too_many_issues"


@dataclass(frozen=True, slots=True)
class TicketRef:
    """An attendee and the issue of the ticket; a newer issue makes the older codes invalid."""

    attendee_id: int
    issue: int


def issue(ref: TicketRef, *, key: str) -> str:
    """The code for the QR symbol: 25 characters, nothing personal in it."""
    if ref.issue > _HIGHEST_ISSUE:
        raise TooManyIssues
    packed = _REFERENCE.pack(ref.attendee_id, ref.issue)
    return PREFIX + base64.b32encode(packed + _tag(packed, key)).decode()


def read(text: str, *, key: str) -> TicketRef:
    """What a code refers to; raises `BadTicket` for anything that this installation did not issue."""
    code = text.strip().upper()
    if len(code) != _CODE_LENGTH or not code.startswith(PREFIX):
        raise BadTicket
    try:
        raw = base64.b32decode(code.removeprefix(PREFIX))
    except (binascii.Error, ValueError) as error:
        raise BadTicket from error
    packed, tag = raw[: _REFERENCE.size], raw[_REFERENCE.size :]
    if not hmac.compare_digest(tag, _tag(packed, key)):
        raise BadTicket
    return TicketRef(*_REFERENCE.unpack(packed))


def number(registration_number: int, position: int) -> str:
    """The number that people read out; it stays when a substitute comes."""
    return f"{registration_number:04d}-{position}"


def _tag(packed: bytes, key: str) -> bytes:
    return hmac.digest(key.encode(), b"ticket:" + packed, hashlib.sha256)[:TAG_BYTES]
