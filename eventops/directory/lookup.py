"""Which organisation or person a cell of an imported table means: by code, or by a name that leaves no doubt."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.directory.models import Organisation, Person
from eventops.directory.names import Candidate, Decision, Register
from eventops.spreadsheets.table import Cell
from eventops.spreadsheets.values import BadValue, FaultCode, folded, plain


@dataclass(frozen=True, slots=True)
class Lookup:
    """The directory, read once for a whole file. An empty one serves where only headings matter."""

    organisations: Mapping[str, int] = field(default_factory=dict)
    register: Register[int] = field(default_factory=lambda: Register[int](()))
    organisation_words: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)

    def organisation(self, cell: Cell) -> int:
        """The organisation's id; anything less than one certain match is refused with the candidates."""
        known = self.organisations.get(folded(cell))
        if known is not None:
            return known
        match = self.register.match(plain(cell))
        if match.id is not None:
            return match.id
        if match.decision is Decision.NONE:
            raise BadValue(FaultCode.UNKNOWN_ORGANISATION)
        candidates = "、".join(self.organisation_words[found] for found in match.ids[:3])
        raise BadValue(FaultCode.AMBIGUOUS_ORGANISATION, candidates=candidates)

    def person(self, cell: Cell) -> int:
        known = self.people.get(folded(cell))
        if known is None:
            raise BadValue(FaultCode.UNKNOWN_PERSON)
        return known


def read(session: Session) -> Lookup:
    """The whole directory in two queries; what was merged away still says who is meant."""
    standing = func.coalesce(Organisation.merged_into_id, Organisation.id)
    order = (Organisation.merged_into_id.is_not(None), Organisation.id)
    columns = (Organisation.id, standing, Organisation.code, Organisation.name, Organisation.kana)
    rows = session.execute(select(*columns).order_by(*order)).all()
    people = session.execute(
        select(func.coalesce(Person.merged_into_id, Person.id), Person.code).where(Person.code.is_not(None))
    ).all()
    return Lookup(
        organisations={folded(code): standing_id for _, standing_id, code, _, _ in rows if code},
        register=Register(Candidate(standing_id, name, kana) for _, standing_id, _, name, kana in rows),
        organisation_words={id_: f"{code} {name}" if code else name for id_, _, code, name, _ in rows},
        people=_by_code((id_, code) for id_, code in people),
    )


def _by_code(pairs: Iterable[tuple[int, str | None]]) -> dict[str, int]:
    return {folded(code): id_ for id_, code in pairs if code}
