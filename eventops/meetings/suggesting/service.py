"""What staff do with a suggestion: invite the company by letter, or put the request down for it."""

import datetime as dt
from collections.abc import Collection, Sequence

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError
from eventops.meetings import rules
from eventops.meetings.models import Application, MatchingRound, Recommendation
from eventops.meetings.suggesting import letters, offers
from eventops.meetings.suggesting.offers import Offer
from eventops.meetings.wishes.service import Act


class SuggestionGone(DomainError):
    """The pair is no suggestion any more: it has applied meanwhile, or somebody excluded it."""

    code = "suggestion_gone"


def chosen(session: Session, round_id: int, keys: Collection[str], *, now: dt.datetime) -> Sequence[Offer]:
    """Those of the ticked pairs that are suggested. It compares texts: not while others wait to write."""
    return [one for one in offers.offers(session, round_id, now=now) if one.key in keys]


def to_invite(found: Sequence[Offer]) -> Sequence[Offer]:
    """Those with somebody who may be written to and has not been yet, to needs that take applications."""
    return [one for one in found if one.is_open and one.person is not None and not one.is_invited]


def invite(session: Session, act: Act, *, found: Collection[Offer]) -> int:
    """A letter for each pair that is still as it was when it was chosen, never twice; how many."""
    frame = session.get_one(MatchingRound, act.round_id, with_for_update=True)
    invited = to_invite(offers.again(session, act.round_id, found, now=act.now))
    for one in invited:
        letters.put(session, frame, one, now=act.now)
    _note(session, frame, act, "companies_invited", {"letters": len(invited)})
    return len(invited)


def try_out(session: Session, act: Act, *, found: Collection[Offer], email: str) -> bool:
    """The first of the letters, to whoever is about to send them; whether there is one."""
    frame = session.get_one(MatchingRound, act.round_id, with_for_update=True)
    first = next(iter(to_invite(offers.again(session, act.round_id, found, now=act.now))), None)
    if first is not None:
        letters.put_trial(session, frame, first, email=email, now=act.now)
    return first is not None


def add(session: Session, act: Act, *, found: Collection[Offer], recommender: str) -> Application:
    """The request as if the company had applied; its large company answers it like any other."""
    frame = session.get_one(MatchingRound, act.round_id, with_for_update=True)
    one = next(iter(offers.again(session, act.round_id, found, now=act.now)), None)
    if one is None:
        raise SuggestionGone
    codes = session.scalars(select(Application.code).where(Application.round_id == frame.id))
    application = Application(
        round_id=frame.id,
        code=rules.next_code(codes, prefix="A", digits=3),
        need_id=one.need.id,
        organisation_id=one.company.id,
        person_id=one.person.id if one.person else None,
        submitted_at=act.now,
        proposal_title=one.need.title,
        technology_tags=list(one.company.technology_tags),
        is_recommended=True,
        recommendations=[
            Recommendation(recommender=recommender, reason=why(one), created_at=act.now, created_by_id=act.actor_id)
        ],
    )
    session.add(application)
    _note(session, frame, act, "suggestion_added", {"code": application.code, "need": one.need.code})
    return application


def why(one: Offer) -> str:
    """For the large company, in its language: tags alone, for words come from proposals to others."""
    with force_locale("ja"):
        if one.why.tags:
            return str(_("技術分野が合います: %(tags)s", tags="、".join(one.why.tags)))
        return str(_("得意な技術がニーズの内容に近い企業です。"))


def _note(session: Session, found: MatchingRound, act: Act, action: str, after: dict[str, object]) -> None:
    audit.record(
        session,
        actor_id=act.actor_id,
        action=action,
        subject=("matching_round", found.id),
        event_id=found.event_id,
        now=act.now,
        after=after,
    )
