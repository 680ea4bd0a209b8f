"""Company names taken apart, and which organisation a typed name means."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from eventops.directory import names
from eventops.directory.names import (
    Candidate,
    CompanyName,
    Decision,
    Match,
    Position,
    Reason,
    Register,
    match,
    parse,
    parse_payer,
)

DATA = Path(__file__).parents[2] / "eventops" / "demo" / "data"
POSITION = {"前": Position.FRONT, "後": Position.BACK, "": Position.NONE}


def read(name):
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def organisations():
    return read("organisations.csv")


@pytest.fixture(scope="module")
def register(organisations):
    return Register(Candidate(row["org_id"], row["name"], row["name_kana"]) for row in organisations)


def test_every_registered_name_comes_apart_as_registered(organisations):
    assert [parse(row["name"]) for row in organisations] == [
        CompanyName(row["legal_form"], POSITION[row["legal_form_pos"]], row["name_core"]) for row in organisations
    ]


def test_every_registered_name_finds_its_own_organisation(organisations, register):
    found = [register.match(row["name"]) for row in organisations]
    assert [match.id for match in found] == [row["org_id"] for row in organisations]


def test_the_collected_variants_are_judged_as_expected(register):
    rows = read("org_name_variants.csv")
    judged = [register.match(row["raw"]) for row in rows]
    assert [_expectation(match) for match in judged] == [row["expectation"] for row in rows]
    assert [";".join(match.ids) for match in judged] == [row["expected_org_id"] for row in rows]
    assert Counter(_expectation(match) for match in judged) == {"auto": 25, "review": 13, "bank": 4}


def _expectation(found):
    return "bank" if found.reason is Reason.BANK_READING else found.decision.value


@pytest.mark.parametrize(
    ("raw", "form", "position", "core"),
    [
        (" ㈱ 楡見坂 樹脂 御中", "株式会社", Position.FRONT, "楡見坂樹脂"),
        ("楡見坂樹脂㍿", "株式会社", Position.BACK, "楡見坂樹脂"),
        ("(有)楡見坂様", "有限会社", Position.FRONT, "楡見坂"),
        ("一般社団法人茜差", "一般社団法人", Position.FRONT, "茜差"),
        ("(一社)茜差", "一般社団法人", Position.FRONT, "茜差"),
        ("NPO法人茜差", "特定非営利活動法人", Position.FRONT, "茜差"),
        ("abc(同)", "合同会社", Position.BACK, "ABC"),
        ("カブシキガイシャ ロゾクー", "株式会社", Position.FRONT, "ロゾクー"),
        ("株式会社", "", Position.NONE, "株式会社"),
        ("様", "", Position.NONE, "様"),
        ("楡越大学", "", Position.NONE, "楡越大学"),
        ("", "", Position.NONE, ""),
    ],
)
def test_names_taken_apart(raw, form, position, core):
    assert parse(raw) == CompanyName(form, position, core)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ｶ)ｶｼﾐﾀﾞﾆｼﾞﾕｼ", CompanyName("株式会社", Position.FRONT, "カシミダニジユシ")),
        ("ﾅﾚﾑ-ｿﾌﾄ(ｶ", CompanyName("株式会社", Position.BACK, "ナレムーソフト")),
        ("ﾅﾚﾑｰｿﾌﾄ(ｶ)ﾄｳｷﾖｳ", CompanyName("株式会社", Position.BACK, "ナレムーソフト")),
        ("ｼﾔ)ｱｶﾈｻ", CompanyName("社団法人", Position.FRONT, "アカネサ")),
        ("ﾅﾚﾑｰｿﾌﾄ", None),
        ("ﾈ)ﾅﾚﾑｰ", None),
        ("(株)ナレムー", None),
        ("ｶ)", None),
    ],
)
def test_payers_names(raw, expected):
    assert parse_payer(raw) == expected


FIRMS = (
    Candidate(1, "株式会社架見ヶ原精機", "カケミガハラセイキ"),
    Candidate(2, "架見ヶ原精機株式会社", "カケミガハラセイキ"),
    Candidate(3, "キヤノ電機株式会社", "キヤノデンキ"),
    Candidate(4, "髙嶋工業有限会社", "タカシマコウギョウ"),
    Candidate(5, "ナレム株式会社", "ナレム"),
    Candidate(6, "ナレム", "ナレム"),
)


@pytest.mark.parametrize(
    ("raw", "decision", "reason", "ids"),
    [
        ("(株)架見ヶ原精機", Decision.AUTO, Reason.SAME_NAME, (1,)),
        ("架見ヶ原精機(有)", Decision.REVIEW, Reason.SEVERAL, (2, 1)),
        ("架見ケ原精機㈱", Decision.REVIEW, Reason.SPELLING, (2, 1)),
        ("ｶｹﾐｶﾞﾊﾗｾｲｷ(ｶ", Decision.REVIEW, Reason.BANK_READING, (2, 1)),
        ("キャノ電機", Decision.REVIEW, Reason.SPELLING, (3,)),
        ("キヤノデンキ", Decision.REVIEW, Reason.READING, (3,)),
        ("ｷﾔﾉﾃﾞﾝｷ", Decision.REVIEW, Reason.READING, (3,)),
        ("高島工業(有)", Decision.REVIEW, Reason.SPELLING, (4,)),
        ("髙嶋工業株式会社", Decision.REVIEW, Reason.OTHER_FORM, (4,)),
        ("有限会社髙嶋工業", Decision.REVIEW, Reason.OTHER_POSITION, (4,)),
        ("髙嶋工業", Decision.REVIEW, Reason.FORM_MISSING, (4,)),
        ("ナレム", Decision.REVIEW, Reason.SEVERAL, (6, 5)),
        ("ﾅﾚﾑ", Decision.REVIEW, Reason.SEVERAL, (6, 5)),
        ("ｶ)ｼﾗﾅｲ", Decision.NONE, Reason.UNKNOWN, ()),
        ("見知らぬ株式会社", Decision.NONE, Reason.UNKNOWN, ()),
        ("", Decision.NONE, Reason.UNKNOWN, ()),
    ],
)
def test_what_a_typed_name_means(raw, decision, reason, ids):
    assert match(raw, FIRMS) == Match(decision, reason, ids)


def test_only_a_sure_match_names_one_organisation():
    assert match("㈱架見ヶ原精機", FIRMS).id == 1
    assert match("髙嶋工業", FIRMS).id is None


def test_two_organisations_of_the_same_name_ask_a_person():
    twins = (Candidate(1, "ナレム株式会社"), Candidate(2, "ナレム(株)"))
    assert match("ナレム株式会社", twins) == Match(Decision.REVIEW, Reason.SEVERAL, (1, 2))


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("株式会社青空精密", "㈱青空精密"),
        ("青空精密有限会社", "青空精密㈲"),
        ("一般社団法人青空協会", "(一社)青空協会"),
        ("青空大学", "青空大学"),
    ],
)
def test_a_name_for_a_narrow_column_keeps_its_form_as_a_sign(name, short):
    assert names.abbreviated(name) == short
