"""Committees and partners: who belongs when, the list narrowed to them, sheets there and back, names for events."""

import datetime as dt
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts.models import Role
from eventops.clock import today
from eventops.database import transaction
from eventops.directory import acts, circles, committees, exporting, importing, known_bodies, partners, queries
from eventops.directory.bodies import Committee, CommitteeTerm, Partnership
from eventops.directory.committees import CommitteeValues, TermValues
from eventops.directory.models import DirectoryAct, Person
from eventops.directory.partners import PartnershipValues
from eventops.events.models import HostRole
from eventops.spreadsheets.plan import RowState
from eventops.spreadsheets.upload_form import sentences
from tests.factories import NOW, make_event, make_organisation, make_part, make_person
from tests.meetings.sheets import written

TODAY = dt.date(2026, 11, 21)
SALES = CommitteeValues("営業・売上UP分科会", "エイギョウウリアゲアップブンカカイ", "working_group", "", None)
HEAD = "名称,フリガナ,種類,人の番号,メールアドレス,役割,就任日,退任日"


def make_committee(session: Session, values: CommitteeValues = SALES) -> Committee:
    return committees.save(session, committee_id=None, values=values, actor_id=None, now=NOW)


def join(session: Session, committee: Committee, person: Person, since: dt.date, until: dt.date | None = None) -> None:
    values = TermValues(person.id, "member", since, until)
    committees.save_term(session, committee_id=committee.id, term_id=None, values=values, actor_id=None, now=NOW)


def test_members_are_those_of_the_day_and_nobody_belongs_twice_at_once(session: Session) -> None:
    organisation, committee = make_organisation(session), make_committee(session)
    now_there, gone, later = (make_person(session, organisation, email=f"{one}@example.jp") for one in "abc")
    join(session, committee, now_there, dt.date(2026, 4, 1))
    join(session, committee, gone, dt.date(2025, 4, 1), TODAY)
    join(session, committee, later, dt.date(2027, 4, 1))

    assert session.scalars(committees.member_ids([committee.id], TODAY)).all() == [now_there.id]
    assert committees.counts(session, TODAY) == {committee.id: 1}
    with pytest.raises(committees.TermOverlaps):
        join(session, committee, now_there, dt.date(2026, 10, 1))
    with pytest.raises(committees.TermEndsBeforeStart):
        join(session, committee, gone, TODAY, TODAY)
    join(session, committee, gone, TODAY)
    assert [
        person.id for person in queries.people(session, text="", among=circles.among(str(committee.id), TODAY))
    ] == [
        now_there.id,
        gone.id,
    ]
    with pytest.raises(committees.NameTaken):
        make_committee(session)


def test_a_committee_s_events_are_those_that_name_it(session: Session) -> None:
    committee = make_committee(session)
    mine, other = make_event(session, slug="mine"), make_event(session, slug="other")
    make_part(session, mine, planned_by="営業・売上UP分科会")
    make_part(session, other, planned_by="AI・DX分科会")

    assert committees.events(session, committee) == [mine]


def test_a_sheet_of_committees_goes_out_and_comes_back_and_is_taken_back_as_one(session: Session) -> None:
    organisation = make_organisation(session)
    taro = make_person(session, organisation)
    taro.code = "P1"
    make_person(session, organisation, ("鈴木", "花", "スズキ", "ハナ"), email="hana@example.jp")
    session.flush()
    lines = [
        "AI・DX分科会,エーアイディーエックスブンカカイ,分科会,P1,,座長,2026-04-01,",
        "AI・DX分科会,,分科会,,hana@example.jp,委員,2026-04-01,2027-04-01",
        "賀詞交歓会実行委員会,ガシコウカンカイジッコウイインカイ,委員会,,,,,",
    ]
    importing.carry_out(session, kind="committees", upload=written(HEAD, *lines), actor_id=None, now=NOW)

    found = committees.listed(session)
    assert {one.name: one.kind for one in found} == {
        "AI・DX分科会": "working_group",
        "賀詞交歓会実行委員会": "committee",
    }
    terms = session.scalars(select(CommitteeTerm).order_by(CommitteeTerm.id)).all()
    assert [(one.person.full_name, one.role) for one in terms] == [("山田 太郎", "lead"), ("鈴木 花", "member")]

    headings, rows = exporting.committees((one, committees.terms(session, one.id)) for one in found)
    again = written(",".join(headings), *(",".join("" if cell is None else str(cell) for cell in row) for row in rows))
    planned = importing.plan(session, kind="committees", upload=again, today=TODAY)
    assert (planned.count(RowState.UNCHANGED), planned.faults) == (3, ())

    acts.undo(session, act_id=session.scalars(select(DirectoryAct.id)).one(), actor_id=None, now=NOW)
    assert session.scalars(select(Committee)).all() == []


