"""推薦: reasons that the secretariat and coordinators give a company for meeting an applicant."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import NotFound
from eventops.meetings.models import Application, MatchingRound, Recommendation
from eventops.meetings.wishes.service import Act


def recommend(session: Session, act: Act, *, application_id: int, recommender: str, reason: str) -> Recommendation:
    application = _locked(session, act, application_id)
    made = Recommendation(recommender=recommender, reason=reason, created_at=act.now, created_by_id=act.actor_id)
    application.recommendations.append(made)
    application.is_recommended = True
    session.flush()  # the entry names the row
    _note(session, act, "application_recommended", application_id, recommender)
    return made


def take_back(session: Session, act: Act, *, application_id: int, recommendation_id: int) -> None:
    application = _locked(session, act, application_id)
    found = next((one for one in application.recommendations if one.id == recommendation_id), None)
    if found is None:
        raise NotFound
    application.recommendations.remove(found)
    application.is_recommended = bool(application.recommendations)
    _note(session, act, "recommendation_taken_back", application_id, found.recommender)


def _locked(session: Session, act: Act, application_id: int) -> Application:
    query = select(Application).where(Application.id == application_id, Application.round_id == act.round_id)
    found = session.scalar(query.with_for_update(of=Application))
    if found is None:
        raise NotFound
    return found


def _note(session: Session, act: Act, action: str, application_id: int, recommender: str) -> None:
    event_id = session.scalar(select(MatchingRound.event_id).where(MatchingRound.id == act.round_id))
    audit.record(
        session,
        actor_id=act.actor_id,
        action=action,
        subject=("application", application_id),
        now=act.now,
        event_id=event_id,
        after={"recommender": recommender},
    )
