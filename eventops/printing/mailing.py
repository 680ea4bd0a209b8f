"""Where letters on paper go: the addresses of those who applied, from the directory."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eventops.directory.models import Organisation, Site
from eventops.printing import guests
from eventops.printing.addresses import Address, split_postal_code
from eventops.registration.models import Attendee


@dataclass(frozen=True, slots=True)
class Mailing:
    """The labels, and the companies for which the directory has no address."""

    addresses: tuple[Address, ...]
    missing: tuple[Attendee, ...]


def of_event(session: Session, event_id: int, *, per_person: bool) -> Mailing:
    """One label for every company that applied, or for every person who comes."""
    people = guests.expected(session, event_id)
    chosen = people if per_person else _first_of_each(people)
    found = [(one, _place(one)) for one in chosen]
    return Mailing(
        addresses=tuple(_address(one, place, per_person=per_person) for one, place in found if place is not None),
        missing=tuple(one for one, place in found if place is None),
    )


def _first_of_each(people: Sequence[Attendee]) -> list[Attendee]:
    return list({one.registration_id: one for one in reversed(people)}.values())[::-1]


def _place(person: Attendee) -> Organisation | Site | None:
    """The person's own site where it has an address, the company's otherwise."""
    site = person.person.site if person.person is not None else None
    if site is not None and site.address:
        return site
    company = person.registration.organisation
    return company if company is not None and company.address else None


def _address(person: Attendee, place: Organisation | Site, *, per_person: bool) -> Address:
    code, street = split_postal_code(place.address)
    region = f"{place.prefecture}{place.city}"
    whole = street if street.startswith(place.prefecture or region) and place.prefecture else f"{region}{street}"
    registration = person.registration
    return Address(
        postal_code=code,
        address=whole,
        company=registration.organisation_name,
        department=person.department if per_person else "",
        job_title=person.job_title if per_person else "",
        name=person.full_name.strip() if per_person else registration.applicant_name.strip(),
    )
