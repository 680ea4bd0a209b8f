"""Making one of two organisations or people: what would move, what stands in the way, and doing it, to be undone."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, and_, func, select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.database import Base
from eventops.directory import acts, vocabulary
from eventops.directory.acts import Recording
from eventops.directory.folding import fold
from eventops.directory.models import ActKind, Organisation, Person
from eventops.directory.references import Reference, references_to, unique_with
from eventops.errors import DomainError, NotFound

Record = Organisation | Person


class NothingToMerge(DomainError):
    """The same one twice, or one that was merged before."""

    code = "nothing_to_merge"


class MergeClash(DomainError):
    """Both have something of which only one may be; `what` names the tables."""

    code = "merge_clash"


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be merged: `together` are fields that make sense only as one."""

    name: str
    model: type[Organisation] | type[Person]
    act: ActKind
    together: Mapping[str, Sequence[str]]


ORGANISATION: Final = Kind(
    "organisation",
    Organisation,
    ActKind.MERGE_ORGANISATIONS,
    {
        "name": ("name", "kana", "sort_key", "match_core"),
        "code": ("code",),
        "category": ("category",),
        "size": ("size",),
        "unit": ("unit",),
        "place": ("prefecture", "city", "address"),
        "phone": ("phone",),
        "url": ("url",),
        "technology_tags": ("technology_tags",),
        "note": ("note",),
    },
)
PERSON: Final = Kind(
    "person",
    Person,
    ActKind.MERGE_PEOPLE,
    {
        "name": ("family_name", "given_name", "family_kana", "given_kana", "sort_key"),
        "code": ("code",),
        "organisation": ("organisation_id",),
        "position": ("department", "job_title"),
        "email": ("email",),
        "phone": ("phone",),
        "needs": ("dietary_need", "accommodation_request"),
        "note": ("note",),
    },
)
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in (ORGANISATION, PERSON)}


