"""The register of documents: found by day, amount and party, as the law on electronic books wants it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from eventops.billing.addressing import search_key
from eventops.billing.models import Document, DocumentFile

PAGE = 100
MOST_EXPORTED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; None and empty ask for nothing."""

    since: dt.date | None = None
    until: dt.date | None = None
    least_yen: int | None = None
    most_yen: int | None = None
    party: str = ""
    kind: str = ""


def page(session: Session, search: Search, *, page: int) -> Sequence[Document]:
    """One page, the newest first."""
    query = _query(search).limit(PAGE).offset((page - 1) * PAGE)
    return session.scalars(query).all()


def everything(session: Session, search: Search) -> Sequence[Document]:
    """All that was found, for the file."""
    return session.scalars(_query(search).limit(MOST_EXPORTED)).all()


def _query(search: Search) -> Select[Document]:
    return (
        select(Document)
        .where(*_conditions(search))
        .options(joinedload(Document.registration), joinedload(Document.counters))
        .order_by(Document.issued_at.desc(), Document.id.desc())
    )


def count(session: Session, search: Search) -> tuple[int, int]:
    """How many there are, and their sum."""
    columns = func.count(), func.coalesce(func.sum(Document.total_yen), 0)
    number, yen = session.execute(select(*columns).where(*_conditions(search))).one()
    return int(number), int(yen)


def fingerprints(session: Session, document_ids: Sequence[int]) -> dict[int, str]:
    """The checksums of the first copies."""
    rows = session.execute(
        select(DocumentFile.document_id, DocumentFile.sha256).where(
            DocumentFile.document_id.in_(document_ids), DocumentFile.copy == 0
        )
    )
    return dict(rows.all())


def taken_back(session: Session, document_ids: Sequence[int]) -> dict[int, int]:
    """What of each document was taken back, in yen."""
    rows = session.execute(
        select(Document.counters_id, func.sum(Document.total_yen))
        .where(Document.counters_id.in_(document_ids))
        .group_by(Document.counters_id)
    )
    return {document_id: int(yen) for document_id, yen in rows if document_id is not None}


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.since is not None:
        found.append(Document.dated_on >= search.since)
    if search.until is not None:
        found.append(Document.dated_on <= search.until)
    if search.least_yen is not None:
        found.append(Document.total_yen >= search.least_yen)
    if search.most_yen is not None:
        found.append(Document.total_yen <= search.most_yen)
    if search.kind:
        found.append(Document.kind == search.kind)
    if key := search_key(search.party):
        found.append(Document.party_key.contains(key, autoescape=True))
    return found
