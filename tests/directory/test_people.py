"""Memberships by days, sites, people and what they agree to, names to place, and files to take away."""

import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops.accounts.models import AuditEntry, Role
from eventops.database import db, transaction
from eventops.directory import importing
from eventops.directory.models import Consent, Membership, Organisation, Person, Site
from eventops.directory.rules import overlapping
from eventops.registration import service
from eventops.registration.models import Registration
from eventops.spreadsheets.plan import RowState
from eventops.uploads import Upload
from tests.factories import NOW, make_organisation, make_person
from tests.registration.arrange import application, entrant, make_new_year

TODAY = dt.date(2026, 11, 21)
APRIL = dt.date(2026, 4, 1)


@pytest.fixture
def ids(app: Flask) -> tuple[int, int]:
    """A company that is no member, and one of its people."""
    with app.app_context(), transaction() as session:
        company = make_organisation(session, code="O1", member=False)
        person = make_person(session, company)
        person.dietary_need = "えびアレルギー"
        return company.id, person.id


@pytest.mark.parametrize(
    ("known", "wanted", "meets"),
    [
        (("2026-04-01", None), ("2027-04-01", None), True),
        (("2026-04-01", "2027-04-01"), ("2027-04-01", None), False),
        (("2026-04-01", "2027-04-01"), ("2025-04-01", "2026-04-01"), False),
        (("2026-04-01", "2027-04-01"), ("2025-04-01", "2026-04-02"), True),
        (("2026-04-01", "2027-04-01"), ("2025-04-01", None), True),
    ],
)
def test_times_of_membership_are_half_open(
    known: tuple[str, str | None], wanted: tuple[str, str | None], meets: bool
) -> None:
    first, second = (
        Membership(starts_on=dt.date.fromisoformat(one[0]), ends_on=dt.date.fromisoformat(one[1]) if one[1] else None)
        for one in (known, wanted)
    )
    assert (overlapping([first], second) is first) is meets


def test_staff_write_times_of_membership_and_sites(
    app: Flask, sign_in: Callable[[Role], FlaskClient], ids: tuple[int, int]
) -> None:
    staff, url = sign_in(Role.EVENT_MANAGER), f"/staff/directory/{ids[0]}"
    term = {"member_number": "M1", "starts_on": "2026/04/01", "ends_on": ""}
    assert staff.post(f"{url}/memberships/new", data=term).status_code == 302
    again = staff.post(f"{url}/memberships/new", data=term | {"starts_on": "2027-04-01"})
    assert (again.status_code, "重なっています" in again.text) == (422, True)
    wrong = staff.post(f"{url}/memberships/1", data=term | {"ends_on": "2026-04-01"})
    assert (wrong.status_code, "退会日は入会日より後" in wrong.text) == (422, True)
    staff.post(f"{url}/memberships/1", data=term | {"ends_on": "2027-04-01"})
    staff.post(f"{url}/sites/new", data={"kind": "headquarters", "name": "本社", "prefecture": "福岡県"})
    page = staff.get(url).text
    assert ("2027年4月1日" in page, "福岡県" in page, "会員" in page) == (True, True, True)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "membership_saved")).all()[-1]
        assert (entry.before, entry.after) == (
            {"member_number": "M1", "starts_on": "2026-04-01", "ends_on": ""},
            {"member_number": "M1", "starts_on": "2026-04-01", "ends_on": "2027-04-01"},
        )
    staff.post(f"{url}/memberships/1/drop")
    staff.post(f"{url}/sites/1/drop")
    with app.app_context():
        assert (db.session.scalars(select(Membership)).all(), db.session.scalars(select(Site)).all()) == ([], [])


