"""Scenario 4, as staff play it: a sheet of company names with its known answers, and the bank's own names."""

import io
import re
from collections.abc import Callable
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import db
from eventops.demo.files import rows, upload
from eventops.directory.models import NameCase, Organisation
from tests.billing.bank_files import statement
from tests.billing.test_bank import DAY


def figures(page: str) -> dict[str, int]:
    found = re.findall(r'figure-label">([^<]+)</p><p class="figure-value">(\d+)', page)
    return {name: int(number) for name, number in found}


def cases(app: Flask) -> dict[str, tuple[str, str]]:
    """What each name came to: its state, and the organisation that it was given."""
    with app.app_context():
        found = db.session.execute(
            select(NameCase.raw, NameCase.state, Organisation.code).outerjoin(NameCase.organisation)
        )
        return {raw: (state, code or "") for raw, state, code in found}


def candidates(page: str, raw: str) -> tuple[list[str], str]:
    """The organisations that are offered for a name, and the key of the question."""
    section = next(one for one in page.split("<section")[1:] if f">{raw}</h2>" in unescape(one))
    key = re.search(r'name="key" value="([^"]+)"', section)
    assert key is not None
    return re.findall(r"</b></a> (O\d+)", section), unescape(key[1])


def test_scenario_4_the_names_of_companies(demonstration: Flask, sign_in: Callable[[Role], FlaskClient]) -> None:
    staff, expected = sign_in(Role.EVENT_MANAGER), rows("org_name_variants")
    sheet = upload("org_name_variants")
    preview = staff.post("/staff/directory/names", data={"file": (io.BytesIO(sheet.data), sheet.filename)}).text
    assert figures(preview) == {"自動で決まる": 25, "確認が必要": 13, "銀行の名義": 4, "名簿にない": 0}
    assert cases(demonstration) == {}
    token = preview.split('name="token" value="')[1].split('"')[0]
    page = staff.post("/staff/directory/names/confirm", data={"token": token}, follow_redirects=True).text

    found = cases(demonstration)
    auto = {row["raw"].strip(): ("auto", row["expected_org_id"]) for row in expected if row["expectation"] == "auto"}
    waiting = {row["raw"].strip(): ("open", "") for row in expected if row["expectation"] != "auto"}
    assert found == auto | waiting
    assert (len(auto), len(waiting), found["㈱架見ヶ原精機"]) == (25, 17, ("auto", "O0300"))
    assert candidates(page, "架見ヶ原精機")[0] == ["O0299", "O0300"]

    ids, key = candidates(page, "架見ヶ原精機")
    with demonstration.app_context():
        chosen = db.session.scalars(select(Organisation.id).where(Organisation.code == ids[1])).one()
    staff.post("/staff/directory/review", data={"key": key, "answer": str(chosen)})
    assert cases(demonstration)["架見ヶ原精機"] == ("settled", "O0300")
    with demonstration.app_context():
        kept = {one.name for one in db.session.scalars(select(Organisation).where(Organisation.code.in_(ids)))}
    assert kept == {"架見ヶ原精機株式会社", "株式会社架見ヶ原精機"}

    last = re.findall(r"/staff/directory/acts/(\d+)/undo", staff.get("/staff/directory/acts").text)
    for act_id in last[:2]:
        assert "元に戻しました" in staff.post(f"/staff/directory/acts/{act_id}/undo", follow_redirects=True).text
    assert cases(demonstration) == {}

    bank = [row for row in expected if row["expectation"] == "bank"]
    sent = statement(*((DAY, row["raw"], 2000) for row in bank))
    staff.post("/staff/bank", data={"file": (io.BytesIO(sent), "m.csv")}, content_type="multipart/form-data")
    names = {row["org_id"]: row["name"] for row in rows("organisations")}
    page = staff.get("/staff/bank").text
    assert [names[row["expected_org_id"]] in page for row in bank] == [True] * 4
