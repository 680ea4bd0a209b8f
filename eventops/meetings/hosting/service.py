"""What happens to a need between the secretariat and its company: confirmed, opened, closed; nothing of it commits."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.errors import DomainError, NotFound
from eventops.meetings.hosting import rules
from eventops.meetings.models import MatchingRound, Need, NeedState
from eventops.meetings.wishes.service import Act, require_seen


class NeedMoveRefused(DomainError):
    """A state that cannot be reached from the present one."""

    code = "need_state"


class NameGivenAway(DomainError):
    """The text of an anonymous need holds the company's name."""

    code = "name_given_away"


class PublicAlready(DomainError):
    """The company's own page takes no more corrections once the need is public."""

    code = "need_public_already"


@dataclass(frozen=True, slots=True)
class Corrected:
    """A need as its company typed it."""

    unit: str
    title: str
    description: str
    required_tags: list[str]
    stage: str
    excluded: str
    online_only: bool
    online_ok: bool
    is_anonymous: bool
    public_name: str


def correct(session: Session, *, need_id: int, values: Corrected, now: dt.datetime, seen: str = "") -> Need:
    """The company's own words, as long as nobody else has read the need or changed it since the page was opened."""
    need = _locked(session, need_id)
    if NeedState(need.state) not in rules.SECRET:
        raise PublicAlready
    require_seen(need, seen)
    changed = {name: value for name, value in asdict(values).items() if getattr(need, name) != value}
    before = {name: getattr(need, name) for name in changed}
    for name, value in changed.items():
        setattr(need, name, value)
    _note(session, need, "need_corrected", None, now, changed, before)
    return need


def confirm(session: Session, *, need_id: int, name: str, now: dt.datetime) -> Need:
    """確認: this wording and no other."""
    need = _locked(session, need_id)
    refuse_name(need)
    need.confirmed_at, need.confirmed_by, need.confirmed_digest = now, name, rules.digest(need)
    _note(session, need, "need_confirmed", None, now, {"by": name})
    return need


def move(session: Session, act: Act, *, need_id: int, target: NeedState) -> Need:
    """Staff open, close or take back a need; a name that should not be read keeps it from opening."""
    need = _locked(session, need_id, act.round_id)
    if not rules.may_move(need.state, target):
        raise NeedMoveRefused
    if target is NeedState.OPEN:
        refuse_name(need)
        need.published_on = need.published_on or act.now.date()
    before = need.state
    need.state = target
    _note(session, need, "need_moved", act.actor_id, act.now, {"from": before, "to": str(target)})
    return need


def refuse_name(need: Need) -> None:
    company = (need.organisation.name, need.organisation.kana)
    if need.is_anonymous and rules.giving_away(rules.public_texts(need), company):
        raise NameGivenAway(code=need.code)


def renew_link(session: Session, act: Act, *, need_id: int) -> Need:
    """The company's older addresses stop working."""
    need = _locked(session, need_id, act.round_id)
    need.link_issue += 1
    _note(session, need, "link_replaced", act.actor_id, act.now)
    return need


def _locked(session: Session, need_id: int, round_id: int | None = None) -> Need:
    query = select(Need).where(Need.id == need_id).with_for_update(of=Need)
    found = session.scalar(query if round_id is None else query.where(Need.round_id == round_id))
    if found is None:
        raise NotFound
    return found


def _note(
    session: Session,
    need: Need,
    action: str,
    actor_id: int | None,
    now: dt.datetime,
    after: Mapping[str, object] | None = None,
    before: Mapping[str, object] | None = None,
) -> None:
    event_id = session.scalar(select(MatchingRound.event_id).where(MatchingRound.id == need.round_id))
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("need", need.id),
        now=now,
        event_id=event_id,
        before=before,
        after={"code": need.code, **(after or {})},
    )
