"""Stored words of registrations as readers see them."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from eventops.events.models import Mode, PriceCategory
from eventops.mail.models import LetterState
from eventops.registration.commands import Claim
from eventops.registration.models import BadgeCategory, IfFull, PaymentMethod, PlaceState, RegistrationState, Source

MODES: dict[str, LazyString] = {Mode.ONSITE: _("会場"), Mode.ONLINE: _("オンライン")}
CATEGORIES: dict[str, LazyString] = {PriceCategory.MEMBER: _("会員"), PriceCategory.GENERAL: _("一般")}
CLAIMS: dict[str, LazyString] = {
    Claim.MEMBER: _("会員"),
    Claim.GENERAL: _("一般"),
    Claim.UNKNOWN: _("わからない（事務局で確認します）"),
}
IF_FULL: dict[str, LazyString] = {
    IfFull.ONLINE: _("オンラインに切り替える（オンラインも満席なら会場のキャンセル待ち）"),
    IfFull.ONLINE_AND_WAIT: _("オンラインで参加しながら、会場の空きを待つ"),
    IfFull.WAIT: _("キャンセル待ちをする"),
    IfFull.WITHDRAW: _("申し込まない"),
}
TOGETHER: dict[str, LazyString] = {
    "apart": _("空いた席から、一人ずつ順に参加する"),
    "together": _("全員分の席がそろうまで、一緒に待つ（足りない間は、後ろの方が先になることがあります）"),
}
NOT_ALSO = _("申し込まない")
PAYMENTS: dict[str, LazyString] = {
    PaymentMethod.BANK_TRANSFER: _("銀行振込"),
    PaymentMethod.CASH_ON_DAY: _("当日現金"),
    PaymentMethod.NONE: _("お支払いなし"),
}
STATES: dict[str, LazyString] = {RegistrationState.ACTIVE: _("受付済"), RegistrationState.CANCELLED: _("取消済")}
SOURCES: dict[str, LazyString] = {
    Source.PUBLIC: _("申込フォーム"),
    Source.STAFF: _("職員が登録"),
    Source.WALK_IN: _("当日参加"),
}
BADGES: dict[str, LazyString] = {
    BadgeCategory.GUEST_OF_HONOUR: _("来賓"),
    BadgeCategory.SPEAKER: _("登壇者"),
    BadgeCategory.LARGE: _("大手企業"),
    BadgeCategory.MEMBER: _("会員"),
    BadgeCategory.GENERAL: _("一般"),
    BadgeCategory.STAFF: _("スタッフ"),
}
LETTERS: dict[str, tuple[LazyString, str]] = {
    LetterState.QUEUED: (_("送信待ち"), "info"),
    LetterState.SENDING: (_("送信中"), "info"),
    LetterState.SENT: (_("送信済"), "ok"),
    LetterState.KEPT: (_("ファイルに保存（届いていません）"), "warn"),
    LetterState.FAILED: (_("送信できませんでした"), "bad"),
    LetterState.BOUNCED: (_("届かずに戻ってきました"), "bad"),
    LetterState.CANCELLED: (_("送信を取りやめました"), "neutral"),
}
_PLACES: dict[tuple[str, str], LazyString] = {
    (PlaceState.CONFIRMED, Mode.ONSITE): _("会場で参加"),
    (PlaceState.CONFIRMED, Mode.ONLINE): _("オンラインで参加"),
    (PlaceState.OFFERED, Mode.ONSITE): _("会場のお席をご案内中"),
    (PlaceState.OFFERED, Mode.ONLINE): _("オンラインのお席をご案内中"),
    (PlaceState.LAPSED, Mode.ONSITE): _("ご案内の期限切れ（会場）"),
    (PlaceState.LAPSED, Mode.ONLINE): _("ご案内の期限切れ（オンライン）"),
    (PlaceState.WAITING, Mode.ONSITE): _("会場のキャンセル待ち"),
    (PlaceState.WAITING, Mode.ONLINE): _("オンラインのキャンセル待ち"),
    (PlaceState.FULL, Mode.ONSITE): _("会場の席がないため参加できません"),
    (PlaceState.FULL, Mode.ONLINE): _("オンラインの席がないため参加できません"),
    (PlaceState.CANCELLED, Mode.ONSITE): _("取消済（会場）"),
    (PlaceState.CANCELLED, Mode.ONLINE): _("取消済（オンライン）"),
}
_TONES = {
    PlaceState.CONFIRMED: "ok",
    PlaceState.OFFERED: "warn",
    PlaceState.LAPSED: "neutral",
    PlaceState.WAITING: "warn",
    PlaceState.FULL: "bad",
    PlaceState.CANCELLED: "neutral",
}


def place(state: str, mode: str) -> LazyString:
    """A place in words."""
    return _PLACES[state, mode]


def tone(state: str) -> str:
    """The tone that a place's word is shown in."""
    return _TONES[PlaceState(state)]