def test_consents_are_given_and_withdrawn_with_day_and_source(
    app: Flask, sign_in: Callable[[Role], FlaskClient], ids: tuple[int, int]
) -> None:
    staff, url = sign_in(Role.EVENT_MANAGER), f"/staff/directory/people/{ids[1]}"
    given = {"purpose": "mail_opt_in", "agrees": "yes", "source": "paper", "day": "2026-11-01", "note": "名刺"}
    for sent in (given, given, given | {"agrees": "no", "day": "2026-11-20", "note": "電話で"}):
        assert staff.post(f"{url}/consents", data=sent).status_code == 302
    assert staff.post(f"{url}/consents", data=given | {"day": "きのう"}).status_code == 422
    with app.app_context():
        (one,) = db.session.scalars(select(Consent)).all()
        assert (one.given_on, one.withdrawn_on, one.withdrawn_note, one.source) == (
            dt.date(2026, 11, 1),
            dt.date(2026, 11, 20),
            "電話で",
            "paper",
        )
        assert (one.recorded_by.name, db.session.get_one(Person, ids[1]).mail_opt_in) == ("試験 event_manager", False)
    sees = {role: "えびアレルギー" in sign_in(role).get(url).text for role in (Role.EVENT_MANAGER, Role.READ_ONLY)}
    assert sees == {Role.EVENT_MANAGER: True, Role.READ_ONLY: False}


def test_a_sheet_gives_consents_too(app: Flask) -> None:
    head = "人の番号,姓,セイ,案内メール同意,名簿掲載同意"
    with app.app_context(), transaction() as session:
        for line in ("P1,山田,ヤマダ,1,0", "P1,山田,ヤマダ,0,0"):
            upload = Upload("人.csv", f"{head}\n{line}\n".encode())
            importing.carry_out(session, kind="people", upload=upload, actor_id=None, now=NOW)
        (one,) = session.scalars(select(Consent)).all()
        assert (one.purpose, one.source, one.given_on, one.withdrawn_on) == ("mail_opt_in", "sheet", TODAY, TODAY)


def test_staff_add_and_correct_people(app: Flask, sign_in: Callable[[Role], FlaskClient], ids: tuple[int, int]) -> None:
    staff = sign_in(Role.EVENT_MANAGER)
    typed = {
        "family_name": "佐藤",
        "given_name": "花",
        "family_kana": "さとう",
        "given_kana": "ﾊﾅ",
        "belongs_to": "O1",
    }
    wrong = staff.post(
        "/staff/directory/people/new", data=typed | {"belongs_to": "どこか", "email": "x@", "phone": "1"}
    )
    assert (wrong.status_code, wrong.text.count("正しい形で入力してください")) == (422, 4)
    assert "どの団体か決められません" in wrong.text
    made = staff.post("/staff/directory/people/new", data=typed | {"phone": "００－１１１１－２２２２"})
    url = made.headers["Location"]
    with app.app_context():
        person = db.session.scalars(select(Person).order_by(Person.id.desc())).first()
        assert person is not None
        assert (person.full_kana, person.phone, person.organisation_id) == ("サトウ ハナ", "00-1111-2222", ids[0])
    shown = staff.get(f"{url}/edit").text
    assert re.findall('name="(?:family_name|belongs_to)".*? value="([^"]+)"', shown) == ["佐藤", "O1 株式会社青空精密"]
    assert staff.post(f"{url}/edit", data=typed | {"belongs_to": "㈱青空精密", "job_title": "部長"}).status_code == 302
    assert ("部長" in staff.get(url).text, "佐藤 花" in staff.get("/staff/directory/people").text) == (True, True)


