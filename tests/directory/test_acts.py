"""Merges and imports: every row that moves is remembered, and put back exactly or not at all."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts.models import Role
from eventops.database import Base, db, transaction
from eventops.directory import acts, importing, lookup, merging
from eventops.directory.acts import CannotUndo, UndoneAlready
from eventops.directory.bodies import Committee, CommitteeTerm
from eventops.directory.committees import counts as committee_counts
from eventops.directory.committees import terms
from eventops.directory.merging import MergeClash, NothingToMerge
from eventops.directory.models import DirectoryAct, Membership, Organisation, Person
from eventops.events.models import PriceCategory
from eventops.meetings.models import Application, Exclusion, MatchingRound, Need, NeedAttendee
from eventops.registration import membership, service
from eventops.registration.commands import Claim
from eventops.registration.models import Registration
from tests.factories import NOW, make_event, make_organisation, make_part, make_person
from tests.meetings.sheets import written
from tests.registration.arrange import application, entrant, make_new_year

LATER = NOW + dt.timedelta(hours=1)
KEPT = {"directory_act", "directory_move", "audit_entry", "facts_mark"}
HEAD = "団体番号,名称,フリガナ,会員区分,会員,入会日,本社都道府県,本社市区町村,技術分野"


def everything(session: Session) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables but those that say what was done, or only that something was."""
    session.flush()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in KEPT]
    return {
        table.name: [dict(row) for row in session.execute(select(table).order_by(*table.primary_key)).mappings()]
        for table in tables
    }


@pytest.fixture
def pair(session: Session) -> tuple[int, int]:
    """A company that was entered twice, with something of everything behind the second entry."""
    keep = make_organisation(session, "株式会社青空精密", "アオゾラセイミツ", member=False, code="O1")
    drop = make_organisation(session, "青空精密株式会社", "アオゾラセイミツ", code="O2")
    drop.phone = "00-1111-2222"
    person = make_person(session, drop)
    event = make_new_year(session)
    service.register(
        session,
        application(event, entrant(event), organisation_name="青空精密株式会社", organisation_kana="アオゾラ"),
        now=NOW,
    )
    part = make_part(session, event, title="第3部")
    found = MatchingRound(event_id=event.id, part_id=part.id, starts_at=part.starts_at, ends_at=part.ends_at)
    session.add(found)
    session.flush()
    need = Need(round_id=found.id, code="N1", organisation_id=drop.id, title="軽い材料")
    need.attendees.append(NeedAttendee(person_id=person.id))
    session.add(need)
    session.flush()
    other = make_organisation(session, "海山電機株式会社", "ウミヤマデンキ")
    wish = Application(
        round_id=found.id,
        code="A1",
        need_id=need.id,
        organisation_id=other.id,
        submitted_at=NOW,
        companion_ids=[person.id],
    )
    session.add(wish)
    session.commit()
    return keep.id, drop.id


def merge(session: Session, kind: merging.Kind, keep_id: int, drop_id: int, *taken: str) -> int:
    return merging.merge(session, kind, keep_id=keep_id, drop_id=drop_id, taken=taken, actor_id=None, now=NOW)  # type: ignore[arg-type]


def undo(session: Session, act_id: int) -> None:
    acts.undo(session, act_id=act_id, actor_id=None, now=LATER)


def test_all_that_belongs_to_one_goes_to_the_other_and_comes_back_exactly(
    session: Session, pair: tuple[int, int]
) -> None:
    before = everything(session)
    planned = merging.plan(session, merging.ORGANISATION, keep_id=pair[0], drop_id=pair[1])
    assert dict(planned.moves) == {"membership": 1, "need": 1, "person": 1, "registration": 1}
    assert {choice.group: choice.from_other for choice in planned.choices} == {
        "name": False,
        "code": False,
        "phone": True,
    }

    act_id = merge(session, merging.ORGANISATION, *pair, "phone", "code")

    keep, drop = session.get_one(Organisation, pair[0]), session.get_one(Organisation, pair[1])
    assert (keep.code, keep.phone, keep.name, drop.code, drop.merged_into_id) == (
        "O2",
        "00-1111-2222",
        "株式会社青空精密",
        None,
        keep.id,
    )
    assert {one.organisation_id for one in session.scalars(select(Registration))} == {keep.id}
    assert [person.organisation_id for person in session.scalars(select(Person))] == [keep.id]
    undo(session, act_id)
    assert everything(session) == before
    with pytest.raises(UndoneAlready):
        undo(session, act_id)


