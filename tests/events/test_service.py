"""What staff do with events, on a real session."""

import datetime as dt
from dataclasses import replace

import pytest

from eventops.accounts.queries import audit_entries
from eventops.errors import NotFound, Stale
from eventops.events import editing, history, providers, queries, service
from eventops.events.checklist import StepCode
from eventops.events.models import EventState, HostRole, Mode, PartKind, PriceCategory, Promotion
from eventops.events.plan import FeePlan, HostPlan, PoolPlan
from eventops.events.rules import PlaceCount
from tests.events.plans import LECTURE, NOW, PARTY, new_year

LATER = NOW + dt.timedelta(hours=1)


def create(session, **values):
    event = service.create(session, plan=new_year(**values), actor_id=None, now=NOW)
    session.commit()
    session.expire_all()
    return queries.event(session, event.id)


def save(session, event, plan, **values):
    given = {"seen_at": event.updated_at, "actor_id": None, "now": LATER} | values
    saved = service.save(session, event_id=event.id, plan=plan, **given)
    session.commit()
    session.expire_all()
    return queries.event(session, saved.id)


def counted(monkeypatch, **count):
    """Every pool of every event counts the same."""

    def places(session, ids):
        events = [queries.event(session, event_id) for event_id in ids]
        pools = [pool for event in events for part in event.parts for pool in part.pools]
        return {(pool.part_id, pool.mode): PlaceCount(**count) for pool in pools}

    monkeypatch.setitem(providers.registry.places, "registration", places)


def without_ids(plan):
    return replace(plan, parts=tuple(replace(part, id=None) for part in plan.parts))


def test_what_is_created_is_what_was_planned(session):
    event = create(session)
    assert event.state == EventState.DRAFT
    assert without_ids(queries.plan_of(event)) == new_year()


def test_a_series_is_shared_by_its_events(session):
    first = create(session)
    second = create(session, slug="other", code="N10")
    assert first.series_id == second.series_id
    assert queries.series_names(session) == ["新春講演会・賀詞交歓会"]


@pytest.mark.parametrize(
    ("values", "refusal"), [({"code": "X"}, service.SlugTaken), ({"slug": "x"}, service.CodeTaken)]
)
def test_names_belong_to_one_event(session, values, refusal):
    create(session)
    with pytest.raises(refusal):
        create(session, **values)


def test_saving_keeps_the_rows_of_parts_through_removal_addition_and_change(session):
    event = create(session)
    plan = queries.plan_of(event)
    lecture, party = plan.parts
    report = replace(LECTURE, title="成果報告会", starts=dt.time(15, 30), ends=dt.time(16, 30))
    saved = save(session, event, replace(plan, parts=(report, replace(party, title="第2部 懇親会"))))
    titles = [(part.title, part.position, part.id == party.id) for part in saved.parts]
    assert titles == [("成果報告会", 1, False), ("第2部 懇親会", 2, True)]
    assert lecture.id not in {part.id for part in saved.parts}


def test_parts_change_places(session):
    event = create(session)
    plan = queries.plan_of(event)
    saved = save(session, event, replace(plan, parts=plan.parts[::-1]))
    assert [part.id for part in saved.parts] == [part.id for part in plan.parts[::-1]]


def test_pools_and_fees_follow_the_plan(session):
    event = create(session)
    plan = queries.plan_of(event)
    prices = (FeePlan(PriceCategory.MEMBER, Mode.ONSITE, 0), FeePlan(PriceCategory.GENERAL, Mode.ONSITE, 2000))
    lecture = replace(plan.parts[0], pools=(PoolPlan(Mode.ONSITE, None),))
    plan = replace(plan, promotion=Promotion.PAYMENT, offer_hours=72)
    reserve = PoolPlan(Mode.ONSITE, 90, 5, dt.date(2027, 1, 8))
    party = replace(plan.parts[1], fees=prices, pools=(reserve,))
    wanted = replace(plan, parts=(lecture, party), fees=())
    assert queries.plan_of(save(session, event, wanted)) == wanted


