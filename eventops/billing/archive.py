"""The stored copies of documents: kept as they were handed out, and proved to be unchanged when they are read."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from eventops.billing.models import Document, DocumentFile
from eventops.errors import NotFound


class Damaged(RuntimeError):
    """A stored copy is not what was stored: the database was changed from outside."""


def kept(session: Session, *, document_id: int, copy: int) -> DocumentFile | None:
    """A stored copy, if it was made already."""
    found = session.scalar(
        select(DocumentFile)
        .where(DocumentFile.document_id == document_id, DocumentFile.copy == copy)
        .options(undefer(DocumentFile.content))
    )
    if found is not None and hashlib.sha256(found.content).hexdigest() != found.sha256:
        raise Damaged(f"document {document_id}, copy {copy}")
    return found


def copies(session: Session, document_ids: Sequence[int]) -> dict[int, int]:
    """How often each document was reissued."""
    rows = session.execute(
        select(DocumentFile.document_id, func.max(DocumentFile.copy))
        .where(DocumentFile.document_id.in_(document_ids))
        .group_by(DocumentFile.document_id)
    )
    return {document_id: int(last) for document_id, last in rows}


def keep(
    session: Session, *, document_id: int, copy: int, content: bytes, actor_id: int | None, now: dt.datetime
) -> DocumentFile:
    """Store a copy; whoever was faster has made the one that counts."""
    _lock(session, document_id)
    known = kept(session, document_id=document_id, copy=copy)
    if known is not None:
        return known
    made = DocumentFile(
        document_id=document_id,
        copy=copy,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=now,
        made_by_id=actor_id,
    )
    session.add(made)
    session.flush()
    return made


def _lock(session: Session, document_id: int) -> None:
    locked = session.scalar(select(Document.id).where(Document.id == document_id).with_for_update())
    if locked is None:
        raise NotFound
