"""Putting letters into the outbox: rows in the transaction of their cause."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops import fresh
from eventops.mail.models import Letter


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """An attachment that is made when the letter is sent: the maker's name and what it is about."""

    maker: str
    subject_id: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to be written. `key` names the cause; the same key is only ever written once.

    Bulk letters wait for all others and keep their pace; announcements carry a way to stop them; after `expires_at`
    nobody needs the letter any more.
    """

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
    mailing_id: int | None = None
    is_bulk: bool = False
    is_announcement: bool = False
    expires_at: dt.datetime | None = None


def put(session: Session, draft: Draft, *, now: dt.datetime) -> Letter:
    """Queue a letter; with a key that was used before, the letter of that time is given back."""
    known = session.scalar(select(Letter).where(Letter.key == draft.key))
    if known is not None:
        return known
    letter = Letter(**_values(draft, now=now))
    session.add(letter)
    return letter


def first(_session: Session, draft: Draft, *, now: dt.datetime) -> Letter:
    """A letter whose cause has just come to be, so that nobody can have written it before; not queued yet.

    Whoever asked for it writes it with `fresh`, and no session learns of it.
    """
    return fresh.made(Letter, **_values(draft, now=now))


def _values(draft: Draft, *, now: dt.datetime) -> dict[str, Any]:
    return {
        "key": draft.key,
        "kind": draft.kind,
        "to_name": draft.to_name[:160],
        "to_email": draft.to_email,
        "subject": draft.subject[:250],
        "body": draft.body,
        "language": draft.language,
        "event_id": draft.event_id,
        "mailing_id": draft.mailing_id,
        "subject_kind": draft.subject_kind,
        "subject_id": draft.subject_id,
        "attachments": [{"maker": ref.maker, "subject_id": ref.subject_id} for ref in draft.attachments],
        "message_id": _message_id(draft.key),
        "is_bulk": draft.is_bulk,
        "is_announcement": draft.is_announcement,
        "due_at": now,
        "expires_at": draft.expires_at,
        "created_at": now,
    }


def put_copy(session: Session, letter: Letter, *, key: str, to_email: str, now: dt.datetime) -> Letter:
    """The same words once more, as a letter of its own: to its reader's program it is a new one."""
    draft = Draft(
        key=key,
        kind=letter.kind,
        to_name=letter.to_name,
        to_email=to_email,
        subject=letter.subject,
        body=letter.body,
        language=letter.language,
        event_id=letter.event_id,
        subject_kind=letter.subject_kind,
        subject_id=letter.subject_id,
        attachments=tuple(AttachmentRef(**reference) for reference in letter.attachments),
        is_announcement=letter.is_announcement,
        expires_at=letter.expires_at,
    )
    return put(session, draft, now=now)


def _message_id(key: str) -> str:
    """The local part, stable for a cause: sent twice by a dying worker, it is one letter to the reader's program."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
