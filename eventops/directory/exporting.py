"""The directory as files that the import reads again: the same headings, the same words."""

from collections.abc import Iterable, Mapping, Sequence

from eventops.directory import importing, sheet_committees, sheet_partners
from eventops.directory.bodies import Committee, CommitteeTerm, Partnership
from eventops.directory.lookup import Lookup
from eventops.directory.models import Membership, Organisation, Person, Site, SiteKind
from eventops.directory.sheet_organisations import CATEGORIES, SIZES
from eventops.spreadsheets.writing import Value

_CATEGORY_WORDS = {value: word for word, value in CATEGORIES.items()}
_SIZE_WORDS = {value: word for word, value in reversed(SIZES.items())}
_SENSITIVE = frozenset({"dietary", "accessibility"})
Table = tuple[Sequence[str], list[Sequence[Value]]]


def organisations(found: Iterable[tuple[Organisation, Membership | None]]) -> Table:
    """With the membership that holds today."""
    return importing.headings("organisations"), [_organisation(one, membership) for one, membership in found]


def _organisation(one: Organisation, membership: Membership | None) -> Sequence[Value]:
    office = next((site for site in one.sites if site.kind == SiteKind.HEADQUARTERS), Site(prefecture="", city=""))
    return (
        one.code,
        one.name,
        one.kana,
        _CATEGORY_WORDS[one.category],  # type: ignore[index]
        _SIZE_WORDS[one.size],  # type: ignore[index]
        membership is not None,
        membership.member_number if membership else "",
        membership.starts_on if membership else None,
        membership.ends_on if membership else None,
        one.unit,
        one.prefecture,
        one.city,
        one.address,
        office.prefecture,
        office.city,
        one.phone,
        one.url,
        one.technology_tags,
        one.note,
    )


def people(found: Iterable[Person], *, sees_sensitive: bool) -> Table:
    """What is said about food and health is left out for those who are not in charge of it."""
    columns = importing.sheet("people").columns(Lookup())
    kept = [index for index, column in enumerate(columns) if sees_sensitive or column.field not in _SENSITIVE]
    rows = [_person(one) for one in found]
    return [columns[index].heading for index in kept], [[row[index] for index in kept] for row in rows]


def _person(one: Person) -> Sequence[Value]:
    organisation = one.organisation
    return (
        one.code,
        (organisation.code or organisation.name) if organisation else "",
        one.family_name,
        one.given_name,
        one.family_kana,
        one.given_kana,
        one.department,
        one.job_title,
        one.email,
        one.phone,
        one.is_primary_contact,
        one.mail_opt_in,
        one.photo_consent,
        one.list_consent,
        one.dietary_need,
        one.accommodation_request,
        one.note,
    )


def committees(found: Iterable[tuple[Committee, Sequence[CommitteeTerm]]]) -> Table:
    """A line for each time of somebody, or one for a committee that has had nobody yet."""
    headings = (*importing.headings("committees"), *sheet_committees.SHOWN_ONLY)
    return headings, [_term(one, term) for one, terms in found for term in _lines(terms)]


def _lines(terms: Sequence[CommitteeTerm]) -> Sequence[CommitteeTerm | None]:
    return terms or [None]


def _term(one: Committee, term: CommitteeTerm | None) -> Sequence[Value]:
    committee = (one.name, one.kana, _word(sheet_committees.KINDS, one.kind))
    if term is None:
        return (*committee, "", "", "", None, None, "", "")
    person = term.person
    return (
        *committee,
        person.code,
        person.email,
        _word(sheet_committees.ROLES, term.role),
        term.starts_on,
        term.ends_on,
        person.full_name,
        person.organisation.name if person.organisation else "",
    )


def partners(found: Iterable[Partnership]) -> Table:
    headings = (*importing.headings("partners"), *sheet_partners.SHOWN_ONLY)
    return headings, [
        (
            one.organisation.code or one.organisation.name,
            _word(sheet_partners.ROLES, one.role),
            one.starts_on,
            one.ends_on,
            one.note,
            one.organisation.name,
        )
        for one in found
    ]


def _word(words: Mapping[str, str], value: str) -> str:
    """The first word that the import reads as this value."""
    return next(word for word, meaning in words.items() if meaning == value)
