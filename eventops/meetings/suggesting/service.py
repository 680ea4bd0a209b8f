"""What staff do with a suggestion: invite the company by letter, or put the request down for it."""

from collections.abc import Collection, Sequence

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError
from eventops.meetings import rules
from eventops.meetings.models import Application, MatchingRound, Recommendation
from eventops.meetings.service import Act
from eventops.meetings.suggesting import letters, offers
from eventops.meetings.suggesting.offers import Offer


class SuggestionGone(DomainError):
    """The pair is no suggestion any more: it has applied meanwhile, or somebody excluded it."""

    code = "suggestion_gone"


def chosen(session: Session, round_id: int, keys: Collection[str]) -> Sequence[Offer]:
    """Those of the ticked pairs that are still suggested."""
    return [one for one in offers.offers(session, round_id) if one.key in keys]


def to_invite(found: Sequence[Offer]) -> Sequence[Offer]:
    """Those with somebody who may be written to and has not been yet."""
    return [one for one in found if one.person is not None and not one.is_invited]


def invite(session: Session, act: Act, *, keys: Collection[str]) -> int:
    """A letter for each pair, never twice; how many."""
    found = session.get_one(MatchingRound, act.round_id, with_for_update=True)
    invited = to_invite(chosen(session, act.round_id, keys))
    for one in invited:
        letters.put(session, found, one, now=act.now)
    _note(session, found, act, "companies_invited", {"letters": len(invited)})
    return len(invited)


def add(session: Session, act: Act, *, key: str, recommender: str) -> Application:
    """The request as if the company had applied; its large company answers it like any other."""
    found = session.get_one(MatchingRound, act.round_id, with_for_update=True)
    one = next(iter(chosen(session, act.round_id, {key})), None)
    if one is None:
        raise SuggestionGone
    codes = session.scalars(select(Application.code).where(Application.round_id == found.id))
    application = Application(
        round_id=found.id,
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
    _note(session, found, act, "suggestion_added", {"code": application.code, "need": one.need.code})
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
