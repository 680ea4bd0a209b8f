"""What the stored values of meetings are called on screens, and which words a spreadsheet may use for them."""

from flask_babel import lazy_gettext as _

from eventops.meetings.hosting.rules import Confirmation
from eventops.meetings.models import ApplicationState, LimitKind, Need, NeedState, PairScope, Rating
from eventops.meetings.rules import Standing

NEED_STATES = {
    NeedState.DRAFT: _("下書き"),
    NeedState.ASKED: _("確認依頼"),
    NeedState.OPEN: _("公開"),
    NeedState.CLOSED: _("締切"),
}

CONFIRMATIONS = {
    Confirmation.NOT_ASKED: _("未依頼"),
    Confirmation.WAITING: _("返事待ち"),
    Confirmation.CONFIRMED: _("確認済み"),
    Confirmation.CHANGED: _("確認後に変更あり"),
}
CONFIRMATION_TONES = {
    Confirmation.NOT_ASKED: "neutral",
    Confirmation.WAITING: "warn",
    Confirmation.CONFIRMED: "ok",
    Confirmation.CHANGED: "bad",
}

APPLICATION_STATES = {
    ApplicationState.RECEIVED: _("受理"),
    ApplicationState.DUPLICATE: _("重複"),
    ApplicationState.WITHDRAWN: _("辞退"),
    ApplicationState.EXCLUDED: _("対象外"),
}

STANDINGS = {
    Standing.ACCEPTED: _("採択"),
    Standing.WAITING: _("選考待ち"),
    Standing.DECLINED: _("見送り"),
    Standing.WITHDRAWN: _("辞退"),
    Standing.DUPLICATE: _("重複"),
    Standing.EXCLUDED: _("対象外"),
}

STANDING_TONES = {
    Standing.ACCEPTED: "ok",
    Standing.WAITING: "warn",
    Standing.DECLINED: "neutral",
    Standing.WITHDRAWN: "neutral",
    Standing.DUPLICATE: "neutral",
    Standing.EXCLUDED: "neutral",
}

RATINGS = {
    Rating.A: _("A"),
    Rating.B: _("B"),
    Rating.C: _("C"),
    Rating.DECLINED: _("見送り"),
}

LIMIT_KINDS = {
    LimitKind.ARRIVES_FROM: _("到着以降"),
    LimitKind.LEAVES_BY: _("退出まで"),
    LimitKind.UNAVAILABLE: _("不可時間帯"),
    LimitKind.EXTRA_TABLES: _("追加卓"),
    LimitKind.PARALLEL: _("並行面談可"),
    LimitKind.ONLINE_ONLY: _("オンラインのみ"),
    LimitKind.ONLINE_OK: _("オンライン可"),
    LimitKind.REST_AFTER: _("連続回避"),
    LimitKind.CONSECUTIVE_OK: _("連続面談可"),
    LimitKind.MAX_MEETINGS: _("面談数の上限"),
}

PAIR_SCOPES = {
    PairScope.BACK_TO_BACK: _("同一大手の前後枠"),
    PairScope.SAME_ROOM: _("同室"),
    PairScope.ADJACENT_TABLES: _("隣接卓"),
}

EXCLUSION_KINDS = {
    "supplier": _("既存取引先"),
    "affiliate": _("親会社・子会社"),
    "trading_firm": _("商社"),
    "competitor": _("競合"),
    "other": _("その他"),
}
SHEET_EXCLUSIONS = {
    "supplier": "既存取引先",
    "affiliate": "親会社・子会社",
    "trading_firm": "商社",
    "competitor": "競合",
    "other": "その他",
}
READ_EXCLUSIONS = {
    **{word: word for word in SHEET_EXCLUSIONS.values()},
    "親会社": SHEET_EXCLUSIONS["affiliate"],
    "子会社": SHEET_EXCLUSIONS["affiliate"],
    "グループ会社": SHEET_EXCLUSIONS["affiliate"],
    "取引先": SHEET_EXCLUSIONS["supplier"],
}
"""What a sheet may call a kind, and how it is kept."""

SHEET_STATES = {
    "採択": ApplicationState.RECEIVED,
    "受理": ApplicationState.RECEIVED,
    "受付": ApplicationState.RECEIVED,
    "見送り": ApplicationState.RECEIVED,
    "辞退": ApplicationState.WITHDRAWN,
    "重複": ApplicationState.DUPLICATE,
    "対象外": ApplicationState.EXCLUDED,
}
SHEET_RATINGS = {"A": Rating.A, "B": Rating.B, "C": Rating.C, "見送り": Rating.DECLINED}
SHEET_NEED_STATES = {
    "下書き": NeedState.DRAFT,
    "確認依頼": NeedState.ASKED,
    "公開": NeedState.OPEN,
    "締切": NeedState.CLOSED,
}
SHEET_LIMITS = {
    "到着以降": LimitKind.ARRIVES_FROM,
    "退出まで": LimitKind.LEAVES_BY,
    "不可時間帯": LimitKind.UNAVAILABLE,
    "追加卓": LimitKind.EXTRA_TABLES,
    "並行面談可": LimitKind.PARALLEL,
    "オンラインのみ": LimitKind.ONLINE_ONLY,
    "オンライン可": LimitKind.ONLINE_OK,
    "連続回避": LimitKind.REST_AFTER,
    "連続面談可": LimitKind.CONSECUTIVE_OK,
    "面談数の上限": LimitKind.MAX_MEETINGS,
}
SHEET_SCOPES = {
    "同一大手の前後枠": PairScope.BACK_TO_BACK,
    "前後枠": PairScope.BACK_TO_BACK,
    "同室": PairScope.SAME_ROOM,
    "隣接卓": PairScope.ADJACENT_TABLES,
}

NO_SUCH_PERSON = _("この団体にその人はいません。人の番号か氏名を確認してください。")
SEVERAL_PEOPLE = _("同じ氏名の人が複数います。人の番号で入力してください。")

UNNAMED_HOST = _("大手企業（社名非公開）")


def public_host(need: Need) -> str:
    """Who stands behind a need, as far as guests may know before the timetable is published."""
    if need.is_anonymous:
        return need.public_name or str(UNNAMED_HOST)
    return need.organisation.name


def public_unit(need: Need) -> str:
    """A name of a unit often names its company."""
    return "" if need.is_anonymous else need.unit