def test_a_merged_name_still_means_the_company_that_is_left(session: Session, pair: tuple[int, int]) -> None:
    merge(session, merging.ORGANISATION, *pair)
    found = lookup.read(session)
    assert [found.register.match(name).id for name in ("青空精密㈱", "㈱青空精密", "青空精密")] == [
        pair[0],
        pair[0],
        None,
    ]
    assert found.organisations["o2"] == pair[0]
    standing = membership.standing(session, name="青空精密(株)", claim=Claim.GENERAL, on=NOW.date())
    assert (standing.organisation_id, standing.category) == (pair[0], PriceCategory.MEMBER)
    upload = written("団体番号,名称,フリガナ,会員区分", "O2,青空精密株式会社,アオゾラ,営利法人")
    (fault,) = importing.plan(session, kind="organisations", upload=upload, today=NOW.date()).faults
    assert (fault.line, fault.code, fault.details["other"]) == (2, "merged_organisation", "O1 株式会社青空精密")


def test_people_are_merged_in_lists_too(session: Session, pair: tuple[int, int]) -> None:
    drop = session.scalars(select(Person)).one()
    keep = make_person(session, session.get_one(Organisation, pair[1]), email="t.yamada@example.jp")
    session.commit()
    before = everything(session)
    act_id = merge(session, merging.PERSON, keep.id, drop.id)
    assert session.scalars(select(Application.companion_ids)).one() == [keep.id]
    assert session.scalars(select(NeedAttendee.person_id)).one() == keep.id
    undo(session, act_id)
    assert everything(session) == before


def test_times_of_both_on_the_same_days_become_one_and_two_again(session: Session) -> None:
    organisation = make_organisation(session)
    first, second = make_person(session, organisation), make_person(session, organisation)
    ai, sales = (Committee(name=one, kana="", sort_key="", kind="committee") for one in ("AI", "営業"))
    days = [dt.date(year, 4, 1) for year in (2024, 2025, 2026)]
    ai.terms = [
        CommitteeTerm(person=first, role="member", starts_on=days[1]),
        CommitteeTerm(person=second, role="member", starts_on=days[0], ends_on=days[2]),
    ]
    sales.terms = [CommitteeTerm(person=second, role="lead", starts_on=days[0])]
    session.add_all((ai, sales))
    session.commit()
    before = everything(session)

    act_id = merge(session, merging.PERSON, first.id, second.id)

    held = [(one.person_id, one.starts_on, one.ends_on) for body in (ai, sales) for one in terms(session, body.id)]
    assert held == [(first.id, days[0], None), (first.id, days[0], None)]
    assert committee_counts(session, days[1]) == {ai.id: 1, sales.id: 1}
    undo(session, act_id)
    assert everything(session) == before
    ai.terms[0].role = "lead"
    session.flush()
    assert merging.plan(session, merging.PERSON, keep_id=first.id, drop_id=second.id).clashes == ["committee_term"]


def test_what_only_one_may_have_stands_in_the_way(session: Session, pair: tuple[int, int]) -> None:
    need_id = session.scalars(select(Need.id)).one()
    session.add_all(Exclusion(need_id=need_id, organisation_id=one) for one in pair)
    session.commit()
    before = everything(session)
    with pytest.raises(MergeClash) as refused:
        merge(session, merging.ORGANISATION, *pair)
    assert refused.value.details["what"] == "対象外の団体"
    with pytest.raises(NothingToMerge):
        merge(session, merging.ORGANISATION, pair[0], pair[0])
    assert everything(session) == before


def test_undoing_is_refused_when_a_row_has_changed_since(session: Session, pair: tuple[int, int]) -> None:
    first = merge(session, merging.ORGANISATION, *pair)
    third = make_organisation(session, "株式会社青空", "アオゾラ")
    second = merge(session, merging.ORGANISATION, third.id, pair[0])
    session.commit()
    before = everything(session)
    with pytest.raises(CannotUndo) as refused:
        undo(session, first)
    assert refused.value.code == "act_changed_since"
    session.rollback()
    assert everything(session) == before
    undo(session, second)
    undo(session, first)
    assert session.get_one(Organisation, pair[1]).merged_into_id is None


