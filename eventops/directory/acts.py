"""Acts on the directory that are recorded row by row, and taken back exactly, or not at all with the reason why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, Table, delete, event, func, inspect, select, update
from sqlalchemy.orm import Session, joinedload

from eventops.accounts import audit
from eventops.database import Base
from eventops.directory import vocabulary
from eventops.directory.bodies import Committee, CommitteeTerm, Partnership
from eventops.directory.models import (
    ActKind,
    Consent,
    DirectoryAct,
    DirectoryMove,
    Membership,
    NameCase,
    Organisation,
    Person,
    Site,
)
from eventops.directory.references import references_to
from eventops.errors import DomainError, NotFound

_WATCHED: Final = (Organisation, Membership, Site, Person, Consent, NameCase, Committee, CommitteeTerm, Partnership)
_AT_ONCE: Final = 500
PAGE: Final = 30


class UndoneAlready(DomainError):
    """The act was taken back before."""

    code = "act_undone_already"


class CannotUndo(DomainError):
    """Something was built on the act since; `why` is changed, gone or used, `table` and `row_id` say where."""

    def __init__(self, why: str, *, what: str, by: str = "") -> None:
        self.code = f"act_{why}_since"
        super().__init__(what=what, by=by)


@dataclass(slots=True)
class Recording:
    """What an act has done so far. Rows that are watched note themselves; others are told by `move`."""

    act: DirectoryAct
    made: dict[str, dict[int, Base]] = field(default_factory=lambda: defaultdict(dict))
    changed: dict[tuple[str, int], tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)

    def move(self, session: Session, table: Table, row_id: int, values: Mapping[str, Any]) -> None:
        """Change a row of any table, remembering what stood there."""
        columns = [table.c[name] for name in values]
        row = session.execute(select(*columns).where(table.c.id == row_id)).one()
        before = {name: _plain(value) for name, value in zip(values, row, strict=True)}
        self._note(table.name, row_id, before, {name: _plain(value) for name, value in values.items()})
        session.execute(update(table).where(table.c.id == row_id).values(**values))

    def _note(self, table: str, row_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
        known_before, known_after = self.changed.setdefault((table, row_id), ({}, {}))
        for name, value in after.items():
            known_before.setdefault(name, before[name])
            known_after[name] = value

    def watch(self, session: Session) -> None:
        """Look at what is about to be written."""
        for one in session.dirty:
            if isinstance(one, _WATCHED) and one.id not in self.made[one.__tablename__]:
                before, after = _changes(one)
                if after:
                    self._note(one.__tablename__, one.id, before, after)

    def note_new(self, session: Session) -> None:
        """Look at what has just been written for the first time."""
        for one in session.new:
            if isinstance(one, _WATCHED):
                self.made[one.__tablename__][one.id] = one

    def moves(self) -> Iterator[DirectoryMove]:
        """New rows stand first, parents before children: undoing goes the other way."""
        for table in Base.metadata.sorted_tables:
            for row_id, one in self.made.get(table.name, {}).items():
                yield DirectoryMove(table_name=table.name, row_id=row_id, before=None, after=_values(one))
        for (name, row_id), (before, after) in self.changed.items():
            if row_id not in self.made.get(name, {}):
                yield DirectoryMove(table_name=name, row_id=row_id, before=before, after=after)


def _changes(one: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for column in one.__table__.columns:
        history = inspect(one).attrs[column.key].history
        if history.has_changes():
            before[column.name] = _plain(history.deleted[0] if history.deleted else None)
            after[column.name] = _plain(getattr(one, column.key))
    changed = {name for name in after if before[name] != after[name]}
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}


def _values(one: Base) -> dict[str, Any]:
    return {column.name: _plain(getattr(one, column.key)) for column in one.__table__.columns if column.name != "id"}


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    return value.isoformat() if isinstance(value, dt.date) else value


@contextmanager
def recorded(
    session: Session, kind: ActKind, *, summary: Mapping[str, Any], actor_id: int | None, now: dt.datetime
) -> Iterator[Recording]:
    """Record everything that happens to the directory inside as one act."""
    session.flush()  # what came before is no part of it
    act = DirectoryAct(kind=kind, made_at=now, made_by_id=actor_id, summary=dict(summary))
    recording = Recording(act)

    def before_flush(_session: Session, *_rest: object) -> None:
        recording.watch(session)

    def after_flush(_session: Session, *_rest: object) -> None:
        recording.note_new(session)

    event.listen(session, "before_flush", before_flush)
    event.listen(session, "after_flush", after_flush)
    try:
        yield recording
        session.flush()
    finally:
        event.remove(session, "before_flush", before_flush)
        event.remove(session, "after_flush", after_flush)
    act.moves = list(recording.moves())
    session.add(act)
    session.flush()


def undo(session: Session, *, act_id: int, actor_id: int | None, now: dt.datetime) -> DirectoryAct:
    """Put every row back as it was; raises `CannotUndo` when any of them is not as the act left it."""
    act = session.scalar(select(DirectoryAct).where(DirectoryAct.id == act_id).with_for_update())
    if act is None:
        raise NotFound
    if act.undone_at is not None:
        raise UndoneAlready
    moves = sorted(act.moves, key=lambda move: -move.id)
    for table, mine in _grouped([move for move in moves if move.before is not None]):
        _put_back(session, table, mine)
    for table, mine in _grouped([move for move in moves if move.before is None]):
        _remove(session, table, mine)
    act.undone_at, act.undone_by_id = now, actor_id
    after = {"kind": act.kind, "rows": len(moves)}
    audit.record(session, actor_id=actor_id, action="act_undone", subject=("directory", act.id), now=now, after=after)
    session.flush()
    session.expire_all()  # the rows were written past the session
    return act


def _grouped(moves: Sequence[DirectoryMove]) -> Iterator[tuple[Table, list[DirectoryMove]]]:
    """Rows of one table together, in pieces, in the order in which the tables first come."""
    by_table: defaultdict[str, list[DirectoryMove]] = defaultdict(list)
    for move in moves:
        by_table[move.table_name].append(move)
    for name, mine in by_table.items():
        for start in range(0, len(mine), _AT_ONCE):
            yield Base.metadata.tables[name], mine[start : start + _AT_ONCE]


def _put_back(session: Session, table: Table, moves: Sequence[DirectoryMove]) -> None:
    _as_left(session, table, moves)
    for move in moves:
        values = {name: _stored(table, name, value) for name, value in (move.before or {}).items()}
        session.execute(update(table).where(table.c.id == move.row_id).values(**values))


def _remove(session: Session, table: Table, moves: Sequence[DirectoryMove]) -> None:
    rows = _as_left(session, table, moves)
    ids = list(rows)
    for reference in references_to(table.name):
        if not reference.is_list:
            query = select(reference.column).where(reference.column.in_(ids)).limit(1)
            found = session.scalar(query)
            if found is not None:
                raise CannotUndo("used", what=label(table, rows[found]), by=vocabulary.table(reference.table.name))
    session.execute(delete(table).where(table.c.id.in_(ids)))


def _as_left(session: Session, table: Table, moves: Sequence[DirectoryMove]) -> dict[int, Row[Any]]:
    """The rows as they are now; raises when one is gone or not as the act left it."""
    query = select(table).where(table.c.id.in_([move.row_id for move in moves])).with_for_update()
    rows = {row.id: row for row in session.execute(query)}
    for move in moves:
        row = rows.get(move.row_id)
        if row is None:
            raise CannotUndo("gone", what=vocabulary.table(table.name))
        if any(_plain(getattr(row, name)) != value for name, value in move.after.items()):
            raise CannotUndo("changed", what=label(table, row))
    return rows


def _stored(table: Table, name: str, value: Any) -> Any:
    """What JSON kept, as the column wants it."""
    kind = table.c[name].type.python_type
    if not isinstance(value, str) or not issubclass(kind, dt.date):
        return value
    return dt.datetime.fromisoformat(value) if issubclass(kind, dt.datetime) else dt.date.fromisoformat(value)


def label(table: Table, row: Row[Any]) -> str:
    """What people call the row: a name where it has one, else the table's own word."""
    values = row._mapping
    for names in (("name",), ("family_name", "given_name"), ("organisation_name",), ("raw",)):
        if all(name in values for name in names):
            return " ".join(str(values[name]) for name in names)
    return vocabulary.table(table.name)


def page(session: Session, *, number: int) -> tuple[Sequence[DirectoryAct], int]:
    """One page of what was done, the latest first, and how many there are."""
    query = select(DirectoryAct).options(joinedload(DirectoryAct.made_by), joinedload(DirectoryAct.undone_by))
    found = session.scalars(query.order_by(DirectoryAct.id.desc()).limit(PAGE).offset((number - 1) * PAGE)).all()
    return found, session.scalar(select(func.count(DirectoryAct.id))) or 0


def act(session: Session, act_id: int) -> DirectoryAct:
    found = session.get(DirectoryAct, act_id, options=[joinedload(DirectoryAct.made_by)])
    if found is None:
        raise NotFound
    return found
