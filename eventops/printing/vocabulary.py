"""The words of what staff choose for papers."""

from typing import Final

from flask_babel import gettext, pgettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from eventops.directory.kana import OTHER_ROW, ROWS
from eventops.printing.certificates import Kind
from eventops.printing.layouts import Script, Shown, Size
from eventops.printing.logos import Fault
from eventops.printing.standing import State
from eventops.printing.stocks import A4, BADGES, Stock

SHOWN_WORDS: Final[dict[str, LazyString]] = {
    Shown.EVENT: _("行事名"),
    Shown.COMPANY: _("会社・団体"),
    Shown.DEPARTMENT: _("部署"),
    Shown.JOB_TITLE: _("役職"),
    Shown.KANA: _("ふりがな(1行で)"),
    Shown.NAME: _("氏名"),
    Shown.MEETINGS: _("面談の時刻と卓"),
    Shown.FREE: _("自由な1行"),
}
SIZE_WORDS: Final[dict[str, LazyString]] = {
    Size.OFF: _("出さない"),
    Size.SMALL: _("小"),
    Size.MEDIUM: _("中"),
    Size.LARGE: _("大"),
}
SCRIPT_WORDS: Final[dict[str, LazyString]] = {Script.KATAKANA: _("カタカナ"), Script.HIRAGANA: _("ひらがな")}
STATE_WORDS: Final[dict[str, tuple[LazyString, str]]] = {
    State.NEW: (_("未印刷"), "warn"),
    State.CHANGED: (_("印刷後に変更あり"), "bad"),
    State.PRINTED: (_("印刷済"), "ok"),
}
CERTIFICATE_WORDS: Final[dict[str, LazyString]] = {
    Kind.ATTENDANCE: _("参加証明書"),
    Kind.COURSE: _("受講証明書"),
}
FAULT_WORDS: Final[dict[str, LazyString]] = {
    Fault.KIND: _("PNGかJPEGの画像を選んでください。"),
    Fault.TOO_LARGE: _("300KBより大きい画像は使えません。小さくしてから選んでください。"),
    Fault.TOO_MANY_PIXELS: _("縦横2400画素より大きい画像は使えません。小さくしてから選んでください。"),
}


def row_words() -> list[tuple[str, str]]:
    """あ行 to わ行, and what has no reading, with the row that they stand for."""
    named = [(row, gettext("%(kana)s行", kana=chr(ord(row) - 0x60))) for row in ROWS if row != OTHER_ROW]
    return [*named, (OTHER_ROW, gettext("読みなし・その他"))]


def badge_stock_words() -> list[tuple[str, str]]:
    return [(key, _special(key) or sheet_word(stock)) for key, stock in BADGES.items()]


def _special(key: str) -> str:
    numbers = pgettext("between product numbers", "、").join(BADGES[key].products)
    words = {
        "a6": _("A6 1枚に1名(普通紙)"),
        "a6_folded": _("A4に2名、二つ折りでA6(普通紙、両面から読める)"),
        "roll62x100": _("ラベルプリンター 62×100mm たて(ブラザー %(numbers)s)", numbers=numbers),
        "roll100x62": _("ラベルプリンター 100×62mm よこ(ブラザー %(numbers)s)", numbers=numbers),
        "roll62x29": _("ラベルプリンター 62×29mm(ブラザー %(numbers)s)", numbers=numbers),
    }
    return str(words.get(key, ""))


def sheet_word(stock: Stock) -> str:
    """Faces, measures and numbers on the packet of a sheet."""
    size = f"{stock.width:g}×{stock.height:g}mm"
    assert stock.page == A4
    if not stock.products:
        return str(gettext("A4 %(n)s面 %(size)s", n=stock.labels, size=size))
    numbers = pgettext("between product numbers", "、").join(stock.products)
    words = gettext("A4 %(n)s面 %(size)s(エーワン %(numbers)s など)", n=stock.labels, size=size, numbers=numbers)
    return str(words)
