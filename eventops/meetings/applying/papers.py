"""What belongs to a proposal beside its text: who comes along, and the files that were handed in with it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from flask import Response, current_app, send_file
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.directory.models import Person
from eventops.errors import NotFound
from eventops.meetings.models import Application, ProposalFile
from eventops.questions import files
from eventops.questions.files import HandedIn

ROOM: Final = "proposals"
"""The folder of the installation in which these files are kept, apart from answers to questions."""


def keep(session: Session, application: Application, handed_in: Iterable[HandedIn]) -> None:
    """Take waiting files for good; what went from the waiting room meanwhile is not promised to anybody."""
    known = {one.stored for one in application.files}
    for one in (_apart(session, one) for one in handed_in if one.stored not in known):
        if files.keep(current_app.config["HOME"], one.stored, room=ROOM):
            application.files.append(ProposalFile(name=one.name, size=one.size, stored=one.stored))


def _apart(session: Session, one: HandedIn) -> HandedIn:
    """A form that is sent again carries the proof of a file that another application has taken: it gets a copy."""
    if session.scalar(select(ProposalFile.id).where(ProposalFile.stored == one.stored)) is None:
        return one
    data = files.read(current_app.config["HOME"], one.stored, room=ROOM)
    return one if data is None else files.wait(current_app.config["HOME"], one.name, data)


def send(file: ProposalFile) -> Response:
    """As an attachment, never shown in the browser: what is in it is its sender's."""
    data = files.read(current_app.config["HOME"], file.stored, room=ROOM)
    if data is None:
        raise NotFound
    return send_file(io.BytesIO(data), mimetype="application/octet-stream", as_attachment=True, download_name=file.name)


def size_words(file: ProposalFile) -> str:
    return HandedIn(file.name, file.size, file.stored).size_words


def people(session: Session, applications: Sequence[Application]) -> Mapping[int, Sequence[Person]]:
    """Who would come, the contact first, in one query for all."""
    ids = {one for application in applications for one in _ids(application)}
    known = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(ids)))} if ids else {}
    return {one.id: [known[person] for person in _ids(one) if person in known] for one in applications}


def _ids(application: Application) -> list[int]:
    first = [application.person_id] if application.person_id else []
    return list(dict.fromkeys([*first, *application.companion_ids]))


def sweep(session: Session, *, before: float) -> int:
    """Delete files that no application names any more; how many."""
    known = frozenset(session.scalars(select(ProposalFile.stored)))
    return files.sweep_room(current_app.config["HOME"], ROOM, known=known, before=before)
