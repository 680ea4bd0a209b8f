"""Pages of the directory: search by kana, one organisation, the form, imports with a preview."""

import io
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.directory import importing, routes_import
from eventops.directory.models import Organisation
from eventops.directory.rules import membership_on
from tests.factories import make_organisation, make_person


@pytest.fixture
def organisation_id(app: Flask) -> int:
    with app.app_context(), transaction() as session:
        make_organisation(session, "海山電機株式会社", "ウミヤマデンキ", member=False)
        company = make_organisation(session, code="O0001")
        make_person(session, company)
        return company.id


def find(client: FlaskClient, text: str) -> str:
    """What the list shows; the text itself is nowhere in the address."""
    answer = client.post("/staff/search", data={"q": text, "back": "/staff/directory?page=3"})
    assert text == "" or text not in unquote(answer.headers["Location"])
    return client.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("あおそら", ["株式会社青空精密"]),
        ("セイミツ", ["株式会社青空精密"]),
        ("㈱青空精密", ["株式会社青空精密"]),
        ("o0001", ["株式会社青空精密"]),
        ("デンキ", ["海山電機株式会社"]),
        ("%", []),
        ("", ["株式会社青空精密", "海山電機株式会社"]),
    ],
)
def test_search(sign_in: Callable[[Role], FlaskClient], organisation_id: int, text: str, found: list[str]) -> None:
    page = find(sign_in(Role.READ_ONLY), text)

    assert [name for name in ("株式会社青空精密", "海山電機株式会社") if f">{name}</a>" in page] == found


def test_a_person_is_found_by_reading(sign_in: Callable[[Role], FlaskClient], organisation_id: int) -> None:
    page = find(sign_in(Role.READ_ONLY), "やまだ")

    assert "山田 太郎" in page


def test_one_organisation(sign_in: Callable[[Role], FlaskClient], organisation_id: int) -> None:
    page = sign_in(Role.READ_ONLY).get(f"/staff/directory/{organisation_id}")

    assert (page.status_code, "山田 太郎" in page.text, "2020年4月1日" in page.text) == (200, True, True)
    assert sign_in(Role.READ_ONLY).get("/staff/directory/99999").status_code == 404


TYPED = {"name": "株式会社新星", "kana": "しんせい", "category": "corporation", "size": "sme", "is_member": "y"}


def test_an_organisation_by_form(app: Flask, sign_in: Callable[[Role], FlaskClient], organisation_id: int) -> None:
    manager = sign_in(Role.EVENT_MANAGER)

    assert manager.post("/staff/directory/new", data={**TYPED, "name": ""}).status_code == 422
    assert manager.post("/staff/directory/new", data=TYPED).status_code == 302
    with app.app_context():
        made = db.session.scalars(select(Organisation).where(Organisation.name == "株式会社新星")).one()
        assert (made.kana, made.sort_key) == ("シンセイ", "シンセイ")
        assert membership_on(made.memberships, clock.today()) is not None
        made_id = made.id
    ended = {name: value for name, value in TYPED.items() if name != "is_member"}
    assert manager.post(f"/staff/directory/{made_id}/edit", data=ended).status_code == 302
    with app.app_context():
        assert membership_on(db.session.get_one(Organisation, made_id).memberships, clock.today()) is None


def test_importing_with_a_preview(app: Flask, sign_in: Callable[[Role], FlaskClient]) -> None:
    manager = sign_in(Role.EVENT_MANAGER)
    sheet = "団体番号,名称,フリガナ,会員区分\r\nO1,株式会社青空,アオゾラ,営利法人\r\n".encode("cp932")

    page = manager.post("/staff/directory/import/organisations", data={"file": (io.BytesIO(sheet), "団体.csv")}).text
    token = page.split('name="token" value="')[1].split('"')[0]
    answer = manager.post("/staff/directory/import/organisations/confirm", data={"token": token})

    assert answer.status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Organisation.name)).all() == ["株式会社青空"]
    assert manager.get("/staff/directory/import/people/blank.xlsx").data[:2] == b"PK"


def test_a_file_is_read_before_it_is_the_turn_to_write(app: Flask, sign_in, monkeypatch) -> None:
    manager, done = sign_in(Role.EVENT_MANAGER), []

    def heard(module: object, name: str) -> None:
        known = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, **named: (done.append(name), known(*given, **named))[1])

    sheet = "団体番号,名称,フリガナ,会員区分\r\nO1,株式会社青空,アオゾラ,営利法人\r\n".encode("cp932")
    page = manager.post("/staff/directory/import/organisations", data={"file": (io.BytesIO(sheet), "団体.csv")}).text
    heard(importing, "read_table")
    heard(routes_import, "transaction")
    token = page.split('name="token" value="')[1].split('"')[0]
    assert manager.post("/staff/directory/import/organisations/confirm", data={"token": token}).status_code == 302
    assert done == ["read_table", "transaction"]


def test_readers_neither_write_nor_import(sign_in: Callable[[Role], FlaskClient], organisation_id: int) -> None:
    reader = sign_in(Role.READ_ONLY)

    for address in ("new", f"{organisation_id}/edit", "import/people", "import/people/confirm"):
        assert reader.post(f"/staff/directory/{address}", data=TYPED).status_code == 403
