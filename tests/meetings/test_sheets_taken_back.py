"""The sheet of those whom companies do not meet, and taking back what a sheet of facts has done."""

import datetime as dt
import io
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role
from eventops.database import db, transaction
from eventops.meetings.day.models import DayProposal
from eventops.meetings.frame import dates
from eventops.meetings.models import CompetitorPair, Exclusion, LimitKind, MatchingRound, Need, ParticipantLimit
from eventops.meetings.sheets import importing
from eventops.meetings.sheets.models import SheetImport
from eventops.meetings.wishes import requests, service
from eventops.sheet_words import SHEETS
from tests.factories import NOW
from tests.meetings.sheets import written
from tests.meetings.tiny import GUESTS, Tiny, make_tiny

Visitor = Callable[[Role], FlaskClient]
HEAD = "ニーズ番号,会わない団体,区分,備考"


@pytest.fixture
def tiny(app: Flask) -> Tiny:
    with app.app_context(), transaction() as session:
        return make_tiny(session)


@pytest.fixture
def manager(sign_in: Visitor) -> FlaskClient:
    return sign_in(Role.EVENT_MANAGER)


def matching(tiny: Tiny) -> str:
    return f"/staff/events/{tiny.event_id}/matching"


def preview(manager: FlaskClient, tiny: Tiny, kind: str, *lines: str) -> str:
    sent = {"file": (io.BytesIO(written(*lines).data), "sheet.csv")}
    return manager.post(f"{matching(tiny)}/import/{kind}", data=sent, content_type="multipart/form-data").text


def take_in(manager: FlaskClient, tiny: Tiny, kind: str, *lines: str) -> str:
    page = preview(manager, tiny, kind, *lines)
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token is not None, page
    address = f"{matching(tiny)}/import/{kind}/confirm"
    return manager.post(address, data={"token": token[1]}, follow_redirects=True).text


def take_back(manager: FlaskClient, tiny: Tiny, page: str) -> str:
    address = re.search(r'action="([^"]*/imports/\d+/take-back)"', page)
    assert address is not None, page
    return manager.post(address[1], follow_redirects=True).text


def excluded(app: Flask) -> set[tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Exclusion))
        return {(one.organisation.name, one.reason) for one in rows}


@pytest.mark.both_databases
def test_exclusions_come_in_leave_the_requests_and_are_taken_back(
    app: Flask, tiny: Tiny, manager: FlaskClient, sign_in: Visitor
) -> None:
    with app.app_context(), transaction() as session:
        known = Exclusion(need_id=tiny.need_id, organisation_id=tiny.guest_ids[0], reason="その他")
        session.add(known)
    lines = (f"N01,{GUESTS[0]},競合,", "n01,O0011,親会社,出資 51%", f"N01,{GUESTS[2]},商社,")
    shown = preview(manager, tiny, "exclusions", HEAD, *lines)
    assert [f"N01 × O001{place} {name}" in shown for place, name in enumerate(GUESTS[:3])] == [True, True, True]
    page = take_in(manager, tiny, "exclusions", HEAD, *lines)
    assert "取り込みました(新規 2件、変更 1件、変更なし 0件)。" in page
    assert excluded(app) == {(GUESTS[0], "競合"), (GUESTS[1], "親会社・子会社: 出資 51%"), (GUESTS[2], "商社")}
    with app.app_context():
        assert len(requests.requests_of(db.session(), tiny.round_id)) == 2
    assert "新規2件・変更1件" in page
    assert sign_in(Role.READ_ONLY).get(f"{matching(tiny)}/pairs").status_code == 403

    back = take_back(manager, tiny, page)
    assert "取り込みを取り消して、元に戻しました。" in back
    assert excluded(app) == {(GUESTS[0], "その他")}
    assert "この取り込みを取り消す" not in back
    with app.app_context():
        acts = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts[-2:] == ["sheet_imported", "sheet_taken_back"]
    told = re.findall(r"<td>表[^<]*</td>\s*<td>[^<]*</td>\s*<td>([^<]*)</td>", manager.get(history_of(tiny)).text)
    assert told == ["対象外の団体", "対象外の団体"]
    assert {kind: one.title for kind, one in importing.SHEETS.items()} == SHEETS


