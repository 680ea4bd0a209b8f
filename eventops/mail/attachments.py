"""Attachments are made when a letter is sent, by makers that other features register under a name."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from eventops.errors import DomainError


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a letter; `mime_type` like `application/pdf` or `text/calendar; method=PUBLISH`."""

    filename: str
    mime_type: str
    content: bytes


Maker = Callable[[Session, int], Attachment]
"""Makes the attachment about one subject (a registration's id, say) from what the database holds now."""


def register_maker(app: Flask, name: str, maker: Maker) -> None:
    app.extensions.setdefault("attachment_makers", {})[name] = maker


def make(session: Session, *, maker: str, subject_id: int) -> Attachment:
    """Make one attachment; an unknown maker is a fault of the program and fails the letter."""
    found: Maker = current_app.extensions["attachment_makers"][maker]
    return found(session, subject_id)


def make_all(session: Session, references: Iterable[Mapping[str, Any]]) -> list[Attachment]:
    """What can be made now. A ticket of somebody who cancelled meanwhile is left out; the letter goes all the same."""
    made: list[Attachment] = []
    for reference in references:
        with contextlib.suppress(DomainError):
            made.append(make(session, **reference))
    return made
