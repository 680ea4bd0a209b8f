"""What staff do with events: make, save, publish and the other moves, put back, tick."""

import datetime as dt

from sqlalchemy.orm import Session

from eventops.accounts import audit
from eventops.accounts import queries as audit_queries
from eventops.accounts.models import AuditEntry
from eventops.errors import DomainError, NotFound, Stale
from eventops.events import editing, providers, queries, rules, zones
from eventops.events import plan as plans
from eventops.events.checklist import BY_ITSELF, StepCode
from eventops.events.models import Event, EventState
from eventops.events.plan import EventPlan

SAVED = ("event_saved", "event_restored")
MOVED = {
    EventState.DRAFT: "event_withdrawn",
    EventState.PUBLISHED: "event_published",
    EventState.CLOSED: "event_closed",
    EventState.CANCELLED: "event_cancelled",
}


class SlugTaken(DomainError):
    """Another event has this address."""

    code = "slug_taken"


class CodeTaken(DomainError):
    """Another event has this code."""

    code = "code_taken"


class NotReady(DomainError):
    """Something is missing without which nobody could apply."""

    code = "event_not_ready"


class MoveRefused(DomainError):
    """The state does not go there from here."""

    code = "event_move_refused"


class NotDraft(DomainError):
    """Only drafts are put back: what guests have read is changed by saving again."""

    code = "event_not_draft"


def create(
    session: Session,
    *,
    plan: EventPlan,
    actor_id: int | None,
    now: dt.datetime,
    copied_from_id: int | None = None,
) -> Event:
    """A new draft."""
    _names_are_free(session, plan, except_id=None)
    event = Event(
        state=EventState.DRAFT,
        copied_from_id=copied_from_id,
        created_at=now,
        updated_at=now,
        ticked_steps=[],
        sequence=0,
    )
    session.add(event)
    with session.no_autoflush:
        _first_flush(session, event, plan)
    editing.write(session, event, plan)
    if copied_from_id is not None:
        zones.copy(session, source_id=copied_from_id, target_id=event.id)
        providers.copy(session, source_id=copied_from_id, target_id=event.id)
    action = "event_created" if copied_from_id is None else "event_copied"
    _note(session, event, action, actor_id=actor_id, now=now)
    return event


def save(
    session: Session,
    *,
    event_id: int,
    plan: EventPlan,
    seen_at: dt.datetime | None,
    actor_id: int | None,
    now: dt.datetime,
) -> Event:
    """Write what staff typed. `seen_at` is when the version they began from was saved; None overrules others."""
    event = queries.event_for_update(session, event_id)
    if seen_at is not None and event.updated_at != seen_at:
        raise Stale
    _names_are_free(session, plan, except_id=event_id)
    _rewrite(session, event, plan, "event_saved", actor_id=actor_id, now=now)
    return event


def restore(session: Session, *, event_id: int, entry_id: int, actor_id: int | None, now: dt.datetime) -> Event:
    """Put a draft back to what it was before a saving; that is a saving too, so it can itself be put back."""
    event = queries.event_for_update(session, event_id)
    if event.state != EventState.DRAFT:
        raise NotDraft
    entry = session.get(AuditEntry, entry_id)
    if entry is None or entry.event_id != event_id or entry.action not in SAVED or entry.before is None:
        raise NotFound
    plan = plans.from_json(entry.before)
    _names_are_free(session, plan, except_id=event_id)
    _rewrite(session, event, plan, "event_restored", actor_id=actor_id, now=now)
    return event


def last_saving(session: Session, event: Event) -> AuditEntry | None:
    """The saving that can be taken back, if any."""
    if event.state != EventState.DRAFT:
        return None
    entries = audit_queries.audit_entries(session, event_id=event.id, subject_kinds=("event",))
    return next((entry for entry in entries if entry.action in SAVED and entry.before), None)


def move(session: Session, *, event_id: int, target: EventState, actor_id: int | None, now: dt.datetime) -> Event:
    """Publish, close, open again, withdraw or cancel."""
    event = queries.event_for_update(session, event_id)
    state = EventState(event.state)
    if not rules.may_move(state, target, has_applications=has_applications(session, event)):
        raise MoveRefused
    if target == EventState.PUBLISHED and blocking(event, now=now):
        raise NotReady
    event.state = target
    event.updated_at = now
    event.sequence += event.published_at is not None
    if target == EventState.PUBLISHED:
        event.published_at = event.published_at or now
    if target == EventState.DRAFT:
        event.published_at = None
    audit.record(
        session,
        actor_id=actor_id,
        action="event_reopened" if (state, target) == (EventState.CLOSED, EventState.PUBLISHED) else MOVED[target],
        subject=("event", event_id),
        event_id=event_id,
        now=now,
    )
    return event


def tick(
    session: Session, *, event_id: int, step: StepCode, done: bool, actor_id: int | None, now: dt.datetime
) -> None:
    """Note that a step which no feature can see is done, or not done after all."""
    if step in BY_ITSELF:
        raise NotFound
    event = queries.event_for_update(session, event_id)
    others = [code for code in event.ticked_steps if code != step]
    event.ticked_steps = [*others, step] if done else others
    action = "step_ticked" if done else "step_unticked"
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("event", event_id),
        event_id=event_id,
        now=now,
        after={"step": step},
    )


def has_applications(session: Session, event: Event) -> bool:
    """Whether anybody ever applied."""
    return any(count.ever for count in providers.place_counts(session, [event.id]).values())


def blocking(event: Event, *, now: dt.datetime) -> list[rules.EventWarning]:
    """Why the event cannot be published yet."""
    return [warning for warning in rules.warnings(queries.plan_of(event), now=now) if warning.blocks]


def _names_are_free(session: Session, plan: EventPlan, *, except_id: int | None) -> None:
    slugs, codes = queries.taken_names(session, except_id=except_id)
    if plan.slug in slugs:
        raise SlugTaken(slug=plan.slug)
    if plan.code in codes:
        raise CodeTaken(event_code=plan.code)


def _first_flush(session: Session, event: Event, plan: EventPlan) -> None:
    """Parts and fees need the event's id."""
    event.slug, event.code, event.kind, event.title = plan.slug, plan.code, plan.kind, plan.title
    event.held_on, event.applications_close_at = plan.held_on, plan.applications_close_at
    session.flush()


def _rewrite(
    session: Session, event: Event, plan: EventPlan, action: str, *, actor_id: int | None, now: dt.datetime
) -> None:
    before = queries.plan_of(event)
    editing.write(session, event, plan)
    providers.follow_day(session, event.id)
    event.updated_at = now
    event.sequence += event.published_at is not None
    _note(session, event, action, actor_id=actor_id, now=now, before=before)


def _note(
    session: Session,
    event: Event,
    action: str,
    *,
    actor_id: int | None,
    now: dt.datetime,
    before: EventPlan | None = None,
) -> None:
    session.flush()  # the history names the ids of new parts
    audit.record(
        session,
        actor_id=actor_id,
        action=action,
        subject=("event", event.id),
        event_id=event.id,
        now=now,
        before=plans.to_json(before) if before is not None else None,
        after=plans.to_json(queries.plan_of(event)),
    )
