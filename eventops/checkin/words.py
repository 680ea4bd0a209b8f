"""Verdicts, methods and notes in the reader's language: a big word, and a sentence that says what to do."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from eventops.checkin.honours import Telling
from eventops.checkin.models import ScanMethod
from eventops.checkin.rules import Tone, Verdict

TONE_WORDS: dict[Tone, LazyString] = {
    Tone.OK: _("受付OK"),
    Tone.OUT: _("退場"),
    Tone.ALREADY: _("受付済"),
    Tone.ATTENTION: _("要確認"),
    Tone.INVALID: _("無効"),
}

SHORT: dict[Verdict, LazyString] = {
    Verdict.ADMIT: _("受付OK"),
    Verdict.UNPAID: _("受付（未収あり）"),
    Verdict.BACK_IN: _("再入場"),
    Verdict.OVERRULED: _("責任者の判断で受付"),
    Verdict.LEFT: _("退場"),
    Verdict.NOT_INSIDE: _("退場（入場の記録なし）"),
    Verdict.ALREADY_IN: _("受付済"),
    Verdict.NOT_IN_PART: _("申込のない部"),
    Verdict.WAITING: _("キャンセル待ち"),
    Verdict.FULL: _("満席でお断り済"),
    Verdict.ONLINE: _("オンライン参加"),
    Verdict.REPLACED: _("再発行前の参加証"),
    Verdict.CANCELLED: _("取消済"),
    Verdict.WRONG_EVENT: _("別の行事の参加証"),
    Verdict.UNKNOWN_CODE: _("読み取れないコード"),
    Verdict.NOT_ON_DEVICE: _("この端末にない参加証"),
}

SENTENCES: dict[Verdict, LazyString] = {
    Verdict.ADMIT: _("受付しました。"),
    Verdict.UNPAID: _("受付しました。参加費をご確認ください。"),
    Verdict.BACK_IN: _("再入場です。"),
    Verdict.OVERRULED: _("責任者の判断で受付しました。"),
    Verdict.LEFT: _("退場しました。"),
    Verdict.NOT_INSIDE: _("入場の記録がありません。退場として記録しました。"),
    Verdict.ALREADY_IN: _("{time}に「{station}」で受付済みです。"),
    Verdict.NOT_IN_PART: _("この部には申し込まれていません。参加を希望されるときは責任者へ。"),
    Verdict.WAITING: _("この部はキャンセル待ちです。席の有無を責任者に確認してください。"),
    Verdict.FULL: _("この部は満席のためお断りしています。責任者に確認してください。"),
    Verdict.ONLINE: _("この部はオンライン参加でのお申込みです。会場参加に変えるときは責任者へ。"),
    Verdict.REPLACED: _("古い参加証です（代理出席などで再発行済み）。新しい参加証か、氏名の検索で受け付けてください。"),
    Verdict.CANCELLED: _("この参加は取り消されています。"),
    Verdict.WRONG_EVENT: _("「{event}」の参加証です。この行事では使えません。"),
    Verdict.UNKNOWN_CODE: _("この受付の参加証ではありません。氏名で検索してください。"),
    Verdict.NOT_ON_DEVICE: _(
        "この端末にはまだありません。控えを取ったあとの申込か、別の行事の参加証です。"
        "通信が戻ってから読み取り直すか、名刺を預かって責任者に確認してください。"
    ),
}

OFFLINE_UNPAID: LazyString = _("受付しました。参加費が未納です。金額は受付名簿で確かめてください。")
CASH_DUE: LazyString = _("参加費 {amount} をお受け取りください。")
TRANSFER_DUE: LazyString = _("銀行振込 {amount} の入金が未確認です。")
NO_STATION: LazyString = _("窓口の名前なし")
TAKEN_BACK: LazyString = _("取り消し")
UNDONE: LazyString = _("受付を取り消しました。もう一度読み取ると受付できます。")

METHODS: dict[str, LazyString] = {
    ScanMethod.CAMERA: _("カメラ"),
    ScanMethod.KEYBOARD: _("読取機"),
    ScanMethod.SEARCH: _("検索"),
    ScanMethod.WALK_IN: _("当日参加"),
}

TELLINGS: dict[str, LazyString] = {
    Telling.NOT: _("知らせない"),
    Telling.SCREEN: _("受付の画面で"),
    Telling.LETTER: _("受付の画面とメールで"),
}

BY_LETTER_ALONE: LazyString = _("メールで")

CONFLICTS: dict[str, LazyString] = {
    Verdict.ALREADY_IN: _("同じ参加証で2回、別々に通しています。"),
    Verdict.CANCELLED: _("取り消された参加証で通しています。"),
    Verdict.REPLACED: _("再発行前の参加証で通しています。新しい参加証の持ち主ではないかもしれません。"),
    Verdict.NOT_IN_PART: _("この部の申込がない人を通しています。"),
    Verdict.WAITING: _("キャンセル待ちの人を通しています。"),
    Verdict.FULL: _("満席でお断りした人を通しています。"),
    Verdict.ONLINE: _("オンライン参加の人を通しています。"),
    Verdict.WRONG_EVENT: _("別の行事の参加証で通しています。"),
    Verdict.UNKNOWN_CODE: _("登録のない参加証で通しています。"),
}
"""Why somebody who was let in stands on the list for somebody in charge."""
