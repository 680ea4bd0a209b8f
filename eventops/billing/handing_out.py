"""Handing documents out: typeset once outside of any transaction, stored, and from then on the stored copy."""

import io
from typing import Final

from flask import Response, send_file

from eventops import clock
from eventops.billing import archive, documents, paper
from eventops.billing.models import Document, DocumentFile
from eventops.database import read_session, transaction
from eventops.errors import NotFound

PDF: Final = "application/pdf"


def first_copy(document_id: int) -> DocumentFile:
    """The copy as issued; made now if nobody has asked for it yet, or the program died before it was stored."""
    return archive.kept(read_session(), document_id=document_id, copy=0) or _made(document_id, 0, actor_id=None)


def copy_of(document_id: int, copy: int) -> DocumentFile:
    """A stored copy by its number."""
    if copy == 0:
        return first_copy(document_id)
    found = archive.kept(read_session(), document_id=document_id, copy=copy)
    if found is None:
        raise NotFound
    return found


def reissue(document_id: int, *, actor_id: int) -> DocumentFile:
    """One more copy, which says how manieth it is. Two who ask at once share one."""
    first_copy(document_id)
    already = archive.copies(read_session(), [document_id]).get(document_id, 0)
    return _made(document_id, already + 1, actor_id=actor_id)


def _made(document_id: int, copy: int, *, actor_id: int | None) -> DocumentFile:
    content = paper.document_pdf(documents.document(read_session(), document_id), copy=copy)
    with transaction() as session:
        made = archive.keep(
            session, document_id=document_id, copy=copy, content=content, actor_id=actor_id, now=clock.now()
        )
        if copy:
            documents.note_reissue(session, document_id=document_id, copy=copy, actor_id=actor_id, now=clock.now())
        return made


def answer(document: Document, file: DocumentFile) -> Response:
    """The file as a download."""
    name = paper.filename(document, file.copy)
    return send_file(io.BytesIO(file.content), mimetype=PDF, as_attachment=True, download_name=name)
