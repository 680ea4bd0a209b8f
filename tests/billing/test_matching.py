"""Who paid: reading the payer's line, and suggestions with reasons."""

import csv
from pathlib import Path

import pytest

from eventops.billing import payers
from eventops.billing.matching import USUAL_FEES, Piece, Why, suggest
from eventops.billing.owing import Book, Debt, Transfer
from eventops.directory import names
from eventops.directory.names import Position

DATA = Path(__file__).parents[2] / "eventops" / "demo" / "data"


def read(name):
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def debt(number, company="株式会社海辺工業", reading="ウミベコウギョウ", yen=14_000, *, code="M08", people=(), past=()):
    name = names.parse(company)
    return Debt(
        registration_id=number,
        reference=f"{code}-{number:04d}",
        number=number,
        open_yen=yen,
        readings=frozenset({payers.name_key(reading)}),
        people=frozenset(map(payers.name_key, people)),
        form=name.form,
        position=name.position,
        paid_before_as=frozenset(past),
    )


UMIBE = debt(1)
AOZORA = debt(2, "有限会社青空精密", "アオゾラセイミツ", 3000)
OTHERS = [debt(number, f"株式会社その他{number}", f"ソノタ{chr(0x30A2 + number)}", 3000) for number in range(10, 16)]


def best(text, yen, debts, others=()):
    found = suggest(Transfer(1, text, yen), Book(debts), others=others)
    return found[0] if found else None


def whys(suggestion):
    return [reason.why for reason in suggestion.reasons]


@pytest.mark.parametrize(
    ("text", "key", "form", "position"),
    [
        ("ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", "ウミベコウギヨウ", "株式会社", Position.FRONT),
        ("ﾌﾘｺﾐ ｳﾐﾍﾞｺｳｷﾞﾖｳ(ｶ", "ウミベコウギヨウ", "株式会社", Position.BACK),
        ("振込　（カ）ナレム－", "ナレム", "株式会社", Position.FRONT),
        ("振込　カ）ナレム－", "ナレム", "株式会社", Position.FRONT),
        ("ｶﾌﾞｼｷｶﾞｲｼﾔ ﾅﾚﾑｰ", "ナレム", "株式会社", Position.FRONT),
        ("ｼﾔﾀﾞﾝﾎｳｼﾞﾝｱｵｿﾞﾗ", "アオゾラ", "社団法人", Position.FRONT),
        ("ﾕ)ｱｵｿﾞﾗｾｲﾐﾂ", "アオゾラセイミツ", "有限会社", Position.FRONT),
        ("M08-0012ｶ)ﾅﾚﾑｰ", "ナレム", "株式会社", Position.FRONT),
        ("NEWYEAR 0012 ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダタロウ", "", Position.NONE),
        ("No.0012 ﾔﾏﾀﾞﾀﾛｳ", "ヤマダタロウ", "", Position.NONE),
        ("ABCｼｽﾃﾑ", "ABCシステム", "", Position.NONE),
    ],
)
def test_a_payers_line_comes_apart(text, key, form, position):
    payer = payers.read(text)
    assert (payer.key, payer.form, payer.position) == (key, form, position)


@pytest.mark.parametrize("text", ["M08-0001ｳﾐﾍﾞ", "M080001 ｳﾐﾍﾞ", "M08 0001 ｶ)ｳﾐﾍﾞ", "Ｍ０８－０００１　カ）ウミベ"])
def test_the_number_before_the_name_is_read_however_it_was_typed(text):
    assert "M080001" in payers.read(text).references


