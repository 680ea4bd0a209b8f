"""Reasons for a suggestion as staff read them."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from eventops.billing.matching import Reason, Suggestion, Why

_SENTENCES: dict[Why, LazyString] = {
    Why.REFERENCE: _("振込の番号が一致"),
    Why.NUMBER: _("受付番号が一致"),
    Why.BEFORE: _("以前も同じ名義で入金"),
    Why.COMPANY: _("会社名の読みが一致"),
    Why.COMPANY_FORM: _("会社名の読みと法人格が一致"),
    Why.COMPANY_OTHER_FORM: _("会社名の読みは一致、法人格（前株・後株など）が違う"),
    Why.BEGINNING: _("会社名の初めの部分が一致"),
    Why.LOOSE: _("濁点などを除けば会社名が一致"),
    Why.PERSON: _("申込者か参加者の氏名が一致"),
    Why.AMOUNT: _("残りの金額とちょうど一致"),
    Why.ONLY_AMOUNT: _("金額だけが一致（同じ金額の申込 {yen}件）"),
    Why.TOGETHER: _("{yen}件の申込の合計と一致"),
    Why.TOGETHER_FEE: _("申込の合計から振込手数料 {yen}円を差し引いた額"),
    Why.FEE: _("振込手数料 {yen}円を差し引いた額"),
    Why.PART: _("一部の入金（あと {yen}円）"),
    Why.PAIR: _("同じ名義のほかの入金 {yen}円と合わせると一致"),
    Why.MORE: _("残りの金額より {yen}円多い"),
    Why.SEVERAL: _("同じくらい確からしい候補が{yen}件"),
}


def reason(one: Reason) -> str:
    return str(_SENTENCES[one.why]).format(yen=f"{one.yen:,}")


def reasons(suggestion: Suggestion) -> str:
    """All signs, the strongest first."""
    return "、".join(map(reason, suggestion.reasons))
