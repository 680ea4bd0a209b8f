"""Putting letters into the outbox: rows in the transaction of their cause."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.mail.models import Letter


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """An attachment that is made when the letter is sent: the maker's name and what it is about."""

    maker: str
    subject_id: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to be written. `key` names the cause; the same key is only ever written once."""

    key: str
    kind: str
    to_name: str
    to_email: str
    subject: str
    body: str
    language: str = "ja"
    event_id: int | None = None
    subject_kind: str = ""
    subject_id: int | None = None
    attachments: tuple[AttachmentRef, ...] = ()


def put(session: Session, draft: Draft, *, now: dt.datetime) -> Letter:
    """Queue a letter; with a key that was used before, the letter of that time is given back."""
    known = session.scalar(select(Letter).where(Letter.key == draft.key))
    if known is not None:
        return known
    letter = Letter(
        key=draft.key,
        kind=draft.kind,
        to_name=draft.to_name,
        to_email=draft.to_email,
        subject=draft.subject,
        body=draft.body,
        language=draft.language,
        event_id=draft.event_id,
        subject_kind=draft.subject_kind,
        subject_id=draft.subject_id,
        attachments=[{"maker": ref.maker, "subject_id": ref.subject_id} for ref in draft.attachments],
        message_id=_message_id(draft.key),
        due_at=now,
        created_at=now,
    )
    session.add(letter)
    return letter


def _message_id(key: str) -> str:
    """The local part, stable for a cause: sent twice by a dying worker, it is one letter to the reader's program."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
