"""Placeholders in letters: filled, left as they are, refused with a word that helps."""

import pytest

from eventops.mail.placeholders import Fault, Flaw, fill, fill_line, flaws, names, put

KNOWN = {"氏名", "name", "行事名", "event", "お申込み内容", "details", "持ち物"}
VALUES = {"氏名": "山田 太郎", "行事名": "新春{講演会}", "持ち物": "", "お申込み内容": "一行目\n二行目"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{氏名} 様\r\n「{行事名}」", "山田 太郎 様\n「新春{講演会}」\n"),
        ("｛ 氏名 ｝様 ｛氏　名｝", "山田 太郎様 山田 太郎\n"),
        ("前\n\n{持ち物}\n\n後", "前\n\n後\n"),
        ("前\n{持ち物}{持ち物}\n後", "前\n後\n"),
        ("・{持ち物}なし", "・なし\n"),
        ("{お申込み内容}", "一行目\n二行目\n"),
        ("{{氏名}} は {氏名}", "{氏名} は 山田 太郎\n"),
    ],
)
def test_texts_are_filled(text, filled):
    assert fill(text, VALUES) == filled


def test_a_subject_stays_one_line_whatever_a_value_holds():
    assert fill_line("【{お申込み内容}】", VALUES) == "【一行目 二行目】"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{氏名} {EVENT} {{波}}", []),
        ("一\n{指名} 様", [Flaw(Fault.UNKNOWN, "指名", 2)]),
        ("{お申し込み内容}{お申し込み内容}", [Flaw(Fault.UNKNOWN, "お申し込み内容", 1, "お申込み内容")]),
        ("{zzz}", [Flaw(Fault.UNKNOWN, "zzz", 1)]),
        ("{氏名\n様}", [Flaw(Fault.LONE_BRACE, "{", 1), Flaw(Fault.LONE_BRACE, "}", 2)]),
        ("{}", [Flaw(Fault.UNKNOWN, "", 1)]),
    ],
)
def test_what_cannot_be_filled_is_named_with_its_line(text, found):
    assert flaws(text, KNOWN) == found


def test_names_are_found_however_they_are_written():
    assert names("{氏名}｛氏 名｝{Name}{{no}}") == {"氏名", "name"}


def test_one_placeholder_is_put_in_for_good_and_its_braces_stay_text():
    text = put("{氏名} 様\n{中止の理由}\n{{波}}\n\n終わり", "中止の理由", "台風{10号}のため")
    assert text == "{氏名} 様\n台風{{10号}}のため\n{{波}}\n\n終わり"
    assert fill(text, VALUES) == "山田 太郎 様\n台風{10号}のため\n{波}\n\n終わり\n"
    assert put("前\n{中止の理由}\n後", "中止の理由", "") == "前\n後"