def test_hosts_are_kept_in_the_printed_order(session):
    hosts = (HostPlan(HostRole.PATRON, "市"), HostPlan(HostRole.CO_HOST, "KISTEC"), HostPlan(HostRole.HOST, "協会"))
    assert [host.name for host in create(session, hosts=hosts).hosts] == ["協会", "KISTEC", "市"]


def test_a_part_in_use_is_not_taken_away(session, monkeypatch):
    event = create(session)
    plan = queries.plan_of(event)
    used = plan.parts[1].id
    monkeypatch.setitem(providers.registry.parts_in_use, "test", lambda _session, ids: {used} & set(ids))
    with pytest.raises(editing.PartInUse) as refused:
        save(session, event, replace(plan, parts=plan.parts[:1]))
    assert refused.value.details == {"part": "第2部 賀詞交歓会"}
    session.rollback()
    save(session, event, replace(plan, parts=plan.parts[1:]))


def test_a_part_somebody_applied_for_is_not_taken_away(session, monkeypatch):
    event = create(session)
    plan = queries.plan_of(event)
    counted(monkeypatch, ever=1)
    with pytest.raises(editing.PartInUse):
        save(session, event, replace(plan, parts=plan.parts[:1]))


def test_a_mode_with_people_in_it_is_not_taken_away(session, monkeypatch):
    event = create(session)
    plan = queries.plan_of(event)
    counted(monkeypatch, waiting=1, ever=1)
    lecture = replace(plan.parts[0], pools=plan.parts[0].pools[:1])
    with pytest.raises(editing.ModeInUse) as refused:
        save(session, event, replace(plan, parts=(lecture, plan.parts[1])))
    assert refused.value.details == {"part": "第1部 新春講演会", "mode": "online"}


def test_the_later_of_two_savings_is_told(session):
    event = create(session)
    seen = event.updated_at
    save(session, event, replace(queries.plan_of(event), summary="ほかの人"))
    with pytest.raises(Stale):
        save(session, event, replace(queries.plan_of(event), summary="わたし"), seen_at=seen)
    assert queries.event(session, event.id).summary == "ほかの人"


def test_a_mistaken_day_is_taken_back_and_again(session):
    event = create(session)
    plan = queries.plan_of(event)
    event = save(session, event, replace(plan, held_on=dt.date(2027, 1, 23)))
    for expected in (dt.date(2027, 1, 22), dt.date(2027, 1, 23)):
        entry = service.last_saving(session, event)
        service.restore(session, event_id=event.id, entry_id=entry.id, actor_id=None, now=LATER)
        session.commit()
        session.expire_all()
        event = queries.event(session, event.id)
        assert event.held_on == expected
        assert {part.starts_at.astimezone(dt.timezone(dt.timedelta(hours=9))).date() for part in event.parts} == {
            expected
        }


def test_a_removed_part_comes_back(session):
    event = create(session)
    plan = queries.plan_of(event)
    event = save(session, event, replace(plan, parts=plan.parts[:1]))
    entry = service.last_saving(session, event)
    service.restore(session, event_id=event.id, entry_id=entry.id, actor_id=None, now=LATER)
    session.commit()
    session.expire_all()
    assert without_ids(queries.plan_of(queries.event(session, event.id))) == new_year()


def test_only_savings_of_this_event_are_taken_back_and_only_of_drafts(session):
    event = create(session)
    other = create(session, slug="other", code="OTHER")
    save(session, other, replace(queries.plan_of(other), summary="別"))
    foreign = service.last_saving(session, queries.event(session, other.id))
    with pytest.raises(NotFound):
        service.restore(session, event_id=event.id, entry_id=foreign.id, actor_id=None, now=LATER)
    created = audit_entries(session, event_id=event.id)[0]
    with pytest.raises(NotFound):
        service.restore(session, event_id=event.id, entry_id=created.id, actor_id=None, now=LATER)
    service.move(session, event_id=other.id, target=EventState.PUBLISHED, actor_id=None, now=LATER)
    with pytest.raises(service.NotDraft):
        service.restore(session, event_id=other.id, entry_id=foreign.id, actor_id=None, now=LATER)
    assert service.last_saving(session, queries.event(session, other.id)) is None


