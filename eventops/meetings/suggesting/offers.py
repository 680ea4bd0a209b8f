"""Suggestions of a round as staff see them: the pairs, the people who may be invited, and what was done already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.directory.models import Organisation, OrganisationSize, Person
from eventops.mail import unsubscribing
from eventops.mail.models import Letter
from eventops.meetings import queries, rules
from eventops.meetings.models import Application, Exclusion, Need
from eventops.meetings.suggesting import pairs
from eventops.meetings.suggesting.pairs import Offered, Sought, Suggestion

MOST = 5
"""Per need: more would not be read."""
_SIZES = (OrganisationSize.SME, OrganisationSize.MID)


@dataclass(frozen=True, slots=True)
class Offer:
    """A pair as the page shows it; without `person` nobody of the company has agreed to be written to."""

    need: Need
    company: Organisation
    why: Suggestion
    person: Person | None
    is_invited: bool

    @property
    def key(self) -> str:
        return f"{self.need.id}-{self.company.id}"


def offers(session: Session, round_id: int) -> Sequence[Offer]:
    """All suggestions of the round, need by need, in a number of queries that does not grow."""
    needs = [need for need in queries.needs(session, round_id) if need.state != "closed"]
    applications = session.scalars(select(Application).where(Application.round_id == round_id)).all()
    companies = _companies(session, {need.organisation_id for need in needs})
    sought = [_sought(need, companies, applications, _excluded(session, round_id)) for need in needs]
    found = pairs.suggest(sought, _offered(companies, applications), most=MOST)
    people = _people(session, {one.company_id for one in found})
    invited = _invited(session, found, people)
    by_id, of_company = {need.id: need for need in needs}, {one.id: one for one in companies}
    return [
        Offer(
            by_id[one.need_id],
            of_company[one.company_id],
            one,
            people.get(one.company_id),
            (one.need_id, one.company_id) in invited,
        )
        for one in found
    ]


def letter_key(need_id: int, company_id: int, email: str) -> str:
    return f"need_invitation:{need_id}:{company_id}:{email}"


def _companies(session: Session, hosts: set[int]) -> Sequence[Organisation]:
    query = select(Organisation).where(Organisation.merged_into_id.is_(None), Organisation.size.in_(_SIZES))
    return [one for one in session.scalars(query.order_by(Organisation.id)) if one.id not in hosts]


def _excluded(session: Session, round_id: int) -> set[tuple[int, int]]:
    query = select(Exclusion.need_id, Exclusion.organisation_id).join(Exclusion.need).where(Need.round_id == round_id)
    return {(need_id, organisation_id) for need_id, organisation_id in session.execute(query)}


def _sought(
    need: Need,
    companies: Sequence[Organisation],
    applications: Sequence[Application],
    excluded: set[tuple[int, int]],
) -> Sought:
    barred = {one.organisation_id for one in applications if one.need_id == need.id}
    barred |= {organisation_id for need_id, organisation_id in excluded if need_id == need.id}
    barred |= {one.id for one in companies if rules.looks_like_trading_firm(need.excluded, one.name)}
    return Sought(need.id, need.required_tags, f"{need.title}\n{need.description}", barred)


def _offered(companies: Sequence[Organisation], applications: Sequence[Application]) -> list[Offered]:
    texts: dict[int, list[str]] = {}
    tags: dict[int, set[str]] = {}
    for one in applications:
        texts.setdefault(one.organisation_id, []).append(f"{one.proposal_title}\n{one.proposal_text}")
        tags.setdefault(one.organisation_id, set()).update(one.technology_tags)
    return [
        Offered(
            one.id,
            set(one.technology_tags) | tags.get(one.id, set()),
            "\n".join([one.name, *one.technology_tags, *texts.get(one.id, ())]),
        )
        for one in companies
    ]


def _people(session: Session, company_ids: set[int]) -> Mapping[int, Person]:
    """By company: the contact, else the first who agreed to announcements and has not stopped them since."""
    query = select(Person).where(
        Person.organisation_id.in_(company_ids),
        Person.mail_opt_in,
        Person.email != "",
        Person.merged_into_id.is_(None),
    )
    found = session.scalars(query.order_by(Person.is_primary_contact.desc(), Person.id)).all()
    refused = unsubscribing.refused_at(session, {one.email for one in found})
    people: dict[int, Person] = {}
    for one in found:
        if one.organisation_id is not None and unsubscribing.plain(one.email) not in refused:
            people.setdefault(one.organisation_id, one)
    return people


def _invited(session: Session, found: Sequence[Suggestion], people: Mapping[int, Person]) -> frozenset[tuple[int, int]]:
    keys = {
        letter_key(one.need_id, one.company_id, people[one.company_id].email): (one.need_id, one.company_id)
        for one in found
        if one.company_id in people
    }
    written = session.scalars(select(Letter.key).where(Letter.key.in_(list(keys)))).all() if keys else ()
    return frozenset(keys[key] for key in written)
