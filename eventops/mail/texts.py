"""Which text a kind of letter has: the event's, the one for all events, or the program's own. Never commits."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.database import plain
from eventops.mail import placeholders
from eventops.mail.kinds import Kind, Text
from eventops.mail.models import LetterText
from eventops.prepared import Prepared, ask


@dataclass(frozen=True, slots=True)
class Worded:
    """A filled letter."""

    subject: str
    body: str


_THAT_COUNTS = Prepared(
    select(LetterText.subject, LetterText.body)
    .where(
        LetterText.kind == bindparam("kind"),
        LetterText.language == bindparam("language"),
        or_(LetterText.event_id == bindparam("event_id"), LetterText.event_id.is_(None)),
    )
    .order_by(LetterText.event_id.is_(None))
    .limit(1)
)


def text(session: Session, kind: Kind, *, event_id: int | None, language: str) -> Text:
    """The text that counts."""
    [rows] = ask(plain(session), _THAT_COUNTS.with_values(kind=kind.code, language=language, event_id=event_id))
    return Text(*rows[0]) if rows else kind.own_text(language)


def worded(kind: Kind, text: Text, values: Mapping[str, str]) -> Worded:
    """A text with one reader's values, by English name."""
    filled = kind.by_every_name(values)
    return Worded(placeholders.fill_line(text.subject, filled)[:250], placeholders.fill(text.body, filled))


def written(session: Session, kind: Kind, *, event_id: int | None, language: str, values: Mapping[str, str]) -> Worded:
    return worded(kind, text(session, kind, event_id=event_id, language=language), values)


def own(session: Session, *, event_id: int | None) -> dict[tuple[str, str], LetterText]:
    """What staff wrote for exactly this event, or for all, by kind and language."""
    return {(row.kind, row.language): row for row in session.scalars(_exactly(event_id))}


def save(
    session: Session,
    kind: Kind,
    text: Text,
    *,
    event_id: int | None,
    language: str,
    actor_id: int,
    now: dt.datetime,
) -> None:
    """Staff's text from now on; letters that wait in the outbox keep the words they have."""
    row = _row(session, kind, event_id, language)
    before = {"subject": row.subject, "body": row.body} if row is not None else None
    if row is None:
        row = LetterText(event_id=event_id, kind=kind.code, language=language)
        session.add(row)
    row.subject, row.body = text
    row.updated_at, row.updated_by_id = now, actor_id
    after = {"kind": kind.code, "language": language, "subject": text.subject, "body": text.body}
    _note(session, "letter_text_saved", event_id, actor_id=actor_id, now=now, before=before, after=after)


def reset(
    session: Session, kind: Kind, *, event_id: int | None, language: str, actor_id: int, now: dt.datetime
) -> None:
    """Back to the text for all events, or to the program's own."""
    row = _row(session, kind, event_id, language)
    if row is None:
        return
    before = {"subject": row.subject, "body": row.body}
    session.delete(row)
    after = {"kind": kind.code, "language": language}
    _note(session, "letter_text_reset", event_id, actor_id=actor_id, now=now, before=before, after=after)


def _row(session: Session, kind: Kind, event_id: int | None, language: str) -> LetterText | None:
    wanted = _exactly(event_id).where(LetterText.kind == kind.code, LetterText.language == language)
    return session.scalars(wanted).first()


def _exactly(event_id: int | None) -> Select[LetterText]:
    return select(LetterText).where(
        LetterText.event_id.is_(None) if event_id is None else LetterText.event_id == event_id
    )


def _note(
    session: Session,
    action: str,
    event_id: int | None,
    *,
    actor_id: int,
    now: dt.datetime,
    before: dict[str, str] | None,
    after: dict[str, str],
) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("letter_text", None),
        now=now,
        event_id=event_id,
        before=before,
        after=after,
    )