def test_publishing_and_the_way_back(session, monkeypatch):
    event = create(session)
    service.move(session, event_id=event.id, target=EventState.PUBLISHED, actor_id=None, now=LATER)
    assert (event.state, event.published_at, event.sequence) == (EventState.PUBLISHED, LATER, 0)
    service.move(session, event_id=event.id, target=EventState.DRAFT, actor_id=None, now=LATER)
    assert (event.state, event.published_at) == (EventState.DRAFT, None)
    service.move(session, event_id=event.id, target=EventState.PUBLISHED, actor_id=None, now=LATER)
    counted(monkeypatch, ever=1)
    with pytest.raises(service.MoveRefused):
        service.move(session, event_id=event.id, target=EventState.DRAFT, actor_id=None, now=LATER)
    service.move(session, event_id=event.id, target=EventState.CLOSED, actor_id=None, now=LATER)
    service.move(session, event_id=event.id, target=EventState.PUBLISHED, actor_id=None, now=LATER)
    service.move(session, event_id=event.id, target=EventState.CANCELLED, actor_id=None, now=LATER)
    with pytest.raises(service.MoveRefused):
        service.move(session, event_id=event.id, target=EventState.PUBLISHED, actor_id=None, now=LATER)
    assert [entry.action for entry in audit_entries(session, event_id=event.id)] == [
        "event_cancelled",
        "event_reopened",
        "event_closed",
        "event_published",
        "event_withdrawn",
        "event_published",
        "event_created",
    ]


def test_an_event_without_parts_is_not_published(session):
    event = create(session, parts=())
    with pytest.raises(service.NotReady):
        service.move(session, event_id=event.id, target=EventState.PUBLISHED, actor_id=None, now=LATER)


def test_changes_of_a_public_event_raise_the_calendars_sequence(session):
    event = create(session)
    event = save(session, event, replace(queries.plan_of(event), summary="下書きの間"))
    assert event.sequence == 0
    service.move(session, event_id=event.id, target=EventState.PUBLISHED, actor_id=None, now=LATER)
    event = save(session, event, replace(queries.plan_of(event), summary="公開の後"))
    assert event.sequence == 1


def test_steps_are_ticked_and_unticked_but_not_those_that_happen_by_themselves(session):
    event = create(session)
    service.tick(session, event_id=event.id, step=StepCode.THANKS, done=True, actor_id=None, now=LATER)
    assert event.ticked_steps == ["thanks"]
    service.tick(session, event_id=event.id, step=StepCode.THANKS, done=False, actor_id=None, now=LATER)
    assert event.ticked_steps == []
    with pytest.raises(NotFound):
        service.tick(session, event_id=event.id, step=StepCode.DAY, done=True, actor_id=None, now=LATER)


def test_the_history_says_what_changed_in_words(app, session):
    event = create(session)
    plan = queries.plan_of(event)
    party = replace(plan.parts[1], pools=(PoolPlan(Mode.ONSITE, 120, 5),), ends=dt.time(20, 40))
    exchange = replace(PARTY, title="第3部 名刺交換", kind=PartKind.SOCIAL, starts=dt.time(20, 40), ends=dt.time(21))
    save(session, event, replace(plan, held_on=dt.date(2027, 1, 29), fees=(), parts=(party, exchange)))
    entry = audit_entries(session, event_id=event.id)[0]
    with app.test_request_context():
        told = [(c.field, c.before, c.after) for c in history.changes(entry.before, entry.after)]
    assert told == [
        ("開催日", "2027年1月22日(金)", "2027年1月29日(金)"),
        ("参加費", "会場会員 3,000円、会場一般 5,000円", ""),
        ("部", "第1部 新春講演会", ""),
        ("部", "", "第3部 名刺交換"),
        ("第2部 賀詞交歓会 終了", "20:30", "20:40"),
        ("第2部 賀詞交歓会 定員", "会場 100名", "会場 120名(取置5)"),
    ]