def test_number_and_amount_exact_is_certain():
    found = best("M08-0001 ｻﾞｲﾑﾌﾞ", 14_000, [UMIBE, AOZORA])
    assert (found.is_certain, found.score, found.pieces) == (True, 100, (Piece(1, 14_000),))
    assert whys(found)[0] is Why.REFERENCE


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("M08-0001 ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 13_560),  # a fee was kept back
        ("ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 14_000),  # no number
        ("0001 ｻﾂｷﾌﾞﾂｻﾝ", 14_000),  # a bare number and a strange name
        ("M08-0001 ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 15_000),  # too much
    ],
)
def test_anything_less_is_never_certain(text, yen):
    found = best(text, yen, [UMIBE, AOZORA])
    assert found.pieces[0].registration_id == 1
    assert (found.is_certain, found.score < 100) == (False, True)


def test_a_bare_number_is_certain_together_with_the_name():
    assert best("0001 ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 14_000, [UMIBE, AOZORA]).is_certain


def test_the_same_number_in_two_events_is_told_apart_by_the_name():
    other = debt(1, "株式会社山手化学", "ヤマテカガク", code="G03")
    other = Debt(**{name: getattr(other, name) for name in Debt.__slots__} | {"registration_id": 77})
    assert best("0001 ｶ)ﾔﾏﾃｶｶﾞｸ", 14_000, [UMIBE, other]).pieces == (Piece(77, 14_000),)
    assert not best("0001", 14_000, [UMIBE, other]).is_certain


@pytest.mark.parametrize("fee", sorted(USUAL_FEES))
def test_a_fee_that_the_payer_kept_back(fee):
    found = best("ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 14_000 - fee, [UMIBE, AOZORA])
    assert found.pieces == (Piece(1, 14_000 - fee, fee),)
    assert whys(found) == [Why.COMPANY_FORM, Why.FEE]


def test_several_applications_in_one_transfer():
    second = debt(5, yen=3000)
    found = best("ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 17_000, [UMIBE, second, AOZORA])
    assert sorted(piece.registration_id for piece in found.pieces) == [1, 5]
    assert sum(piece.yen for piece in found.pieces) == 17_000
    assert Why.TOGETHER in whys(found)


def test_several_applications_and_a_fee():
    found = best("ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 16_560, [UMIBE, debt(5, yen=3000), AOZORA])
    assert (sum(piece.yen for piece in found.pieces), sum(piece.fee_yen for piece in found.pieces)) == (16_560, 440)


def test_one_application_in_two_transfers():
    others = [Transfer(1, "ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 9000), Transfer(2, "ｳﾐﾍﾞｺｳｷﾞﾖｳ(ｶ", 5000)]
    found = best("ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 9000, [UMIBE, AOZORA], others)
    assert (found.pieces, whys(found)[-1]) == ((Piece(1, 9000),), Why.PAIR)
    assert whys(best("ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳ", 9000, [UMIBE, AOZORA]))[-1] is Why.PART


def test_the_form_in_front_and_behind_are_different_companies():
    front, back = (
        debt(1, "株式会社架見ヶ原精機", "カミガハラセイキ"),
        debt(2, "架見ヶ原精機株式会社", "カミガハラセイキ"),
    )
    found = suggest(Transfer(1, "ｶ)ｶﾐｶﾞﾊﾗｾｲｷ", 14_000), Book([front, back]))
    assert [(one.pieces[0].registration_id, one.reasons[0].why) for one in found] == [
        (1, Why.COMPANY_FORM),
        (2, Why.COMPANY_OTHER_FORM),
    ]
    nobody_knows = suggest(Transfer(1, "ｶﾐｶﾞﾊﾗｾｲｷ", 14_000), Book([front, back]))
    assert [Why.SEVERAL in whys(one) for one in nobody_knows] == [True, True]


def test_small_kana_long_marks_and_lost_voicing():
    company = debt(1, "株式会社ナレムーショップ", "ナレムーショップ")
    assert whys(best("ｶ)ﾅﾚﾑ-ｼﾖﾂﾌﾟ", 14_000, [company]))[0] is Why.COMPANY_FORM
    assert whys(best("ｶ)ﾅﾚﾑｼﾖﾂﾌ", 14_000, [company, AOZORA]))[0] is Why.LOOSE


def test_a_name_that_the_bank_cut_short():
    company = debt(1, "株式会社海辺工業ホールディングス", "ウミベコウギョウホールディングス")
    assert whys(best("ｶ)ｳﾐﾍﾞｺｳｷﾞﾖｳﾎ-ﾙﾃﾞ", 14_000, [company, AOZORA]))[0] is Why.BEGINNING


def test_somebody_who_pays_in_their_own_name():
    company = debt(1, people=["ヤマダ タロウ"])
    assert whys(best("ﾔﾏﾀﾞ ﾀﾛｳ", 14_000, [company, AOZORA])) == [Why.PERSON, Why.AMOUNT]


def test_a_name_that_paid_for_this_company_before():
    company = debt(1, past=[payers.read("ｶ)ｳﾐﾍﾞｷﾖｳﾂｳｻ-ﾋﾞｽ").key])
    assert whys(best("ｶ)ｳﾐﾍﾞｷﾖｳﾂｳｻｰﾋﾞｽ", 14_000, [company, AOZORA])) == [Why.BEFORE, Why.AMOUNT]


def test_an_amount_alone_is_a_hint_while_few_owe_it_and_none_when_many_do():
    assert whys(best("ｼﾗﾅｲﾋﾄ", 14_000, [UMIBE, *OTHERS])) == [Why.ONLY_AMOUNT]
    assert best("ｼﾗﾅｲﾋﾄ", 3000, OTHERS) is None


def test_the_four_bank_names_of_the_collected_variants_find_their_companies():
    organisations = {row["org_id"]: row for row in read("organisations.csv")}
    debts = [
        debt(number, row["name"], row["name_kana"], 5000) for number, row in enumerate(organisations.values(), start=1)
    ]
    ids = dict(enumerate(organisations, start=1))
    rows = [row for row in read("org_name_variants.csv") if row["expectation"] == "bank"]
    assert len(rows) == 4
    found = [best(row["raw"], 5000, debts) for row in rows]
    assert [ids[one.pieces[0].registration_id] for one in found] == [row["expected_org_id"] for row in rows]
    assert [(one.is_certain, whys(one)) for one in found] == [(False, [Why.COMPANY_FORM, Why.AMOUNT])] * 4
