"""Facts that a process keeps: every change of what they were read from is seen, and every answer is the fresh one."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Table, delete, false, insert, select, update
from sqlalchemy import event as database_event
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from eventops.accounts.models import Role
from eventops.database import Base, db, transaction
from eventops.directory.models import Organisation
from eventops.errors import NotFound
from eventops.meetings.models import (
    Application,
    CompetitorPair,
    Exclusion,
    LimitKind,
    MatchingRound,
    MeetingTable,
    Need,
    PairScope,
    Room,
    Slot,
)
from eventops.meetings.timetable import board, drafts, facts, kept, marking, problems, queries
from eventops.meetings.timetable.kept import Memory
from tests.conftest import sign_in_to
from tests.factories import NOW, make_organisation
from tests.meetings.placing import place_by_hand
from tests.meetings.tiny import Tiny, make_tiny, state

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def tiny(app: Flask) -> Tiny:
    """Two meetings on the board, and three requests that wait."""
    with app.app_context(), transaction() as session:
        found = make_tiny(session)
        place_by_hand(session, found.round_id, 2)
        return found


@contextmanager
def tables_read() -> Iterator[set[str]]:
    """The tables of all statements that look."""
    found: set[str] = set()

    def note(_connection: object, statement: object, *_rest: object) -> None:
        found.update(one.name for one in visitors.iterate(statement) if isinstance(one, Table))

    database_event.listen(db.engine, "before_execute", note)
    try:
        yield found
    finally:
        database_event.remove(db.engine, "before_execute", note)


def mark(app: Flask) -> str | None:
    with app.app_context():
        found = marking.mark_of(db.session())
        db.session.rollback()
        return found


def test_whatever_the_facts_are_read_from_is_watched(app: Flask, tiny: Tiny) -> None:
    with app.app_context(), tables_read() as found:
        facts.read(db.session(), tiny.round_id)
    assert found == marking.watched()


def test_a_board_seen_before_reads_none_of_it_again(app: Flask, tiny: Tiny) -> None:
    with app.app_context():
        frame = db.session.get_one(MatchingRound, tiny.round_id)
        first = board.load(db.session(), frame, "ja")
        with tables_read() as found:
            assert board.load(db.session(), frame, "ja") == first
    assert found == {"facts_mark", "timetable", "timetable_meeting"}


@pytest.mark.both_databases
def test_every_statement_that_may_change_a_watched_table_moves_the_mark(app: Flask, tiny: Tiny) -> None:
    seen = [mark(app)]
    for name in sorted(marking.watched()):
        table = Base.metadata.tables[name]
        statements = [update(table).values(id=table.c.id), delete(table).where(false())]
        if name != Organisation.__tablename__:
            columns = list(table.c)
            statements.append(insert(table).from_select(columns, select(*columns).where(false())))
        for statement in statements:
            with app.app_context(), transaction() as session:
                session.execute(statement)
            seen.append(mark(app))
    assert None not in seen
    assert len(set(seen)) == len(seen)


def test_what_changes_no_facts_leaves_the_mark(app: Flask, tiny: Tiny) -> None:
    before = mark(app)
    with app.app_context(), transaction() as session:
        make_organisation(session, "株式会社新顔", "シンガオ", code="O0099")
        draft = queries.draft_of(session, tiny.round_id)
        drafts.replace_all(session, draft, layout={}, actor_id=None, now=NOW)
    assert mark(app) == before


@pytest.mark.both_databases
def test_who_changes_the_facts_sees_them_before_anybody_else_and_nobody_does_if_it_is_taken_back(
    app: Flask, tiny: Tiny
) -> None:
    before, table_count = mark(app), 2
    with app.app_context(), transaction() as session:
        assert len(kept.standing(session, tiny.round_id).problem.tables) == table_count
        session.scalars(select(MeetingTable)).first().in_use = False
        assert len(kept.standing(session, tiny.round_id).problem.tables) == table_count - 1
        assert marking.mark_of(session) is None
        session.rollback()
    assert mark(app) == before
    with app.app_context():
        assert len(kept.standing(db.session(), tiny.round_id).problem.tables) == table_count


def test_as_many_rounds_are_kept_as_are_looked_at_in_turn() -> None:
    memory, known = Memory(), kept.Known.__new__(kept.Known)
    for round_id in range(kept.MOST_ROUNDS + 1):
        memory.keep(round_id, "x", known)
    assert memory.get(0, "x") is None
    assert memory.get(1, "x") is known
    assert memory.get(1, "y") is None


def test_what_changes_while_it_is_read_is_not_kept(app: Flask, tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    marks = iter(["before", "after"])
    app.extensions["facts_kept"] = Memory()
    monkeypatch.setattr(marking, "mark_of", lambda _session: next(marks))
    with app.app_context():
        kept.known(db.session(), tiny.round_id)
    assert [app.extensions["facts_kept"].get(tiny.round_id, one) for one in ("before", "after")] == [None, None]


Edit = Callable[[Session, Tiny], object]


def _first(session: Session, model: type[Base]) -> Base:
    return session.scalars(select(model).order_by(model.id)).first()


def _renamed(session: Session, tiny: Tiny) -> None:
    guest = session.get_one(Organisation, tiny.guest_ids[0])
    guest.name, guest.prefecture = "株式会社藍", "沖縄県"


def _later(session: Session, _tiny: Tiny) -> None:
    session.execute(update(Slot).values(starts_at=_first(session, Slot).starts_at - HOUR).where(Slot.code == "S1"))


def _bigger(session: Session, _tiny: Tiny) -> None:
    room = _first(session, Room)
    room.name = "大会議室"
    room.tables.append(MeetingTable(number=3, online_ready=True))


def _apart(session: Session, tiny: Tiny) -> None:
    first, second, *_ = tiny.guest_ids
    scope = PairScope.BACK_TO_BACK
    session.add(CompetitorPair(round_id=tiny.round_id, first_id=first, second_id=second, scope=scope, is_hard=True))


def _locked(session: Session, tiny: Tiny) -> None:
    draft = queries.draft_of(session, tiny.round_id)
    one = draft.meetings[0].application_id
    now = {"revision": draft.revision, "actor_id": None, "now": NOW}
    drafts.set_lock(session, round_id=tiny.round_id, application_id=one, locked=True, **now)


def _one_more(session: Session, tiny: Tiny) -> None:
    place_by_hand(session, tiny.round_id, 3)


EDITS: tuple[Edit, ...] = (
    _renamed,
    _later,
    _bigger,
    _apart,
    _locked,
    _one_more,
    lambda session, tiny: setattr(session.get_one(Need, tiny.need_id), "tables", 2),
    lambda session, tiny: state(session, tiny, tiny.guest_ids[1], LimitKind.REST_AFTER, value=1),
    lambda session, tiny: session.add(Exclusion(need_id=tiny.need_id, organisation_id=tiny.guest_ids[2])),
    lambda session, _tiny: session.execute(update(Application).where(Application.code == "A003").values(rating=None)),
    lambda session, tiny: setattr(session.get_one(MatchingRound, tiny.round_id), "sme_max_meetings", 1),
    lambda session, _tiny: session.execute(update(Slot).where(Slot.code == "S2").values(in_use=False)),
)


@pytest.mark.both_databases
def test_after_each_change_every_process_says_what_a_fresh_one_says(
    app: Flask, tiny: Tiny, make_app: Callable[..., Flask]
) -> None:
    elsewhere = make_app()
    clients = [sign_in_to(one, Role.EVENT_MANAGER) for one in (app, elsewhere)]
    with app.app_context():
        held = db.session.scalars(select(Application.id).where(Application.code == "A004")).one()
    pages = f"{tiny.board}?part=1", f"{tiny.board}/options/{held}"
    before: tuple[object, ...] = ()
    for edit in EDITS:
        with app.app_context(), transaction() as session:
            edit(session, tiny)
        answers = [[client.get(page).text for page in pages] for client in clients]
        with app.app_context():
            problem = kept.standing(db.session(), tiny.round_id).problem
            assert problem == problems.build(db.session(), tiny.round_id)
        assert (problem, answers[0]) != before
        before = problem, answers[0]
        for one, client, answer in zip((app, elsewhere), clients, answers, strict=True):
            one.extensions["facts_kept"] = Memory()
            assert [client.get(page).text for page in pages] == answer


def test_a_round_that_is_gone_is_not_found(app: Flask, tiny: Tiny) -> None:
    with app.app_context(), pytest.raises(NotFound):
        kept.known(db.session(), tiny.round_id + 1)
