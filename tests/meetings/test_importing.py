"""Sheets of a round: the demonstration's own exactly, every kind of fault by line and column, all or nothing."""

import io

import pytest
import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops.directory.models import Organisation, Person
from eventops.meetings.models import (
    Application,
    CompetitorPair,
    MatchingRound,
    MeetingTable,
    Need,
    ParticipantLimit,
    Room,
    Slot,
)
from eventops.meetings.sheets import importing
from eventops.spreadsheets.plan import ImportRefused, Plan, RowState
from eventops.spreadsheets.table import UnreadableTable
from eventops.spreadsheets.upload_form import sentences
from eventops.spreadsheets.values import FaultCode
from eventops.uploads import Upload
from tests.factories import NOW, make_organisation
from tests.meetings.sheets import MEETING_SHEETS, demo_file, load_round, make_round, written


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def plan(session: Session, found: MatchingRound, kind: str, upload: Upload) -> Plan:
    return importing.plan(session, round_id=found.id, kind=kind, upload=upload)


def carry_out(session: Session, found: MatchingRound, kind: str, upload: Upload) -> Plan:
    return importing.carry_out(session, round_id=found.id, kind=kind, upload=upload, actor_id=None, now=NOW)


def test_the_demonstration_s_sheets_come_in_whole_and_a_second_time_change_nothing(session: Session) -> None:
    found = load_round(session)

    models = (Organisation, Person, Need, Application, ParticipantLimit, CompetitorPair, Slot, Room, MeetingTable)
    assert [count(session, model) for model in models] == [300, 600, 20, 170, 31, 8, 9, 3, 24]
    numbers = [table.number for room in found.rooms for table in room.tables]
    assert numbers == list(range(1, 25))
    assert [table.number for room in found.rooms for table in room.tables if table.online_ready] == [23, 24]
    for kind, name in MEETING_SHEETS.items():
        again = plan(session, found, kind, demo_file(name))
        assert (kind, again.count(RowState.UNCHANGED), again.faults) == (kind, len(again.rows), ())


def small_round(session: Session) -> MatchingRound:
    found = make_round(session)
    make_organisation(session, "株式会社青空精密", "アオゾラセイミツ", code="O0001")
    make_organisation(session, "青空精密株式会社", "アオゾラセイミツ", code="O0002")
    make_organisation(session, "海山電機株式会社", "ウミヤマデンキ", code="O0003")
    session.flush()
    return found


NEEDS = "ニーズ番号,企業番号,題名,卓数"


def test_japanese_and_english_headings_and_names_mean_the_same(session: Session) -> None:
    found = small_round(session)

    carry_out(session, found, "needs", written(NEEDS, "N01,O0003,穴あけ,２"))
    carry_out(session, found, "needs", written("need_id,org_id,title,tables", "N02,海山電機㈱,磨き,1"))

    stored = session.execute(select(Need.code, Need.organisation_id, Need.tables).order_by(Need.code)).all()
    assert [row.tables for row in stored] == [2, 1]
    assert stored[0].organisation_id == stored[1].organisation_id


def test_a_file_of_the_older_encoding_is_read(session: Session) -> None:
    found = small_round(session)

    carry_out(session, found, "needs", written(NEEDS, "N01,海山電機株式会社,①高精度の加工,1", encoding="cp932"))

    assert session.scalar(select(Need.title)) == "①高精度の加工"


def test_a_workbook_is_read(session: Session) -> None:
    found = small_round(session)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("ニーズ")
        sheet.write_row(0, 0, ["ニーズ番号(必須)", "企業番号", "題名", "卓数", "オンライン可"])
        sheet.write_row(1, 0, ["N01", "O0003", "加飾", 2, "○"])

    carry_out(session, found, "needs", Upload("needs.xlsx", target.getvalue()))

    need = session.scalars(select(Need)).one()
    assert (need.title, need.tables, need.online_ok) == ("加飾", 2, True)


