"""The words of events for staff and guests: kinds, roles, states, steps, warnings."""

from flask_babel import lazy_gettext as _

from eventops.events.checklist import StepCode
from eventops.events.models import (
    Eligibility,
    EventKind,
    EventState,
    HostRole,
    Mode,
    PartKind,
    PriceCategory,
    Promotion,
)
from eventops.events.rules import Room, WarningCode, Window

KIND_WORDS = {
    EventKind.TECHNOLOGY_EXCHANGE: _("技術連携交流会"),
    EventKind.NEW_YEAR: _("新春講演会・賀詞交歓会"),
    EventKind.WORKING_GROUP: _("分科会"),
    EventKind.SALON: _("サロン・つなぐ会"),
    EventKind.GOLF: _("ゴルフコンペ"),
    EventKind.SEMINAR: _("講座・セミナー"),
    EventKind.SOCIAL: _("懇親会"),
    EventKind.OTHER: _("その他"),
}
PART_KIND_WORDS = {
    PartKind.LECTURE: _("講演・発表"),
    PartKind.CLOSED_MATCHING: _("クローズドマッチング(個別面談)"),
    PartKind.OPEN_MATCHING: _("オープンマッチング"),
    PartKind.SOCIAL: _("交流会・懇親会"),
    PartKind.OTHER: _("その他"),
}
ELIGIBILITY_WORDS = {
    Eligibility.ANYONE: _("どなたでも"),
    Eligibility.MEMBERS_FIRST: _("会員優先"),
    Eligibility.MEMBERS_ONLY: _("会員のみ"),
    Eligibility.INVITED: _("事務局からご案内した方のみ"),
}
PROMOTION_WORDS = {
    Promotion.AT_ONCE: _("空いたらすぐに席を確定し、メールで知らせる"),
    Promotion.REPLY: _("席を取り置いて案内し、期限までのお返事で確定する"),
    Promotion.PAYMENT: _("席を取り置いて案内し、期限までのご入金で確定する"),
}
HOST_ROLE_WORDS = {
    HostRole.HOST: _("主催"),
    HostRole.CO_HOST: _("共催"),
    HostRole.PATRON: _("後援"),
    HostRole.COOPERATION: _("協力"),
    HostRole.SPONSOR: _("協賛"),
    HostRole.PLANNED_BY: _("企画"),
}
MODE_WORDS = {Mode.ONSITE: _("会場"), Mode.ONLINE: _("オンライン")}
CATEGORY_WORDS = {PriceCategory.MEMBER: _("会員"), PriceCategory.GENERAL: _("一般")}

STATE_WORDS = {
    EventState.DRAFT: _("下書き"),
    EventState.PUBLISHED: _("公開中"),
    EventState.CLOSED: _("募集終了"),
    EventState.CANCELLED: _("中止"),
}
STATE_TONES = {
    EventState.DRAFT: "neutral",
    EventState.PUBLISHED: "ok",
    EventState.CLOSED: "info",
    EventState.CANCELLED: "bad",
}
WINDOW_WORDS = {
    Window.NOT_YET: _("受付開始前"),
    Window.OPEN: _("申込受付中"),
    Window.CLOSED: _("受付終了"),
    Window.CANCELLED: _("中止"),
}
WINDOW_TONES = {
    Window.NOT_YET: "neutral",
    Window.OPEN: "ok",
    Window.CLOSED: "neutral",
    Window.CANCELLED: "bad",
}
ROOM_WORDS = {Room.FREE: _("空きあり"), Room.FEW: _("残りわずか"), Room.FULL: _("満席(キャンセル待ち可)")}
ROOM_TONES = {Room.FREE: "ok", Room.FEW: "warn", Room.FULL: "bad"}

STEP_WORDS = {
    StepCode.PUBLISH: _("募集ページの公開"),
    StepCode.DEADLINE: _("申込締切"),
    StepCode.SCREENING: _("選考"),
    StepCode.TIMETABLE: _("時間割"),
    StepCode.NOTIFY: _("面談時間の通知"),
    StepCode.BADGES: _("名札の印刷"),
    StepCode.DAY: _("当日"),
    StepCode.THANKS: _("御礼"),
}
STEP_ACTIONS = {
    StepCode.PUBLISH: ("events.move", _("公開へ進む")),
    StepCode.DEADLINE: ("registration.staff_list", _("申込を見る")),
    StepCode.SCREENING: ("meetings.desk", _("選考を進める")),
    StepCode.TIMETABLE: ("meetings.board", _("時間割を作る")),
    StepCode.NOTIFY: ("meetings.board", _("時間割を知らせる")),
    StepCode.BADGES: ("printing.papers", _("印刷する")),
    StepCode.DAY: ("checkin.monitor", _("受付を開く")),
    StepCode.THANKS: ("mail.event_letters", _("連絡を開く")),
}

