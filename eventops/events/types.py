"""Types of event: those of the program, and those that staff added beside them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from eventops.errors import DomainError, NotFound
from eventops.events.filling import kind_value
from eventops.events.models import Event, EventKind, EventType
from eventops.events.vocabulary import KIND_WORDS


class TypeTaken(DomainError):
    """There is a type of this name."""

    code = "type_taken"


def own(session: Session) -> Sequence[EventType]:
    """Those that staff added, the retired ones last."""
    return session.scalars(select(EventType).order_by(EventType.retired, EventType.name)).all()


def used(session: Session) -> dict[int, int]:
    """How many events are of each type."""
    of_type = select(EventType.id, func.count()).join(Event, Event.type_id == EventType.id)
    return {type_id: int(count) for type_id, count in session.execute(of_type.group_by(EventType.id))}


def choices(session: Session, *, keeping: EventType | None = None) -> list[SelectChoice]:
    """What an event may be: kinds of the program and types of staff; a retired type only where the event has it."""
    offered = [one for one in own(session) if not one.retired or one is keeping]
    added = [SelectChoice(kind_value(one.kind, one.name), one.name) for one in offered]
    return [*(SelectChoice(str(kind), word) for kind, word in KIND_WORDS.items()), *added]


def add(session: Session, *, name: str, name_en: str, kind: EventKind) -> EventType:
    """A new type, which behaves like a kind of the program."""
    _refuse_taken(session, name, except_id=None)
    row = EventType(name=name, name_en=name_en, kind=kind)
    session.add(row)
    return row


def change(session: Session, *, type_id: int, name: str, name_en: str, retired: bool) -> None:
    """New words for a type, or out of use; what it behaves like stays, for the events that are of it."""
    row = session.get(EventType, type_id)
    if row is None:
        raise NotFound
    _refuse_taken(session, name, except_id=type_id)
    row.name, row.name_en, row.retired = name, name_en, retired


def _refuse_taken(session: Session, name: str, *, except_id: int | None) -> None:
    """Neither one of staff's nor one of the program's."""
    others = [one.name for one in own(session) if one.id != except_id]
    if name in (*others, *map(str, KIND_WORDS.values())):
        raise TypeTaken(name=name)


def word(event: Event, lang: str) -> str:
    """The type of an event in words."""
    if event.type is None:
        return str(KIND_WORDS[EventKind(event.kind)])
    return event.type.name_en if lang == "en" and event.type.name_en else event.type.name
