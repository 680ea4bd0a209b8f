"""The order of the syllabary, kana in one writing, and searching by sound."""

import csv
from pathlib import Path

import pytest

from eventops.directory import kana

DATA = Path(__file__).parents[2] / "eventops" / "demo" / "data"


def read(name):
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_organisation_has_the_expected_key():
    rows = read("organisations.csv")
    assert len(rows) == 300
    assert [kana.sort_key(row["name_kana"]) for row in rows] == [row["sort_key"] for row in rows]


def test_every_person_has_the_expected_key():
    rows = read("people.csv")
    assert len(rows) == 600
    keys = [kana.sort_key(row["family_kana"] + row["given_kana"]) for row in rows]
    assert keys == [row["sort_key"] for row in rows]


@pytest.mark.parametrize(
    ("reading", "key"),
    [
        ("ロゾクー", "ロソクウ"),
        ("ガッコウ", "カツコウ"),
        ("ヴィーナス", "ウイイナス"),
        ("パーツ・ベース", "ハアツヘエス"),
        ("いすゞ", "イスス"),
        ("ﾄﾞﾘｰﾑ ﾜﾝ", "トリイムワン"),
        ("メーﾃﾞｨｰ", "メエテイイ"),
        ("abc工業", "ABC工業"),
        ("ンー", "ン"),
        ("ー", ""),
        ("", ""),
    ],
)
def test_sort_keys(reading, key):
    assert kana.sort_key(reading) == key


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ひらがな", "ヒラガナ"),
        ("ﾊﾝｶｸ ｶﾞｷﾞ ﾊﾟ", "ハンカク ガギ パ"),
        ("か゛ぎ", "ガギ"),
        ("コーヒー", "コーヒー"),
        ("コ-ヒ−", "コーヒー"),
        ("A-1", "A-1"),
        ("  ハスミ  リョウ ", "ハスミ リョウ"),
        ("ゔ", "ヴ"),
    ],
)
def test_one_writing(typed, written):
    assert kana.katakana(typed) == written


def test_names_are_told_from_other_text():
    assert kana.is_katakana("ロゾクー")
    assert not kana.is_katakana("ロゾク工業")
    assert not kana.is_katakana("ろぞく")
    assert not kana.is_katakana("")


def test_equal_keys_are_ordered_by_shade():
    readings = ["パパ", "ババ", "ハバ", "ハハ", "ハッパ", "ハツハ"]
    ordered = sorted(readings, key=lambda reading: (kana.sort_key(reading), kana.tie_key(reading)))
    assert ordered == ["ハッパ", "ハツハ", "ハハ", "ハバ", "ババ", "パパ"]


def test_dividers():
    firsts = "アオガザッドノペモョルヲンA亜"
    assert [kana.row_of(kana.sort_key(first)) for first in firsts] == list("アアカサタタナハマヤラワワ他他")
    assert kana.row_of("") == "他"
    assert kana.ROWS == ("ア", "カ", "サ", "タ", "ナ", "ハ", "マ", "ヤ", "ラ", "ワ", "他")


@pytest.mark.parametrize("typed", ["たか", "タカ", "ﾀｶ", "た か"])
def test_search_takes_any_script(typed):
    readings = ["タカシマ コウヘイ", "ワカタカ", "ダガワ", "タナカ"]
    assert [name for name in readings if kana.matches(typed, name)] == ["タカシマ コウヘイ", "ワカタカ"]
    assert [name for name in readings if kana.sounds_like(typed, name)] == [
        "タカシマ コウヘイ",
        "ワカタカ",
        "ダガワ",
    ]


def test_voicing_counts_in_an_exact_search():
    assert not kana.matches("タガワ", "ダガワ")
    assert kana.sounds_like("シヨウ", "ショウタ")
    assert kana.matches("", "タカ")