def test_every_faulty_line_is_named_with_its_column_and_nothing_is_imported(session: Session) -> None:
    found = small_round(session)
    upload = written(
        NEEDS,
        "N01,O0003,よい行,1",
        "N02,O9999,団体がない,1",
        "N03,青空精密,どちらか決められない,1",
        "N01,O0003,同じ番号,二",
        ",O0003,番号がない,0",
    )

    planned = plan(session, found, "needs", upload)

    assert sentences(planned) == [
        "3行目「企業番号」: 名簿にない団体です(「O9999」)。団体番号か正式な名称を確認してください。",
        "4行目「企業番号」: どの団体か決められません(「青空精密」)。団体番号で書いてください"
        "(候補: O0001 株式会社青空精密、O0002 青空精密株式会社)。",
        "5行目「卓数」: 数字ではありません(「二」)。",
        "5行目「ニーズ番号」: 2行目と同じ値です(「N01」)。",
        "6行目「ニーズ番号」: 入力が必要です。",
        "6行目「卓数」: 1以上にしてください(「0」)。",
    ]
    assert [row.label for row in planned.rows] == ["N01 よい行"]
    with pytest.raises(ImportRefused):
        carry_out(session, found, "needs", upload)
    assert count(session, Need) == 0


def test_a_missing_and_an_unknown_column_are_named(session: Session) -> None:
    found = small_round(session)

    planned = plan(session, found, "needs", written("ニーズ番号,企業番号,ひみつ", "N01,O0003,x"))

    assert sentences(planned) == [
        "1行目「ひみつ」: 取り込めない列です。列名を直すか、列を削除してください。",
        "1行目「題名」: この列がありません。",
    ]
    assert planned.rows == ()


def test_applications_to_unknown_needs_and_by_unknown_people(session: Session) -> None:
    found = small_round(session)
    carry_out(session, found, "needs", written(NEEDS, "N01,O0003,穴あけ,1"))
    upload = written(
        "応募番号,ニーズ番号,企業名,担当者,評価",
        "A001,N99,O0001,,A",
        "A002,N01,O0001,P9999,A",
        "A003,N01,O0001,,優",
    )

    assert sentences(plan(session, found, "applications", upload)) == [
        "2行目「ニーズ番号」: 登録されていないニーズ番号です(「N99」)。",
        "3行目「担当者」: 名簿にない人です(「P9999」)。人の番号を確認してください。",
        "4行目「評価」: A・B・C・見送り のどれかを書いてください(「優」)。",
    ]


def test_a_second_sheet_changes_what_it_says_and_leaves_the_rest(session: Session) -> None:
    found = small_round(session)
    carry_out(session, found, "needs", written(NEEDS, "N01,O0003,穴あけ,2"))
    head = "応募番号,ニーズ番号,企業名,提案の題名"
    carry_out(session, found, "applications", written(head, "A001,N01,O0001,放電以外の加工"))

    ratings = written("応募番号,ニーズ番号,企業名,選考結果,評価", "A001,N01,O0001,採択,A")
    planned = carry_out(session, found, "applications", ratings)

    application = session.scalars(select(Application)).one()
    assert (application.rating, application.proposal_title) == ("A", "放電以外の加工")
    assert [(change.name, change.before, change.after) for row in planned.rows for change in row.changes] == []
    assert planned.count(RowState.CHANGED) == 1
    assert plan(session, found, "applications", ratings).count(RowState.UNCHANGED) == 1


def test_a_preview_says_what_would_change(session: Session) -> None:
    found = small_round(session)
    carry_out(session, found, "needs", written(NEEDS, "N01,O0003,穴あけ,1"))

    planned = plan(session, found, "needs", written(NEEDS, "N01,O0003,穴あけ,2", "N02,O0003,磨き,1"))

    assert [row.state for row in planned.rows] == [RowState.CHANGED, RowState.NEW]
    assert [(change.name, change.before, change.after) for change in planned.rows[0].changes] == [("tables", "1", "2")]


def test_a_limit_without_its_time_or_number_is_refused(session: Session) -> None:
    found = small_round(session)
    upload = written(
        "org_id,kind,value,time_from,time_to,hard,note",
        "O0001,到着以降,,,,1,",
        "O0001,追加卓,,14:50,13:00,1,",
        "O0002,遅刻,,,,1,",
    )

    assert sentences(plan(session, found, "limits", upload)) == [
        "2行目「time_from」: 「到着以降」には、この列の値が必要です。",
        "3行目「value」: 「追加卓」には、この列の値が必要です。",
        "3行目「time_to」: 終わりが始まりより後になるようにしてください(「14:50–13:00」)。",
        "4行目「kind」: 到着以降・退出まで・不可時間帯・追加卓・並行面談可・オンラインのみ・オンライン可・連続回避・"
        "連続面談可・面談数の上限 のどれかを書いてください(「遅刻」)。",
    ]