def test_an_application_of_an_unknown_company_is_placed_by_hand(
    app: Flask, sign_in: Callable[[Role], FlaskClient], ids: tuple[int, int]
) -> None:
    with app.app_context(), transaction() as session:
        session.add(Membership(organisation_id=ids[0], starts_on=APRIL))
        event = make_new_year(session)
        for number, name in enumerate(("青空精密株式会社", "青空精密株式会社", "個人")):
            command = application(event, entrant(event, number), organisation_name=name, email=f"{number}@example.jp")
            service.register(session, command, now=NOW)
    staff = sign_in(Role.EVENT_MANAGER)
    page = staff.get("/staff/directory/review").text
    assert ("2件の社名" in page, "前株・後株が違います" in page, "申込2件" in page) == (True, True, True)
    staff.post("/staff/directory/review", data={"key": "registration:青空精密株式会社", "answer": str(ids[0])})
    staff.post("/staff/directory/review", data={"key": "registration:個人", "answer": "aside"})
    assert "確認の必要な社名はありません" in staff.get("/staff/directory/review").text
    with app.app_context():
        flags = [one.claims_membership for one in db.session.scalars(select(Registration).order_by(Registration.id))]
        assert flags == [True, True, False]  # a member paid the general fee: staff decide
    history = staff.get(f"/staff/directory/{ids[0]}").text
    assert ("令和9年新春講演会・賀詞交歓会" in history, "山田 太郎" in history) == (True, True)
    assert "令和9年新春講演会・賀詞交歓会" in staff.get(f"/staff/directory/people/{ids[1]}").text
    for act_id in (2, 1):
        staff.post(f"/staff/directory/acts/{act_id}/undo")
    with app.app_context():
        assert {one.organisation_id for one in db.session.scalars(select(Registration))} == {None}
    new = staff.post("/staff/directory/review", data={"key": "registration:個人", "answer": "new", "kana": ""})
    assert new.status_code == 302
    staff.post("/staff/directory/review", data={"key": "registration:個人", "answer": "new", "kana": "こじん"})
    with app.app_context():
        assert db.session.scalars(select(Organisation.kana).where(Organisation.name == "個人")).one() == "コジン"
    assert staff.post("/staff/directory/review", data={"key": "nobody:x", "answer": "1"}).status_code == 404


@pytest.mark.parametrize("kind", ["organisations", "people"])
@pytest.mark.parametrize(("form", "ending"), [("xlsx", ".xlsx"), ("csv", ".csv"), ("csv-sjis", ".csv")])
def test_what_is_taken_away_comes_back_as_it_was(
    app: Flask, sign_in: Callable[[Role], FlaskClient], ids: tuple[int, int], kind: str, form: str, ending: str
) -> None:
    with app.app_context(), transaction() as session:
        company, person = session.get_one(Organisation, ids[0]), session.get_one(Person, ids[1])
        company.memberships.append(Membership(starts_on=APRIL, ends_on=dt.date(2037, 4, 1), member_number="M1"))
        company.technology_tags, company.note, company.phone = ["接合", "塗装"], "=1+1", "00-1111-2222"
        company.sites.append(Site(kind="headquarters", name="本社", prefecture="福岡県", city="福岡市"))
        person.code = "P1"
    path = "/staff/directory/export" if kind == "organisations" else "/staff/directory/people/export"
    answer = sign_in(Role.EVENT_MANAGER).post(path, data={"form": form})
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    with app.app_context(), transaction() as session:
        plan = importing.plan(session, kind=kind, upload=Upload(f"a{ending}", answer.data), today=TODAY)
        assert ([row.changes for row in plan.rows], plan.faults) == ([()], ())
        assert plan.count(RowState.UNCHANGED) == 1
        exported = session.scalars(select(AuditEntry).where(AuditEntry.action == "directory_exported")).one()
        assert exported.after == {"kind": kind, "rows": 1, "form": form, "lost": 0}


def test_what_the_older_encoding_cannot_hold_is_said_first(
    app: Flask, sign_in: Callable[[Role], FlaskClient], ids: tuple[int, int]
) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Organisation, ids[0]).name = "𠮷野電機株式会社"
    staff = sign_in(Role.EVENT_MANAGER)
    warned = staff.post("/staff/directory/export", data={"form": "csv-sjis"}).text
    assert ("Shift_JIS にない文字（「𠮷」）" in warned or "「𠮷」" in warned, "〓に置き換えて書き出す" in warned) == (
        True,
        True,
    )
    sent = staff.post("/staff/directory/export", data={"form": "csv-sjis", "anyway": "yes"})
    assert "〓野電機株式会社" in sent.data.decode("cp932")
    assert io.BytesIO(sent.data).read(2) != b"PK"
