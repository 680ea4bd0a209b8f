"""The folder of files that were handed in, held against the rows that name them."""

import datetime as dt

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.questions import files
from eventops.questions.models import AnswerFile


def sweep(session: Session, *, now: dt.datetime) -> int:
    """Delete files that no answer names, once no form can bring them any more; how many."""
    known = frozenset(session.scalars(select(AnswerFile.stored)))
    return files.sweep(current_app.config["HOME"], known=known, before=now.timestamp() - files.WAITS_SECONDS)
