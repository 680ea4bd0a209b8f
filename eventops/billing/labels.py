"""Stored words of money as readers see them."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from eventops.billing.items import Split
from eventops.billing.models import DocumentKind, LineState, Means, PaymentKind
from eventops.billing.rules import Standing

KINDS: dict[str, LazyString] = {
    PaymentKind.BANK_TRANSFER: _("銀行振込"),
    PaymentKind.CASH_ON_DAY: _("現金"),
    PaymentKind.FEE_DEDUCTED: _("振込手数料（差引を認める）"),
    PaymentKind.REFUND: _("返金"),
    PaymentKind.CORRECTION: _("訂正"),
}
MEANS: dict[str, LazyString] = {Means.BANK: _("銀行振込"), Means.CASH: _("現金"), Means.NONE: _("なし")}
STANDINGS: dict[str, tuple[LazyString, str]] = {
    Standing.FREE: (_("お支払いなし"), "neutral"),
    Standing.UNPAID: (_("未入金"), "warn"),
    Standing.PARTLY: (_("一部入金"), "warn"),
    Standing.PAID: (_("入金済"), "ok"),
    Standing.OVERPAID: (_("過入金"), "bad"),
}
DOCUMENTS: dict[str, LazyString] = {
    DocumentKind.INVOICE: _("請求書"),
    DocumentKind.RECEIPT: _("領収書"),
    DocumentKind.RETURN: _("取消・返還"),
}
SPLITS: dict[str, LazyString] = {
    Split.WHOLE: _("全員分を1枚で"),
    Split.PERSON: _("お一人ずつ"),
    Split.PART: _("部ごとに分ける"),
}
LINES: dict[str, tuple[LazyString, str]] = {
    LineState.OPEN: (_("未処理"), "warn"),
    LineState.BOOKED: (_("消込済"), "ok"),
    LineState.IGNORED: (_("対象外"), "neutral"),
}