@dataclass(frozen=True, slots=True)
class Choice:
    """A group of fields in which the two differ. `from_other` is what is proposed: nothing known is lost."""

    group: str
    kept: Sequence[Any]
    other: Sequence[Any]
    from_other: bool


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What would happen: `moves` counts rows by table, `clashes` names tables that refuse it."""

    keep: Record
    drop: Record
    choices: Sequence[Choice]
    moves: Mapping[str, int]
    clashes: Sequence[str]


def kind_of(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound
    return KINDS[name]


def plan(session: Session, kind: Kind, *, keep_id: int, drop_id: int) -> MergePlan:
    keep, drop = (_standing(session, kind, one) for one in (keep_id, drop_id))
    if keep_id == drop_id:
        raise NothingToMerge
    moves: Counter[str] = Counter()
    for reference in _moving(kind):
        moves[reference.table.name] += len(_rows(session, reference, drop_id))
    clashes = [table.name for table in _clashing(session, kind, keep_id, drop_id)]
    return MergePlan(keep, drop, list(_choices(kind, keep, drop)), +moves, list(dict.fromkeys(clashes)))


def _standing(session: Session, kind: Kind, row_id: int) -> Record:
    found: Any = session.get(kind.model, row_id)
    if found is None:
        raise NotFound
    if found.merged_into_id is not None:
        raise NothingToMerge
    record: Record = found
    return record


def _choices(kind: Kind, keep: Record, drop: Record) -> Iterator[Choice]:
    for group, names in kind.together.items():
        mine, other = ([getattr(one, name) for name in names] for one in (keep, drop))
        if mine != other and any(other):
            yield Choice(group, mine, other, from_other=not any(mine))


def _moving(kind: Kind) -> list[Reference]:
    """What belongs to the one and would belong to the other; what was merged into it earlier goes along."""
    return references_to(kind.name)


def _rows(session: Session, reference: Reference, owner_id: int) -> list[tuple[int, list[int]]]:
    """Ids of the rows that refer to it, with the list for columns that hold one."""
    table, column = reference.table, reference.column
    if not reference.is_list:
        plain = select(table.c.id).where(column == owner_id).order_by(table.c.id)
        return [(row_id, []) for row_id in session.scalars(plain)]
    rows = session.execute(select(table.c.id, column).order_by(table.c.id))
    return [(row_id, ids) for row_id, ids in rows if owner_id in (ids or ())]


def _clashing(session: Session, kind: Kind, keep_id: int, drop_id: int) -> Iterator[Table]:
    """Tables in which both may not become one: rows that would be there twice, or that hold the two apart."""
    by_table: dict[str, list[Reference]] = {}
    for reference in _moving(kind):
        by_table.setdefault(reference.table.name, []).append(reference)
        if any(_twice(session, reference, rest, keep_id, drop_id) for rest in unique_with(reference)):
            yield reference.table
        if fold(session, reference, keep_id=keep_id, drop_id=drop_id).is_refused:
            yield reference.table
    for mine in by_table.values():
        if len(mine) > 1 and _is_pair(session, mine, keep_id, drop_id):
            yield mine[0].table


def _twice(session: Session, reference: Reference, rest: Sequence[Any], keep_id: int, drop_id: int) -> bool:
    other = reference.table.alias()
    same = and_(*(column == other.c[column.name] for column in rest))
    query = select(func.count()).where(reference.column == keep_id, other.c[reference.column.name] == drop_id, same)
    return bool(session.scalar(query))


def _is_pair(session: Session, references: Sequence[Reference], keep_id: int, drop_id: int) -> bool:
    plain = [reference.column for reference in references if not reference.is_list]
    both = (keep_id, drop_id)
    return len(plain) > 1 and bool(session.scalar(select(func.count()).where(*(column.in_(both) for column in plain))))


def merge(
    session: Session,
    kind: Kind,
    *,
    keep_id: int,
    drop_id: int,
    taken: Collection[str],
    actor_id: int,
    now: dt.datetime,
) -> int:
    """Let `keep` have everything of `drop`, and the fields that were chosen from it; the id of the act."""
    both = select(kind.model).where(kind.model.id.in_((keep_id, drop_id))).order_by(kind.model.id)
    session.scalars(both.with_for_update().execution_options(populate_existing=True)).all()
    planned = plan(session, kind, keep_id=keep_id, drop_id=drop_id)
    if planned.clashes:
        raise MergeClash(what="、".join(map(vocabulary.table, planned.clashes)))
    summary = {
        "keep": label(planned.keep),
        "drop": label(planned.drop),
        "keep_id": keep_id,
        "drop_id": drop_id,
    }
    with acts.recorded(session, kind.act, summary=summary, actor_id=actor_id, now=now) as recording:
        _hand_over(session, kind, recording, keep_id, drop_id)
        _take_fields(session, kind, recording, planned, taken)
    audit.record(session, actor_id=actor_id, action="merged", subject=(kind.name, keep_id), now=now, after=summary)
    session.expire_all()  # rows were written past the session
    return recording.act.id


def label(record: Record) -> str:
    return record.name if isinstance(record, Organisation) else record.full_name


def _hand_over(session: Session, kind: Kind, recording: Recording, keep_id: int, drop_id: int) -> None:
    for reference in _moving(kind):
        name, folding = reference.column.name, fold(session, reference, keep_id=keep_id, drop_id=drop_id)
        for row_id, values in folding.widened.items():
            recording.move(session, reference.table, row_id, values)
        for row_id, ids in _rows(session, reference, drop_id):
            if row_id in folding.stays:
                continue
            moved = list(dict.fromkeys(keep_id if one == drop_id else one for one in ids))
            recording.move(session, reference.table, row_id, {name: moved if reference.is_list else keep_id})


def _take_fields(
    session: Session, kind: Kind, recording: Recording, planned: MergePlan, taken: Collection[str]
) -> None:
    table = Base.metadata.tables[kind.name]
    values: dict[str, Any] = {"merged_into_id": planned.keep.id}
    picked: dict[str, Any] = {}
    for choice in planned.choices:
        if choice.group in taken:
            picked |= dict(zip(kind.together[choice.group], choice.other, strict=True))
    if "code" in picked:
        values["code"] = None  # a number belongs to one row
    recording.move(session, table, planned.drop.id, values)
    if picked:
        recording.move(session, table, planned.keep.id, picked)
