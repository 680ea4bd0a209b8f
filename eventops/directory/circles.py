"""Circles of people that the list of people is narrowed to: who agreed to announcements, who belongs to a committee."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from eventops.directory import committees
from eventops.directory.models import Person

AGREED = "mail"
"""Those who may be written to about anything: the readers of the newsletter."""


@dataclass(frozen=True, slots=True)
class Circle:
    """One way to narrow the list, and how many that leaves."""

    key: str
    label: str
    count: int


def among(key: str, day: dt.date) -> Sequence[ColumnElement[bool]]:
    """What the key of a circle means; an unknown one narrows nothing."""
    if key == AGREED:
        return [Person.mail_opt_in.is_(True), Person.email != ""]
    if key.isdecimal() and len(key) < 10:
        return [Person.id.in_(committees.member_ids([int(key)], day))]
    return []


def offered(session: Session, day: dt.date) -> list[Circle]:
    """Everybody, the newsletter's readers, and each committee."""
    standing = select(func.count()).select_from(Person).where(Person.merged_into_id.is_(None))
    everybody = session.scalar(standing) or 0
    readers = session.scalar(standing.where(*among(AGREED, day))) or 0
    belonging = committees.counts(session, day)
    circles = [Circle(str(one.id), one.name, belonging.get(one.id, 0)) for one in committees.open_on(session, day)]
    return [Circle("", _("すべて"), everybody), Circle(AGREED, _("案内メールに同意"), readers), *circles]
