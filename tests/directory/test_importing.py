"""Sheets of organisations and people: the demonstration's own, memberships that begin and end, faults."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.directory import importing
from eventops.directory.models import Membership, Organisation, Person
from eventops.directory.rules import membership_on
from eventops.spreadsheets.plan import RowState
from eventops.spreadsheets.upload_form import sentences
from tests.factories import NOW
from tests.meetings.sheets import demo_file, load_directory, written

TODAY = dt.date(2026, 11, 21)
HEAD = "団体番号,名称,フリガナ,会員区分,規模,会員,会員番号"


def carry_out(session: Session, kind: str, *lines: str) -> None:
    importing.carry_out(session, kind=kind, upload=written(*lines), actor_id=None, now=NOW)


def test_the_demonstration_s_directory_comes_in_whole_and_twice_is_once(session: Session) -> None:
    load_directory(session)

    members = session.scalar(select(func.count(func.distinct(Membership.organisation_id))))
    assert members == 231
    assert session.scalar(select(func.count()).select_from(Organisation)) == 300
    assert session.scalar(select(func.count()).select_from(Person)) == 600
    for kind in ("organisations", "people"):
        again = importing.plan(session, kind=kind, upload=demo_file(f"{kind}.csv"), today=TODAY)
        assert (again.count(RowState.UNCHANGED), again.faults) == (len(again.rows), ())


def test_membership_begins_and_ends_with_the_sheet(session: Session) -> None:
    carry_out(session, "organisations", HEAD, "O1,株式会社青空,アオゾラ,営利法人,中小,1,M1")
    organisation = session.scalars(select(Organisation)).one()
    current = membership_on(organisation.memberships, TODAY)
    assert current is not None
    assert (current.member_number, current.starts_on) == ("M1", dt.date(2026, 4, 1))

    carry_out(session, "organisations", HEAD, "O1,株式会社青空,アオゾラ,営利法人,中小,0,")
    assert membership_on(organisation.memberships, TODAY) is None

    carry_out(session, "organisations", "団体番号,名称,フリガナ,会員区分", "O1,株式会社青空,アオゾラ,団体")
    assert len(organisation.memberships) == 1


def test_faults_of_people_by_line_and_column(session: Session) -> None:
    upload = written("人の番号,団体番号,姓,セイ,メール", "P1,O9,山田,ヤマダ,taro@", "P1,,山田,,")

    planned = importing.plan(session, kind="people", upload=upload, today=TODAY)

    assert sentences(planned) == [
        "2行目「団体番号」: 名簿にない団体です(「O9」)。団体番号か正式な名称を確認してください。",
        "2行目「メール」: メールアドレスとして読めません(「taro@」)。",
        "3行目「セイ」: 入力が必要です。",
        "3行目「人の番号」: 2行目と同じ値です(「P1」)。",
    ]


def test_the_same_fault_on_many_lines_is_said_once(session: Session) -> None:
    rows = [f"P{number},{'O2' if number == 4 else 'O1'},山田,ヤマダ" for number in range(1, 8)]
    planned = importing.plan(session, kind="people", upload=written("人の番号,団体番号,姓,セイ", *rows), today=TODAY)
    assert len(planned.faults) == 7
    assert sentences(planned) == [
        "「団体番号」 6か所(2〜4、6〜8行目): 名簿にない団体です(「O1」)。団体番号か正式な名称を確認してください。",
        "5行目「団体番号」: 名簿にない団体です(「O2」)。団体番号か正式な名称を確認してください。",
    ]


def test_a_sheet_of_another_kind_is_recognised() -> None:
    people = demo_file("people.csv")
    found = importing.rather("organisations", people)
    assert found is not None
    assert found.kind == "people"
    assert importing.rather("organisations", written("品名,価格", "ねじ,10")) is None


def test_kana_is_kept_in_one_way_of_writing(session: Session) -> None:
    carry_out(session, "people", "人の番号,姓,名,セイ,メイ", "P1,山田,花子,やまだ,ﾊﾅｺ")

    person = session.scalars(select(Person)).one()
    assert (person.full_kana, person.sort_key) == ("ヤマダ ハナコ", "ヤマタハナコ")
