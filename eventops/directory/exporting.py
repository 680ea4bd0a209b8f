"""The directory as files that the import reads again: the same headings, the same words."""

from collections.abc import Iterable, Sequence

from eventops.directory import importing
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
