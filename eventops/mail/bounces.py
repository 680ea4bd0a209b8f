"""Letters that came back: reading reports of non-delivery (RFC 3464) and finding the letter they are about."""

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import default
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.mail import service
from eventops.mail.models import Letter

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class Found(StrEnum):
    """What a message that staff handed in turned out to be."""

    NOTED = "noted"
    KNOWN = "known"
    DELAYED = "delayed"
    STRANGER = "stranger"
    NO_REPORT = "no_report"


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says: which letter, whether it is over, and the status code."""

    message_id: str
    is_final: bool
    status: str


def read(content: bytes) -> Report | None:
    """The report in a message; None where the message is none, or does not name the letter."""
    message = email.message_from_bytes(content, policy=default)
    parts = list(message.walk())
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    message_id = next(filter(None, map(_identity, parts)), "")
    if status is None or not message_id:
        return None
    fields = " ".join(str(block) for block in _blocks(status))
    code = _STATUS.search(_field(fields, "Status"))
    return Report(message_id, _field(fields, "Action").lower() == "failed", code[0] if code else "")


def note(session: Session, content: bytes) -> Found:
    """Note what came back."""
    report = read(content)
    if report is None:
        return Found.NO_REPORT
    letter_id = session.scalar(select(Letter.id).where(Letter.message_id == report.message_id))
    if letter_id is None:
        return Found.STRANGER
    if not report.is_final:
        return Found.DELAYED
    noted = service.came_back(session, letter_id=letter_id, reason=f"BACK {report.status}".strip())
    return Found.NOTED if noted else Found.KNOWN


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _field(text: str, name: str) -> str:
    found = re.search(rf"(?im)^{name}:[ \t]*(\S+)", text)
    return found[1] if found else ""


def _identity(part: EmailMessage) -> str:
    """The Message-ID of the letter that a report brings back, whole or as its headers alone."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_payload(0)
        return str(inner["Message-ID"] or "").strip("<> ") if isinstance(inner, Message) else ""
    if kind == "text/rfc822-headers":
        found = re.search(r"(?im)^Message-ID:\s*<([^<>\s]+)>", str(part.get_content()))
        return found[1] if found else ""
    return ""
