"""What the stored values of cases are called on screens, and the tone in which they stand."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from eventops.cases.models import NoteKind, Origin, Outcome, ReminderKind, RequestState, Stage

STAGES: dict[str, LazyString] = {
    Stage.MET: _("面談済"),
    Stage.TALKING: _("継続（情報交換）"),
    Stage.PROTOTYPE: _("見積・試作"),
    Stage.JOINT_DEVELOPMENT: _("秘密保持・共同開発"),
    Stage.COLLABORATING: _("連携成立"),
    Stage.COMMERCIALISED: _("事業化"),
    Stage.CLOSED: _("終了"),
}
STAGE_TONES: dict[str, str] = {Stage.COLLABORATING: "ok", Stage.COMMERCIALISED: "ok", Stage.CLOSED: "neutral"}
ORIGINS: dict[str, LazyString] = {
    Origin.MEETING: _("行事の面談"),
    Origin.ONE_OFF: _("個別の面談依頼"),
    Origin.HANDS_ON: _("伴走支援"),
    Origin.OTHER: _("その他"),
}
OUTCOMES: dict[str, LazyString] = {
    Outcome.SUPPLY: _("部材供給"),
    Outcome.LICENCE: _("技術供与"),
    Outcome.PROTOTYPE: _("試作品の共同開発"),
    Outcome.RESEARCH: _("共同研究"),
    Outcome.OTHER: _("その他"),
}
NOTES: dict[str, LazyString] = {
    NoteKind.VISIT: _("訪問"),
    NoteKind.CALL: _("電話"),
    NoteKind.MAIL: _("メール"),
    NoteKind.TEAM_MEETING: _("チームの打合せ"),
    NoteKind.OTHER: _("メモ"),
}
REMINDERS = {ReminderKind.MONTH: _("1か月後の確認"), ReminderKind.QUARTER: _("四半期の確認")}
REQUESTS = {
    RequestState.RECEIVED: _("担当未定"),
    RequestState.ASSIGNED: _("担当決定"),
    RequestState.MET: _("面談済"),
    RequestState.DECLINED: _("見送り"),
}
REQUEST_TONES = {RequestState.RECEIVED: "warn", RequestState.ASSIGNED: "info", RequestState.MET: "ok"}
AMOUNTS = {
    "": _("未定"),
    "1": _("100万円未満"),
    "2": _("100万〜500万円"),
    "3": _("500万〜1,000万円"),
    "4": _("1,000万円以上"),
}