WARNING_WORDS = {
    WarningCode.DAY_OFF: _("開催日 {date} は休日です({name})。日付をご確認ください。"),
    WarningCode.CLOSES_ON_DAY_OFF: _("申込締切 {date} は休日です({name})。事務局に人がいる日かご確認ください。"),
    WarningCode.DATE_PAST: _("開催日 {date} は過ぎています。"),
    WarningCode.NO_PARTS: _("部がありません。1つ以上の部を作ってください。"),
    WarningCode.NO_MODE: _("「{part}」に会場もオンラインもありません。どちらかを選んでください。"),
    WarningCode.PARTS_OVERLAP: _("「{first}」と「{second}」の時間が重なっています。"),
    WarningCode.PART_DAY_OFF: _("「{part}」の日 {date} は休日です({name})。日付をご確認ください。"),
    WarningCode.PROGRAMME_OUTSIDE: _("「{part}」のプログラムの {time} は、部の時間の外です。"),
    WarningCode.GENERAL_UNUSED: _("会員以外の方の申込開始は、対象を「会員優先」にしたときだけ使います。"),
    WarningCode.OTHER_DAY: _("「{part}」は開催日と違う日({date})です。"),
    WarningCode.NO_PLACE: _("「{part}」の場所がありません。会場名か部の場所を書いてください。"),
    WarningCode.CLOSES_AFTER_START: _("申込締切が開始時刻より後です。"),
    WarningCode.CLOSE_PAST: _("申込締切を過ぎています。このまま公開しても申し込めません。"),
    WarningCode.CANCEL_AFTER_START: _("無料キャンセルの期限が開始時刻より後です。"),
    WarningCode.NO_EDITION: _("このシリーズの次は第{edition}回です。「第何回」に入れてください。"),
    WarningCode.EDITION_TWICE: _("第{edition}回は、同じシリーズの別の行事が使っています。"),
    WarningCode.NO_HOST: _("主催者がありません。"),
    WarningCode.NO_ACCESS: _("交通案内がありません。"),
    WarningCode.NO_CONTACT: _("問い合わせ先がありません。"),
    WarningCode.NO_CANCELLATION_RULE: _("有料ですが、キャンセルの決まりがありません。"),
    WarningCode.NO_PRIVACY_NOTICE: _("個人情報の取り扱いの文がありません。"),
    WarningCode.NO_OVERFLOW_NOTICE: _("会場とオンラインがありますが、会場満席時の案内がありません。"),
    WarningCode.MEMBER_PAYS_MORE: _("会員の参加費が一般より高くなっています。"),
    WarningCode.LAST_TIMES_DATE: _("「{field}」に前回の年({year})が残っています。"),
    WarningCode.OVERBOOKED: _("「{part}」の{mode}は定員{capacity}名に対して{taken}名が確定しています。"),
}

FIELD_WORDS = {
    "slug": _("公開URLの名前"),
    "code": _("行事コード"),
    "kind": _("種類"),
    "title": _("行事名"),
    "title_en": _("行事名(英語)"),
    "held_on": _("開催日"),
    "applications_close_at": _("申込締切"),
    "applications_open_at": _("申込開始"),
    "type_name": _("種類"),
    "general_opens_at": _("会員以外の方の申込開始"),
    "free_cancellation_until": _("無料キャンセルの期限"),
    "answers_close_at": _("質問への回答の締切"),
    "released_on": _("取置を開放する日"),
    "sensitive_days": _("配慮が必要な情報を残す日数"),
    "programme": _("プログラム"),
    "series_name": _("シリーズ"),
    "edition": _("回"),
    "is_provisional": _("仮・予定の印"),
    "summary": _("内容"),
    "venue_name": _("会場名"),
    "venue_address": _("会場の住所"),
    "access": _("交通案内"),
    "online_url": _("オンライン参加のURL"),
    "things_to_bring": _("持ち物"),
    "eligibility": _("対象"),
    "cancellation_rule": _("キャンセルの決まり"),
    "privacy_notice": _("個人情報の取り扱い"),
    "overflow_notice": _("会場満席時の案内"),
    "promotion": _("キャンセル待ちの方への席の回し方"),
    "offer_hours": _("お返事・ご入金の期限(時間)"),
    "group_size_max": _("1回に申し込める人数"),
    "contact": _("問い合わせ先"),
    "english": _("英語の文"),
    "hosts": _("主催・共催など"),
    "parts": _("部"),
    "fees": _("参加費"),
    "description": _("説明"),
    "day": _("日"),
    "starts": _("開始"),
    "ends": _("終了"),
    "place": _("場所"),
    "planned_by": _("企画"),
    "pools": _("定員"),
}
