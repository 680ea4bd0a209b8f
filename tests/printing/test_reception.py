"""受付名簿: in 五十音順, with dividers, money and boxes where they belong."""

from dataclasses import replace

import pytest

from eventops.directory.kana import sort_key
from eventops.printing.reception import Guest, ReceptionList, divider, reception_pdf, share_out
from tests.printing.paper import A4_LANDSCAPE, DAY, IMPRINT, LONG, NASTY, PRINTED, joined, sizes, words

PARTS = ("第1部", "第2部", "第3部")


def guest(company_kana: str, kana: str = "ワカミヤ ダイスケ", **values) -> Guest:
    return Guest(
        **{
            "company": f"株式会社{company_kana}",
            "company_key": sort_key(company_kana),
            "name": "若宮 大輔",
            "kana": kana,
            "person_key": sort_key(kana),
            "category": "member",
            "parts": frozenset(PARTS[:1]),
            **values,
        }
    )


def make(*guests: Guest) -> ReceptionList:
    return ReceptionList(imprint=IMPRINT, day=DAY, parts=PARTS, guests=guests)


def test_a_line_says_all_that_the_desk_asks():
    full = guest("カスミ", parts=frozenset({"第1部", "第3部"}), fee_yen=3000, note="車いす", category="speaker")
    pdf = reception_pdf(make(full))
    [page] = words(pdf)

    assert sizes(pdf) == {A4_LANDSCAPE}
    assert page == (
        "受付名簿 令和9年1月15日(金) 1 名 会社・団体 氏名 フリガナ 区分 参加費 備考 第1部 第2部 第3部 か"
        " 株式会社カスミ 若宮 大輔 ワカミヤ ダイスケ 登壇者 3,000円 未収 車いす □ ― □"
        f" 第8回 TAMA技術連携交流会 {PRINTED} 1 / 1 ページ"
    )


@pytest.mark.parametrize(
    ("fee", "paid", "shown"),
    [(0, 0, ""), (3000, 0, "未収"), (3000, 3000, "済"), (3000, 4000, "済"), (5000, 3000, "残 2,000円")],
)
def test_what_is_still_to_be_paid(fee, paid, shown):
    assert guest("ア", fee_yen=fee, paid_yen=paid).payment == shown


def test_companies_come_by_reading_then_people_by_reading():
    guests = [
        guest("ワ"),
        guest("ガンダ"),
        guest("カスミ", "サトウ"),
        guest("カスミ", "アベ"),
        guest("", company="123"),
    ]
    order = [(one.company, one.kana) for one in make(*guests).in_order()]

    assert order == [
        ("株式会社カスミ", "アベ"),
        ("株式会社カスミ", "サトウ"),
        ("株式会社ガンダ", "ワカミヤ ダイスケ"),
        ("株式会社ワ", "ワカミヤ ダイスケ"),
        ("123", "ワカミヤ ダイスケ"),
    ]


@pytest.mark.parametrize(
    ("kana", "row"),
    [
        ("アマツ", "あ"),
        ("ガンダ", "か"),
        ("ジュウ", "さ"),
        ("ヴィ", "あ"),
        ("パル", "は"),
        ("ン", "わ"),
        ("", "その他"),
    ],
)
def test_dividers(kana, row):
    assert divider(sort_key(kana)) == row


def test_companies_that_read_alike_stay_together():
    alike = [
        guest("カスミ", "アベ", company="霞株式会社"),
        guest("カスミ", "イトウ", company="株式会社霞"),
        guest("カスミ", "ウエダ", company="霞株式会社"),
    ]

    assert [one.company for one in make(*alike).in_order()] == ["株式会社霞", "霞株式会社", "霞株式会社"]


def test_nobody_yet():
    [page] = words(reception_pdf(make()))

    assert "受付する方はまだいません。" in page
    assert PRINTED in page


def test_thirty_people_fill_two_pages_and_the_head_and_divider_are_repeated():
    pages = words(reception_pdf(make(*[guest("カスミ", f"サトウ{number}") for number in range(30)])))

    assert len(pages) == 2
    assert all(
        "会社・団体 氏名 フリガナ 区分 参加費 備考 第1部 第2部 第3部 か 株式会社カスミ" in page for page in pages
    )
    assert sum(page.count("□") for page in pages) == 30
    assert "2 / 2 ページ" in pages[1]


@pytest.mark.parametrize("hostile", [LONG, NASTY, "A" * 120])
def test_long_and_hostile_words_come_out_whole(hostile):
    pages = words(reception_pdf(make(guest("カ", company=hostile, name=hostile, note=hostile))))

    assert len(pages) == 1
    assert joined(pages[0]).count(joined(hostile)) == 3


def test_desks_share_neighbouring_rows_as_evenly_as_rows_allow():
    groups = [(row, [guest(row)] * count) for row, count in zip("あかさたな", (5, 9, 2, 3, 4), strict=True)]

    def shared(desks):
        return [["".join(row for row, _guests in rows)] for rows in share_out(groups, desks)]

    assert shared(1) == [["あかさたな"]]
    assert shared(2) == [["あか"], ["さたな"]]
    assert shared(3) == [["あ"], ["か"], ["さたな"]]
    assert len(shared(9)) == 5
    assert share_out([], 3) == [[]]


def test_each_desk_has_sheets_of_its_own():
    pages = words(reception_pdf(replace(make(guest("アマツ"), guest("カスミ"), guest("サクラ")), desks=2)))

    assert [page.split(" 令和")[0] for page in pages] == ["受付名簿 受付1 あ行", "受付名簿 受付2 か行〜さ行"]
    assert ["1 名" in pages[0], "2 名" in pages[1]] == [True, True]
    assert all(page.endswith("1 / 1 ページ") for page in pages)