def test_what_is_wrong_with_a_sheet_of_committees_is_said_by_line(session: Session) -> None:
    person = make_person(session, make_organisation(session))
    person.code = "P1"
    join(session, make_committee(session), person, dt.date(2026, 4, 1))
    lines = [
        "営業・売上UP分科会,,分科会,P1,,委員,2026-01-01,,",
        "名のない分科会,,分科会,P1,,委員,2026-01-01,,",
        "営業・売上UP分科会,,分科会,,nobody@example.jp,委員,,,",
        "営業・売上UP分科会,,分科会,,,,,,山田 太郎",
    ]

    planned = importing.plan(session, kind="committees", upload=written(f"{HEAD},氏名", *lines), today=TODAY)

    assert sentences(planned) == [
        "2行目「就任日」: 2026-04-01からの期間と時間が重なっています(「2026-01-01」)。",
        "3行目「フリガナ」: 入力が必要です。",
        "4行目「メールアドレス」: 名簿にない人です(「nobody@example.jp」)。人の番号を確認してください。",
        "5行目「人の番号」: だれのことかわかりません。人の番号かメールアドレスを入れてください。",
    ]


def test_partners_of_today_and_committees_are_offered_to_events(session: Session) -> None:
    kistec, former = (
        make_organisation(session, name, code=code) for name, code in (("KISTEC", "O1"), ("旧協議会", "O2"))
    )
    make_committee(session)
    head = "団体番号,役割,協定日,終了日,内容"
    lines = ("O1,共催,2019-08-01,,連携協定", "O2,後援,2010-04-01,2020-04-01,", "O2,協力,2100-04-01,,")
    importing.carry_out(session, kind="partners", upload=written(head, *lines), actor_id=None, now=NOW)

    offered = [(one.name, one.role) for one in known_bodies.offered(session)]
    assert offered == [("KISTEC", HostRole.CO_HOST), ("営業・売上UP分科会", HostRole.PLANNED_BY)]
    assert partners.count(session, today()) == 1
    headings, rows = exporting.partners(partners.every(session))
    again = written(",".join(headings), *(",".join("" if cell is None else str(cell) for cell in row) for row in rows))
    assert importing.plan(session, kind="partners", upload=again, today=TODAY).count(RowState.UNCHANGED) == 3
    values = PartnershipValues("co_host", dt.date(2026, 1, 1), None, "")
    with pytest.raises(partners.PartnershipOverlaps):
        partners.save(session, organisation_id=kistec.id, partnership_id=None, values=values, actor_id=None, now=NOW)
    partners.save(session, organisation_id=former.id, partnership_id=None, values=values, actor_id=None, now=NOW)
    assert len(session.scalars(select(Partnership)).all()) == 4
    upload = written(head, "O1,共催,2025-04-01,,", "O2,後援,2019-04-01,2019-05-01,", "O2,後援,2010-04-01,2015-04-01,")
    assert sentences(importing.plan(session, kind="partners", upload=upload, today=TODAY)) == [
        "2行目「協定日」: 2019-08-01からの期間と時間が重なっています(「2025-04-01」)。",
    ]


def test_staff_keep_committees_and_partners_on_their_pages(app, sign_in) -> None:
    with app.app_context(), transaction() as session:
        organisation = make_organisation(session)
        taro = make_person(session, organisation)
        make_person(session, organisation, ("山田", "次郎", "ヤマダ", "ジロウ"), email="jiro@example.jp")
        event_id = make_event(session).id
        ids = {"person": taro.id, "organisation": organisation.id}
    client = sign_in(Role.EVENT_MANAGER)
    new = {"name": "AI・DX分科会", "kana": "エーアイ", "kind": "working_group"}
    page = client.post("/staff/directory/committees/new", data=new).headers["Location"]
    assert "メンバーはまだいません" in client.get(page).text

    adding = f"{page}/members/new"
    several = client.post(adding, data={"person": "山田", "role": "lead", "starts_on": "2026-04-01"})
    assert (several.status_code, "何人か当てはまります" in several.text) == (422, True)
    client.post(adding, data={"person": "taro@example.jp", "role": "lead", "starts_on": "2026-04-01"})
    shown = client.get(page).text
    assert ("山田 太郎" in shown, "山田 次郎" in shown) == (True, False)
    term = re.findall(rf'href="({page}/members/[0-9]+)"', shown)[0]
    form = client.get(term).text
    assert ('value="2026-04-01"' in form, 'name="person"' in form, "山田 太郎" in form) == (True, False, True)
    client.post(term, data={"role": "deputy", "starts_on": "2026-04-01"})
    assert "副代表" in client.get(page).text
    assert "AI・DX分科会" in client.get(f"/staff/directory/people/{ids['person']}").text
    listed = client.get("/staff/directory/people?among=1").text
    assert ("山田 太郎" in listed, "山田 次郎" in listed) == (True, False)

    client.post(
        f"/staff/directory/{ids['organisation']}/partnerships/new",
        data={"role": "patron", "starts_on": "2026-04-01", "note": "後援名義"},
    )
    assert "後援名義" in client.get("/staff/directory/partners").text
    form = client.get(f"/staff/events/{event_id}/edit").text
    assert '<option value="株式会社青空精密" label="後援">' in form
    assert '<option value="AI・DX分科会">' in form
    for kind in ("committees", "partners", "people?among=1"):
        address, _mark, asked = kind.partition("?")
        sent = client.post(f"/staff/directory/{address}/export?{asked}", data={"form": "csv"})
        assert sent.status_code == 200