def test_a_company_is_no_competitor_of_itself(session: Session) -> None:
    found = small_round(session)
    upload = written("団体番号A,団体番号B,避けること", "O0001,O0001,同室")

    assert sentences(plan(session, found, "pairs", upload)) == [
        "2行目「団体番号B」: 同じ団体どうしは組にできません(「O0001 株式会社青空精密」)。"
    ]


def test_slots_that_overlap_are_refused_by_line(session: Session) -> None:
    found = small_round(session)
    upload = written("枠番号,開始,終了", "S1,13:00,13:20", "S2,13:15,13:35", "S3,14:00,13:50")

    assert sentences(plan(session, found, "slots", upload)) == [
        "3行目「開始」: S1と時間が重なっています(「13:15–13:35」)。",
        "4行目「終了」: 終わりが始まりより後になるようにしてください(「13:50」)。",
    ]


def test_a_sheet_of_slots_is_the_whole_list(session: Session) -> None:
    found = small_round(session)
    upload = written("枠番号,開始,終了,区分", "S1,13:00,13:20,前半", "S2,13:40,14:00,後半", "S3,14:05,14:25,後半")

    planned = carry_out(session, found, "slots", upload)

    session.refresh(found)
    assert [slot.code for slot in planned.removed] == ["S4", "S5", "S6", "S7", "S8", "S9"]
    assert [slot.code for slot in found.slots] == ["S1", "S2", "S3"]
    assert (found.slot_minutes, found.changeover_minutes, len(found.breaks)) == (20, 5, 1)


@pytest.mark.parametrize(
    ("filename", "data", "code"),
    [
        ("needs.pdf", b"%PDF-1.7", "file_wrong_kind"),
        ("needs.csv", b"\x00\x01\x02", "file_wrong_kind"),
        ("needs.csv", b"", "file_empty"),
        ("needs.csv", "ニーズ番号,題名".encode(), "file_no_rows"),
        ("needs.xlsx", b"PK\x03\x04broken", "file_damaged"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(session: Session, filename: str, data: bytes, code: str) -> None:
    found = small_round(session)

    with pytest.raises(UnreadableTable) as refused:
        plan(session, found, "needs", Upload(filename, data))

    assert refused.value.code == code


ANONYMOUS = "ニーズ番号,企業番号,題名,内容,社名非公開,公開のときの呼び名"


def test_a_sheet_that_names_an_anonymous_company_is_refused_by_line_and_column(session: Session) -> None:
    found = small_round(session)
    upload = written(ANONYMOUS, "N01,O0003,穴あけ,海山電機の流量計に使う,はい,大手", "N02,O0003,海山電機の品,,いいえ,")

    assert sentences(plan(session, found, "needs", upload)) == [
        "2行目「内容」: 社名が入っています。社名を公開しないときは、本文からも除いてください。"
    ]


def test_a_text_for_a_need_that_is_anonymous_already_is_looked_at_too(session: Session) -> None:
    found = small_round(session)
    carry_out(session, found, "needs", written(ANONYMOUS, "N01,O0003,穴あけ,,はい,大手"))

    planned = plan(session, found, "needs", written(NEEDS, "N01,O0003,海山電機の穴あけ,1"))

    assert [(fault.line, fault.heading, fault.code) for fault in planned.faults] == [
        (2, "題名", FaultCode.NAMES_COMPANY)
    ]


def test_a_need_without_a_state_is_a_draft_and_a_known_one_keeps_its_own(session: Session) -> None:
    found = small_round(session)
    carry_out(session, found, "needs", written(NEEDS, "N01,O0003,穴あけ,1"))
    carry_out(session, found, "needs", written(f"{NEEDS},状態", "N02,O0003,磨き,1,", "N03,O0003,研ぎ,1,公開"))
    carry_out(session, found, "needs", written(f"{NEEDS},状態", "N03,O0003,研ぎ,2,"))

    states = session.execute(select(Need.code, Need.state).order_by(Need.code)).all()
    assert [tuple(row) for row in states] == [("N01", "draft"), ("N02", "draft"), ("N03", "open")]


def test_a_sheet_below_a_title_is_read_and_one_of_another_kind_is_called_by_its_name(session: Session) -> None:
    found = small_round(session)
    planned = plan(session, found, "needs", written("ニーズ一覧", "", NEEDS, "N01,O0003,穴あけ,1"))
    assert (planned.faults, [row.line for row in planned.rows]) == ((), [4])
    rather = importing.rather("applications", written(NEEDS, "N01,O0003,穴あけ,1"))
    assert rather is not None
    assert rather.kind == "needs"