def history_of(tiny: Tiny) -> str:
    return f"/staff/events/{tiny.event_id}/history"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("N09,株式会社青,商社,", "登録されていないニーズ番号です(「N09」)。"),
        ("N01,どこにもない会社,商社,", "名簿にない団体です"),
        ("N01,海山電機株式会社,その他,", "このニーズを出した企業です(「O0001 海山電機株式会社」)。"),
        ("N01,株式会社青,嫌い,", "のどれかを書いてください(「嫌い」)。"),
        ("N01,株式会社青,,", "入力が必要です。"),
        ("N01,株式会社黒,取引先,", "2行目と同じ値です(「O0014 株式会社黒」)。"),
    ],
)
def test_each_bad_row_is_named_and_nothing_is_taken_in(
    app: Flask, tiny: Tiny, manager: FlaskClient, row: str, told: str
) -> None:
    page = preview(manager, tiny, "exclusions", HEAD, "N01,株式会社黒,その他,", row)
    assert "3行目" in page
    assert told in page
    assert excluded(app) == set()


def test_a_sheet_without_remarks_keeps_those_that_are_known(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    take_in(manager, tiny, "exclusions", HEAD, "N01,O0010,取引先,年間契約")
    take_in(manager, tiny, "exclusions", "ニーズ番号,会わない団体,区分", "N01,O0010,グループ会社")
    assert excluded(app) == {(GUESTS[0], "親会社・子会社: 年間契約")}


def test_a_row_that_somebody_changed_since_keeps_the_whole_sheet(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    page = take_in(manager, tiny, "pairs", "企業A,企業B,避けること", "O0010,O0011,同室", "O0012,O0013,同室")
    with app.app_context(), transaction() as session:
        session.scalars(select(CompetitorPair).order_by(CompetitorPair.id)).first().note = "先方の希望"
    assert "まとめて取り消せません" in take_back(manager, tiny, page)
    with app.app_context():
        assert len(db.session.scalars(select(CompetitorPair)).all()) == 2


def test_a_pair_that_a_sheet_names_in_both_directions_is_said_with_its_lines(
    app: Flask, tiny: Tiny, manager: FlaskClient
) -> None:
    head = "企業A,企業B,避けること,必須"
    take_in(manager, tiny, "pairs", head, "O0010,O0011,同室,いいえ")
    page = preview(manager, tiny, "pairs", head, "O0010,O0011,同室,はい", "O0011,O0010,同室,はい")
    assert "3行目" in page
    assert "2行目と同じ値です(「O0011" in page
    assert 'name="token"' not in page


def test_limits_of_a_sheet_go_again_with_their_times(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        limit = ParticipantLimit(
            round_id=tiny.round_id, organisation_id=tiny.guest_ids[0], kind=LimitKind.MAX_MEETINGS, value=3
        )
        session.add(limit)
    head = "団体番号,種類,数,開始"
    page = take_in(manager, tiny, "limits", head, "O0010,面談数の上限,5,", "O0011,到着以降,,14:00")
    back = take_back(manager, tiny, page)
    with app.app_context():
        assert [(one.kind, one.value) for one in db.session.scalars(select(ParticipantLimit))] == [("max_meetings", 3)]
    assert "都合" in back


def test_a_sheet_is_taken_back_after_the_event_went_to_another_day(
    app: Flask, tiny: Tiny, manager: FlaskClient
) -> None:
    page = take_in(manager, tiny, "limits", "団体番号,種類,数,開始", "O0010,面談数の上限,5,", "O0011,到着以降,,14:00")
    with app.app_context(), transaction() as session:
        part = session.get_one(MatchingRound, tiny.round_id).part
        part.starts_at, part.ends_at = (one + dt.timedelta(days=7) for one in (part.starts_at, part.ends_at))
        dates.follow(session, tiny.event_id)
    assert "取り込みを取り消して、元に戻しました。" in take_back(manager, tiny, page)
    with app.app_context():
        assert db.session.scalars(select(ParticipantLimit)).all() == []


def test_words_of_a_deleted_row_are_kept_nowhere_and_the_rest_is_taken_back(
    app: Flask, tiny: Tiny, manager: FlaskClient
) -> None:
    page = take_in(manager, tiny, "exclusions", HEAD, f"N01,{GUESTS[0]},商社,秘密の事情", f"N01,{GUESTS[1]},競合,")
    with app.app_context(), transaction() as session:
        row = session.scalars(select(Exclusion).where(Exclusion.reason.contains("秘密"))).one()
        service.drop(session, service.Act(tiny.round_id, None, NOW), row=row)
    assert "秘密" not in kept_edits_of(app)
    assert "取り込みを取り消して、元に戻しました。" in take_back(manager, tiny, page)
    assert (excluded(app), kept_edits_of(app)) == (set(), "[[]]")


def test_words_of_rows_that_went_with_their_need_are_kept_nowhere(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    take_in(manager, tiny, "exclusions", HEAD, f"N01,{GUESTS[0]},商社,秘密の事情")
    with app.app_context(), transaction() as session:
        kept = session.scalars(select(SheetImport.edits)).one()
        proposal = DayProposal(round_id=tiny.round_id, happenings=[], revision=1, fingerprint="", made_at=NOW)
        proposal.before, proposal.after, proposal.found, proposal.edits = [], [], {}, kept
        session.add(proposal)
        service.drop(session, service.Act(tiny.round_id, None, NOW), row=session.get_one(Need, tiny.need_id))
    with app.app_context():
        assert "秘密" not in json.dumps(db.session.scalars(select(DayProposal.edits)).all(), ensure_ascii=False)
    assert "秘密" not in kept_edits_of(app)


def test_a_row_made_since_with_the_number_of_a_deleted_one_stays(app: Flask, tiny: Tiny, manager: FlaskClient) -> None:
    page = take_in(manager, tiny, "exclusions", HEAD, f"N01,{GUESTS[0]},商社,", f"N01,{GUESTS[1]},競合,")
    with app.app_context(), transaction() as session:
        row = session.scalars(select(Exclusion).order_by(Exclusion.id.desc()).limit(1)).one()
        number = row.id
        service.drop(session, service.Act(tiny.round_id, None, NOW), row=row)
        session.flush()
        session.add(Exclusion(id=number, need_id=row.need_id, organisation_id=tiny.guest_ids[2], reason="手で"))
    assert "取り込みを取り消して、元に戻しました。" in take_back(manager, tiny, page)
    with app.app_context():
        assert db.session.scalars(select(Exclusion.reason)).all() == ["手で"]


def kept_edits_of(app: Flask) -> str:
    with app.app_context():
        edits = db.session.scalars(select(SheetImport.edits)).all()
    return json.dumps(edits, ensure_ascii=False)


def test_what_is_taken_back_is_not_taken_back_twice_nor_from_elsewhere(
    app: Flask, tiny: Tiny, manager: FlaskClient
) -> None:
    page = take_in(manager, tiny, "exclusions", HEAD, f"N01,{GUESTS[0]},商社,")
    address = re.search(r'action="([^"]*/imports/\d+/take-back)"', page)[1]
    told = {"Accept": "application/json"}
    assert manager.post(address).status_code == 302
    assert manager.post(address, headers=told).status_code == 409
    assert manager.post(f"{matching(tiny)}/imports/987/take-back", headers=told).status_code == 404


def test_the_empty_sheet_names_the_kinds_that_there_are(tiny: Tiny, manager: FlaskClient) -> None:
    blank = manager.get(f"{matching(tiny)}/import/exclusions/blank.xlsx")
    assert blank.status_code == 200
    assert importing.headings("exclusions") == ("ニーズ番号", "会わない団体", "区分", "備考")
    assert "対象外の団体" in manager.get(matching(tiny)).text
