"""How long papers take, and how large they become: `python -m benchmarks.papers`.

Five hundred badges, each with a name, a company and a code of its own, on every stock, with all lines and the reading
above the names; then the certificates, the labels of addresses and the list for the desk of as many people. Typst
remembers what it has set, so every figure is of people that it has not seen. Each row of badges says whether the bar of
two seconds of the processor and two mebibytes is met, and so does the exit code; beside it stands what the clock said.
"""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks import figures
from benchmarks.figures import Row
from eventops.directory import kana
from eventops.printing import stocks
from eventops.printing.badges import Badge, Design, badges_pdf
from eventops.printing.imprint import Imprint
from eventops.printing.layouts import Layout, Shown, Size
from eventops.printing.reception import Guest, ReceptionList, reception_pdf
from eventops.registration import tickets

SECONDS, MEBIBYTES = 2.0, 2.0
IMPRINT = Imprint(
    event="第8回TAMA技術連携交流会@KISTEC", version="", printed_at=dt.datetime(2027, 1, 15, tzinfo=dt.UTC)
)
_FAMILIES = (
    ("髙橋", "タカハシ"),
    ("山﨑", "ヤマサキ"),
    ("𠮷田", "ヨシダ"),
    ("長宗我部", "チョウソカベ"),
    ("林", "ハヤシ"),
)
_GIVENS = (
    ("太郎", "タロウ"),
    ("さくら", "サクラ"),
    ("龍之介", "リュウノスケ"),
    ("愛", "アイ"),
    ("健一郎", "ケンイチロウ"),
)
_COMPANIES = (
    "株式会社霞精密{}",
    "{}製作所㈱",
    "一般社団法人首都圏西部地域産業活性化協議会第{}支部",
    "有限会社多摩計測{}",
)
_EVERY = tuple((line, Size.LARGE if line == Shown.NAME else Size.SMALL) for line in Shown if line != Shown.KANA)
_CATEGORIES = ("member", "general", "large", "guest_of_honour", "speaker", "staff")


def _badge(number: int) -> Badge:
    return Badge(
        code=tickets.issue(tickets.TicketRef(number, 1), key="a key of the measurements alone"),
        company=_COMPANIES[number % len(_COMPANIES)].format(number),
        department="開発本部 第二開発部",
        job_title="グループリーダー",
        names=(_FAMILIES[number % 5], _GIVENS[number // 5 % 5]),
        category=_CATEGORIES[number % 6],
        meetings=f"面談 13:{number % 60:02d} 卓{number % 20}、14:00 卓2",
    )


def _guest(number: int) -> Guest:
    (family, family_kana), (given, given_kana) = _FAMILIES[number % 5], _GIVENS[number // 5 % 5]
    return Guest(
        company=_COMPANIES[number % len(_COMPANIES)].format(number),
        company_key=kana.sort_key(family_kana),
        name=f"{family} {given}",
        kana=f"{family_kana} {given_kana}",
        person_key=kana.sort_key(family_kana + given_kana),
        category=_CATEGORIES[number % 6],
        parts=frozenset({"第1部"}),
        fee_yen=3000,
    )


def measured(name: str, make: Callable[[], bytes], *, has_bar: bool) -> Row:
    clock, worked = time.perf_counter(), time.process_time()
    size = len(make()) / 1024 / 1024
    passed, spent = time.perf_counter() - clock, time.process_time() - worked
    value = f"{spent:.2f} s of the processor, {passed:.2f} s by the clock, {size:.2f} MiB"
    if not has_bar:
        return Row(name, value)
    return Row(name, value, f"<= {SECONDS:.0f} s, <= {MEBIBYTES:.0f} MiB", spent <= SECONDS and size <= MEBIBYTES)


def badge_rows(count: int) -> list[Row]:
    """The usual lines and every line, on each stock; other people each time."""
    rows, first = [], 1000
    for layout, words in (
        (Layout(), "usual"),
        (replace(Layout(), lines=_EVERY, free_text="会場内は禁煙です"), "all lines"),
    ):
        for key in stocks.BADGES:
            people = [_badge(number) for number in range(first, first + count)]
            design = Design(layout=replace(layout, stock=key))
            rows.append(
                measured(
                    f"{count} badges, {key}, {words}",
                    lambda people=people, design=design: badges_pdf(IMPRINT, people, design),  # type: ignore[misc]
                    has_bar=True,
                )
            )
            first += count
    return rows


def list_row(count: int) -> Row:
    guests = tuple(_guest(number) for number in range(count))
    day = dt.date(2027, 1, 15)
    reception = ReceptionList(imprint=IMPRINT, day=day, parts=("第1部", "第2部"), guests=guests)
    return measured(f"reception list of {count}", lambda: reception_pdf(reception), has_bar=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=500, help="badges of each layout")
    asked = parser.parse_args()
    badges_pdf(IMPRINT, [_badge(1)])  # opens the fonts
    return figures.report([figures.machine_row(), *badge_rows(asked.each), list_row(asked.each)])


if __name__ == "__main__":
    sys.exit(main())
