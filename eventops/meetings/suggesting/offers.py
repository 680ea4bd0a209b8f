"""Suggestions of a round as staff see them: the pairs, the people who may be invited, and what was done already."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.directory.models import Organisation, OrganisationSize, Person
from eventops.mail import unsubscribing
from eventops.mail.models import Letter
from eventops.meetings import letter_keys, queries, rules
from eventops.meetings.applying import entries
from eventops.meetings.models import Application, MatchingRound, Need, NeedState
from eventops.meetings.suggesting import pairs
from eventops.meetings.suggesting.pairs import Offered, Sought, Suggestion
from eventops.meetings.wishes import screening

MOST = 5
"""Per need: more would not be read."""
_SIZES = (OrganisationSize.SME, OrganisationSize.MID)


@dataclass(frozen=True, slots=True)
class Offer:
    """A pair as the page shows it; without `person` nobody of the company has agreed to be written to.

    `is_open` says whether the need takes applications: nobody is invited to one that does not.
    """

    need: Need
    company: Organisation
    why: Suggestion
    person: Person | None
    is_invited: bool
    is_open: bool

    @property
    def key(self) -> str:
        return f"{self.why.need_id}-{self.why.company_id}"


def offers(session: Session, round_id: int, *, now: dt.datetime) -> Sequence[Offer]:
    """All suggestions for the round's public needs, need by need, in a number of queries that does not grow."""
    needs = [need for need in queries.needs(session, round_id) if need.state == NeedState.OPEN]
    applications = session.scalars(select(Application).where(Application.round_id == round_id)).all()
    companies = _companies(session, {need.organisation_id for need in needs})
    excluded = screening.unwanted(session, round_id)
    sought = [_sought(need, companies, applications, excluded) for need in needs]
    found = pairs.suggest(sought, _offered(companies, applications), most=MOST)
    by_id, of_company = {need.id: need for need in needs}, {one.id: one for one in companies}
    return _offers(session, round_id, [(one, by_id[one.need_id], of_company[one.company_id]) for one in found], now)


def again(session: Session, round_id: int, found: Collection[Offer], *, now: dt.datetime) -> Sequence[Offer]:
    """Those that may still be offered, judged on the rows as they are now; the round is locked by the caller.

    Texts are not compared anew: that takes long, and everybody who writes would wait for it.
    """
    wanted = Need.id.in_({one.why.need_id for one in found})
    open_needs = {
        need.id: need
        for need in session.scalars(select(Need).where(wanted).order_by(Need.id).with_for_update(of=Need))
        if need.state == NeedState.OPEN
    }
    applied = select(Application.need_id, Application.organisation_id).where(Application.round_id == round_id)
    barred = {(row.need_id, row.organisation_id) for row in session.execute(applied)} | screening.unwanted(
        session, round_id
    )
    kept = [
        (one.why, open_needs[one.why.need_id], one.company)
        for one in found
        if one.why.need_id in open_needs and (one.why.need_id, one.why.company_id) not in barred
    ]
    return _offers(session, round_id, kept, now)


def _offers(
    session: Session, round_id: int, found: Sequence[tuple[Suggestion, Need, Organisation]], now: dt.datetime
) -> Sequence[Offer]:
    event = session.get_one(MatchingRound, round_id).event
    people = _people(session, {one.company_id for one, _need, _company in found})
    invited = _invited(session, [one for one, _need, _company in found], people)
    return [
        Offer(
            need,
            company,
            one,
            people.get(one.company_id),
            (one.need_id, one.company_id) in invited,
            entries.is_open(event, need, now),
        )
        for one, need, company in found
    ]


def letter_key(need_id: int, company_id: int, email: str) -> str:
    return letter_keys.fitting(f"need_invitation:{need_id}:{company_id}:{email}")


def _companies(session: Session, hosts: set[int]) -> Sequence[Organisation]:
    query = select(Organisation).where(Organisation.merged_into_id.is_(None), Organisation.size.in_(_SIZES))
    return [one for one in session.scalars(query.order_by(Organisation.id)) if one.id not in hosts]


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