def test_an_import_is_taken_back_whole(session: Session) -> None:
    make_organisation(session, "株式会社青空", "アオゾラ", code="O1", member=False)
    session.commit()
    before = everything(session)
    upload = written(
        HEAD, "O1,株式会社青空,アオソラ,団体,1,2026-10-01,福岡県,福岡市,接合;塗装", "O2,海山㈱,ウミ,営利法人,1,,,,"
    )
    importing.carry_out(session, kind="organisations", upload=upload, actor_id=None, now=NOW)
    upload = written("人の番号,団体番号,姓,セイ,案内メール同意", "P1,O2,山田,ヤマダ,1")
    importing.carry_out(session, kind="people", upload=upload, actor_id=None, now=NOW)
    first, second = session.scalars(select(DirectoryAct.id).order_by(DirectoryAct.id)).all()
    session.commit()
    with pytest.raises(CannotUndo) as refused:
        undo(session, first)
    assert (refused.value.code, refused.value.details) == ("act_used_since", {"what": "海山㈱", "by": "人"})
    session.rollback()
    undo(session, second)
    undo(session, first)
    assert everything(session) == before


def test_an_import_with_later_work_on_it_stays(session: Session) -> None:
    upload = written(HEAD, "O1,株式会社青空,アオゾラ,営利法人,0,,,,")
    importing.carry_out(session, kind="organisations", upload=upload, actor_id=None, now=NOW)
    (act_id,) = session.scalars(select(DirectoryAct.id)).all()
    organisation = session.scalars(select(Organisation)).one()
    organisation.memberships.append(Membership(starts_on=NOW.date()))
    session.commit()
    with pytest.raises(CannotUndo) as refused:
        undo(session, act_id)
    assert refused.value.details == {"what": "株式会社青空", "by": "会員期間"}


def test_staff_merge_and_take_back_by_the_pages(app: Flask, sign_in: Callable[[Role], FlaskClient]) -> None:
    with app.app_context(), transaction() as session:
        make_event(session)
        keep = make_organisation(session, "株式会社青空精密", "アオゾラセイミツ", code="O1").id
        drop = make_organisation(session, "青空精密株式会社", "アオゾラセイミツ", code="O2").id
    staff = sign_in(Role.EVENT_MANAGER)
    assert "法人格を除いた名称が同じ" in staff.get("/staff/directory/duplicates").text
    preview = staff.get(f"/staff/directory/merge/organisation?keep={keep}&drop={drop}")
    assert ("統合する" in preview.text, "会員期間" in preview.text) == (True, True)
    done = staff.post("/staff/directory/merge/organisation", data={"keep": keep, "drop": drop}, follow_redirects=True)
    assert "統合しました" in done.text
    assert ">青空精密株式会社</a>" not in staff.get("/staff/directory").text
    assert "次の団体に統合しました" in staff.get(f"/staff/directory/{drop}").text
    assert "青空精密株式会社 → 株式会社青空精密" in staff.get("/staff/directory/acts").text
    with app.app_context(), transaction() as session:
        session.get_one(Organisation, drop).merged_into_id = None
    refused = staff.post("/staff/directory/acts/1/undo")
    assert (refused.status_code, "そのあとに変更されているため" in refused.text) == (409, True)
    with app.app_context(), transaction() as session:
        session.get_one(Organisation, drop).merged_into_id = keep
    assert "元に戻しました" in staff.post("/staff/directory/acts/1/undo", follow_redirects=True).text
    staff.post("/staff/directory/duplicates/organisation/apart", data={"first": drop, "second": keep})
    assert "重複の候補はありません" in staff.get("/staff/directory/duplicates").text
    with app.app_context():
        assert db.session.get_one(Organisation, drop).merged_into_id is None


def test_those_who_only_look_change_nothing(sign_in: Callable[[Role], FlaskClient], pair: tuple[int, int]) -> None:
    reader = sign_in(Role.READ_ONLY)
    for path in ("merge/organisation", "acts/1/undo", "review", "export", "people/export", "names"):
        assert reader.post(f"/staff/directory/{path}").status_code == 403
