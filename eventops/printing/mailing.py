"""Where letters on paper go: the addresses of those who applied, from the directory."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session, joinedload

from eventops.directory.models import Organisation, Person, Site
from eventops.printing import guests
from eventops.printing.addresses import Address, split_postal_code
from eventops.registration.models import Attendee, Registration

_PREFECTURE: Final = re.compile(r"東京都|北海道|(?:京都|大阪)府|[一-龠]{2,3}県")
_TOWN: Final = re.compile(r"[^\d\s]{1,7}?[市区郡]")


@dataclass(frozen=True, slots=True)
class Mailing:
    """The labels, and the companies for which the directory has no address."""

    addresses: tuple[Address, ...]
    missing: tuple[Attendee, ...]


def of_event(session: Session, event_id: int, *, per_person: bool) -> Mailing:
    """One label for every company that applied, or for every person who comes."""
    people = guests.expected(
        session,
        event_id,
        joinedload(Attendee.registration).joinedload(Registration.organisation),
        joinedload(Attendee.person).joinedload(Person.site),
    )
    chosen = people if per_person else _one_of_each(people)
    found = [(one, _place(one, per_person=per_person)) for one in chosen]
    return Mailing(
        addresses=tuple(_address(one, place, per_person=per_person) for one, place in found if place is not None),
        missing=tuple(one for one, place in found if place is None),
    )


def _one_of_each(people: Sequence[Attendee]) -> list[Attendee]:
    """For every application whoever applied, or the first where the applicant does not come."""
    found: dict[int, Attendee] = {}
    for one in people:
        if one.registration_id not in found or _has_applied(one):
            found[one.registration_id] = one
    return list(found.values())


def _has_applied(person: Attendee) -> bool:
    return person.full_name.split() == person.registration.applicant_name.split()


def _place(person: Attendee, *, per_person: bool) -> Organisation | Site | None:
    """The person's own site where it has an address, the company's otherwise. A colleague's is not the applicant's."""
    site = person.person.site if person.person is not None else None
    if site is not None and site.address and (per_person or _has_applied(person)):
        return site
    company = person.registration.organisation
    return company if company is not None and company.address else None


def _address(person: Attendee, place: Organisation | Site, *, per_person: bool) -> Address:
    code, street = split_postal_code(place.address)
    registration = person.registration
    return Address(
        postal_code=code,
        address=whole(place.prefecture, place.city, street),
        company=registration.organisation_name,
        department=person.department if per_person else "",
        job_title=person.job_title if per_person else "",
        name=person.full_name.strip() if per_person else registration.applicant_name.strip(),
    )


def whole(prefecture: str, city: str, street: str) -> str:
    """Prefecture and city once, whether or not they were typed before the street as well."""
    typed = _PREFECTURE.match(street)
    rest = street[typed.end() :].lstrip() if typed else street
    if typed and not rest.startswith(city) and _TOWN.match(rest):
        return street
    return f"{typed[0] if typed else prefecture}{city}{rest.removeprefix(city).lstrip()}"
