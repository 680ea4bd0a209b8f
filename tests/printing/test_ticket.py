"""参加証: what it says, what it does not say, and that its code is read."""

import pytest

from eventops.printing.ticket import Ticket, TicketEvent, TicketPart, tickets_pdf
from tests.printing.paper import (
    A4,
    IMPRINT,
    LONG,
    NASTY,
    PRINTED,
    RARE,
    at,
    joined,
    picture,
    scanned,
    sizes,
    words,
)

EVENT = TicketEvent(
    imprint=IMPRINT,
    starts_at=at(13),
    ends_at=at(19),
    venue="産業技術総合研究所",
    address="神奈川県海老名市架空町1-2",
    access="海老名駅から徒歩18分",
    cancellation="1月8日(金)17:00までにご連絡ください。",
    notices=("名刺を2枚お持ちください。",),
    contact="主催 事務局 電話 00-1234-5678",
)
PARTS = (
    TicketPart(title="第1部 クローズドマッチング", starts_at=at(13), ends_at=at(16, 50), place="2階 研修室A"),
    TicketPart(title="第3部 交流会", starts_at=at(17, 15), ends_at=None, place="1階 カフェ"),
)
LINK = "https://events.example.jp/my/" + "k3J9" * 12


def ticket(number: int = 1, **values) -> Ticket:
    return Ticket(
        **{
            "number": f"K-{number:04d}",
            "code": f"EO1:{number:06d}ABCDEFGH",
            "name": "髙﨑 𠮷栁",
            "company": RARE,
            "parts": PARTS,
            **values,
        }
    )


def test_everything_that_a_guest_needs_is_on_it():
    pdf = tickets_pdf(EVENT, [ticket()])
    [page] = words(pdf)

    assert sizes(pdf) == {A4}
    expected = [
        "参加証",
        "第8回 TAMA技術連携交流会",
        RARE,
        "髙﨑 𠮷栁 様",
        "参加番号 K-0001",
        "受付でご提示ください",
        "日時 令和9年1月15日(金) 13:00〜19:00",
        "会場 産業技術総合研究所",
        "所在地 神奈川県海老名市架空町1-2",
        "交通 海老名駅から徒歩18分",
        "第1部 クローズドマッチング 13:00〜16:50 2階 研修室A",
        "第3部 交流会 17:15〜 1階 カフェ",
        "変更・キャンセル 1月8日(金)17:00までにご連絡ください。",
        "名刺を2枚お持ちください。",
        "主催 事務局 電話 00-1234-5678",
        PRINTED,
        "1 / 1 ページ",
    ]
    assert [line for line in expected if line not in page] == []


def test_the_private_link_is_printed_only_when_given():
    without, with_link = words(tickets_pdf(EVENT, [ticket(), ticket(2, private_link=LINK)]))

    assert "お申し込み内容" not in without
    assert "https" not in without
    assert LINK in joined(with_link)


def test_the_code_is_read_from_the_printed_page():
    pdf = tickets_pdf(EVENT, [ticket(7), ticket(8)])

    assert scanned(picture(pdf, page=0)) == ["EO1:000007ABCDEFGH"]
    assert scanned(picture(pdf, page=1)) == ["EO1:000008ABCDEFGH"]


@pytest.mark.parametrize("count", [0, 1, 30])
def test_each_ticket_has_a_page_of_its_own(count):
    pages = words(tickets_pdf(EVENT, [ticket(number) for number in range(count)]))

    assert len(pages) == max(count, 1)
    assert all("1 / 1 ページ" in page for page in pages)
    assert ("参加証はありません。" in pages[0]) == (count == 0)


@pytest.mark.parametrize("hostile", [LONG, NASTY, "A" * 80])
def test_long_and_hostile_words_come_out_whole(hostile):
    pages = words(tickets_pdf(EVENT, [ticket(name=hostile, company=hostile)]))

    assert len(pages) == 1
    assert joined(pages[0]).count(joined(hostile)) == 2
