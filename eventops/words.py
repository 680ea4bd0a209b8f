"""The one table of words for the codes that the domain raises. Details fill the braces."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from eventops.errors import DomainError

ERRORS: dict[str, LazyString] = {
    "refused": _("この操作はできません。"),
    "not_found": _("お探しのページまたは情報が見つかりません。"),
    "bad_link": _("このリンクは使えません。最新のメールに記載のリンクをお使いください。"),
    "stale": _("ほかの人が先に変更しました。最新の内容を確認してから、もう一度操作してください。"),
    "set_up_already": _("初期設定は済んでいます。"),
    "email_taken": _("このメールアドレスの職員は登録済みです。"),
    "last_administrator": _("管理者がいなくなります。先に別の管理者を決めてください。"),
    "letter_not_waiting": _("このメールは、いまの状態ではこの操作ができません。画面を読み込み直してください。"),
    "meeting_forbidden": _("ここには置けません。"),
    "meeting_locked": _("固定した面談は動かせません。先に固定を外してください。"),
    "locks_broken": _("いまの条件に合わない面談が固定されています。赤い面談の固定を外してから、作り直してください。"),
    "bad_facts": _("このままでは時間割を作れません。都合・ニーズ・枠の内容を確認してください。"),
    "remedy_gone": _(
        "この対策は、いまの条件には当てはまりません。時間割の画面を開き直し、必要なら「作り直す」で調べ直してください。"
    ),
    "changed_since": _(
        "そのあとに同じところが変えられているため、まとめて取り消せません。"
        "新しい変更から順に取り消すか、都合・ニーズ・枠の画面で直してください。"
    ),
    "nothing_to_undo": _("これ以上は戻せません。"),
    "nothing_to_schedule": _("時間割を作る材料がありません。面談の枠・卓・面談希望を確認してください。"),
    "bad_ticket": _("この参加証は読み取れません。この行事の参加証かどうかを確認してください。"),
    "too_many_issues": _("この参加証はこれ以上再発行できません。新しい申込として登録してください。"),
    "not_open_not_yet": _("申込の受付はまだ始まっていません。"),
    "not_open_closed": _("申込の受付は終了しました。"),
    "not_open_cancelled": _("この行事は中止になりました。"),
    "sold_out": _("満席のため、お申込みいただけません。キャンセル待ちなど、ほかの参加方法をお選びください。"),
    "not_eligible": _("この参加区分は、お選びの会員区分ではお申込みいただけません。"),
    "not_invited": _(
        "この参加区分は、ご案内した企業の方のみお申込みいただけます。"
        "ご案内をお受け取りの場合は、会社・団体名をご案内の宛名のとおりにご入力ください。"
    ),
    "bad_wish": _("参加区分を選んでください。"),
    "too_late": _("画面から変更できる期限を過ぎました。お手数ですが、事務局までご連絡ください。"),
    "cancelled_already": _("このお申込みは取消済みです。"),
    "nothing_to_publish": _("確定できる時間割がまだありません。先に時間割を作成してください。"),
    "nothing_changed": _("前の版から変わったところがありません。確定し直す必要はありません。"),
    "broken_timetable": _("条件に合わない面談があるため、確定できません。時間割の赤い面談を直してください。"),
    "slug_taken": _("公開URLの名前「{slug}」は別の行事が使っています。"),
    "code_taken": _("行事コード「{event_code}」は別の行事が使っています。"),
    "event_not_ready": _("このままでは公開できません。行事の概要で「公開の前に必要」の項目を直してください。"),
    "event_move_refused": _("いまの状態からは、この操作はできません。行事の概要を確認してください。"),
    "event_not_draft": _("公開した行事は元に戻せません。募集の画面で直して保存してください。"),
    "part_in_use": _("「{part}」には申込か面談の準備があるため、削除できません。"),
    "mode_in_use": _("「{part}」のこの参加方法には申込があるため、外せません。"),
    "no_timetable": _("印刷できる時間割がまだありません。先に時間割を作成してください。"),
    "no_matching": _("この行事にはクローズドマッチングの部がありません。先に募集の画面で部を追加してください。"),
    "slots_overlap": _("枠 {later} が枠 {earlier} と重なっています。時刻を直してください。"),
    "slot_in_use": _("枠 {slot} は時間割で使われているため、なくせません。「使う」を外すと、次から使いません。"),
    "table_in_use": _("卓{table} は時間割で使われているため、なくせません。「使う」を外すと、次から使いません。"),
    "number_taken": _("「{code}」はもう使われています。別の番号にしてください。"),
    "application_state": _("いまの状態からは、この操作はできません。応募の状態を確認してください。"),
    "in_timetable": _("時間割に入っているため、削除できません。時間割から外してから、もう一度お試しください。"),
    "not_duplicates": _("この2件は同じ会社・同じニーズの応募ではありません。一覧を読み込み直してください。"),
    "entries_closed": _("このニーズへの応募は、現在受け付けていません。"),
    "import_refused": _("ファイルに{count}か所の問題があるため、何も取り込んでいません。直してからお試しください。"),
    "upload_gone": _("確認中のファイルが見つかりません。もう一度ファイルを選んでください。"),
    "no_room": _("満席のため登録していません。"),
    "bad_scan": _("読み取りの内容を受け取れませんでした。画面を読み込み直してください。"),
    "countered_already": _("この記録は訂正済みです。画面を読み込み直してください。"),
    "not_overpaid": _("返金できるのは、入金額が参加費を上回る分（{yen}円）までです。"),
    "bad_amount": _("金額が正しくありません。1円以上の金額を入力してください。"),
    "nothing_to_document": _("発行できる金額がありません。お支払い済みの分は、すでに発行されています。"),
    "not_paid_yet": _("ご入金を確認できてから、領収書を発行できます。"),
    "nobody_to_remind": _("送る相手がありません。すでにお支払い済みか、選ばれていません。"),
    "taken_back_already": _("この書類は取消済みです。"),
    "line_settled": _("この明細は処理済みです。画面を読み込み直してください。"),
    "unreadable_bank_file": _("銀行のファイルとして読み取れません。{detail}"),
    "bank_file_known": _("このファイルは{day}に取込済みです。何も取り込んでいません。"),
    "already_running": _("同じ処理が進行中です。終わるまでお待ちください。"),
}

EXPIRED_PAGE = _("画面を開いてから時間がたちました。読み込み直して、もう一度お試しください。")

STATUS: dict[int, LazyString] = {
    400: _("送信された内容を読み取れませんでした。前のページに戻って、もう一度お試しください。"),
    401: _("サインインが必要です。もう一度サインインしてください。"),
    403: _("この操作をする権限がありません。管理者に確認してください。"),
    404: _("お探しのページまたは情報が見つかりません。"),
    405: _("この操作はできません。"),
    409: _("ほかの操作と重なりました。最新の内容を確認してください。"),
    413: _("送信されたファイルまたは内容が大きすぎます。10MBまでにしてください。"),
    429: _("短い時間に操作が続きました。1分ほど待ってから、もう一度お試しください。"),
    500: _("申し訳ありません。システムの内部で問題が起きました。入力された内容は変更されていません。"),
}

ACTIONS: dict[str, LazyString] = {
    "timetable_published": _("時間割を確定した"),
    "remedy_applied": _("時間割の対策を行った"),
    "remedy_agreed": _("時間割の対策に了解を得た"),
    "remedy_taken_back": _("時間割の対策を取り消した"),
    "signed_in": _("サインインした"),
    "user_created": _("職員を追加した"),
    "user_changed": _("職員の役割か状態を変えた"),
    "password_changed": _("パスワードを変えた"),
    "letter_sent_again": _("メールを再送した"),
    "letter_cancelled": _("メールの送信を取り消した"),
    "registration_made": _("申し込んだ"),
    "registration_cancelled": _("申込を取り消した"),
    "attendee_changed": _("参加者の情報を変えた"),
    "attendee_substituted": _("代理の方に変えた"),
    "places_changed": _("参加区分を変えた"),
    "place_promoted": _("キャンセル待ちから繰り上がった"),
    "price_category_changed": _("料金区分を変えた"),
    "link_replaced": _("専用リンクを新しくした"),
    "staff_note_changed": _("職員のメモを変えた"),
    "event_created": _("行事を作った"),
    "event_copied": _("前回をコピーして行事を作った"),
    "event_saved": _("行事を編集した"),
    "event_restored": _("行事を前の内容に戻した"),
    "event_published": _("行事を公開した"),
    "event_reopened": _("募集を再開した"),
    "event_closed": _("募集を終了した"),
    "event_withdrawn": _("行事を下書きに戻した"),
    "event_cancelled": _("行事を中止にした"),
    "step_ticked": _("作業を済みにした"),
    "step_unticked": _("作業を済みでなくした"),
    "organiser_changed": _("主催者の情報を変えた"),
    "scan_undone": _("受付を取り消した"),
    "fee_received": _("参加費を受け取った"),
    "payment_recorded": _("入金を記録した"),
    "payment_corrected": _("入金の記録を訂正した"),
    "payment_refunded": _("返金を記録した"),
    "payment_terms_changed": _("お支払いの条件を変えた"),
    "payment_reminded": _("お支払いのお願いを送った"),
    "cash_closed": _("現金の締めを記録した"),
    "document_issued": _("請求書か領収書を発行した"),
    "document_taken_back": _("請求書か領収書を取り消した"),
    "document_reissued": _("書類を再発行した"),
    "bank_file_imported": _("銀行のファイルを取り込んだ"),
    "bank_line_booked": _("銀行の明細を消し込んだ"),
    "bank_line_ignored": _("銀行の明細を対象外にした"),
    "bank_line_reopened": _("銀行の明細を未処理に戻した"),
    "round_changed": _("面談の枠と卓を変えた"),
    "sheet_imported": _("表を取り込んだ"),
    "need_saved": _("ニーズを保存した"),
    "application_saved": _("応募を保存した"),
    "screened": _("選考を保存した"),
    "application_moved": _("応募の状態を変えた"),
    "application_merged": _("重複した応募をまとめた"),
    "limit_saved": _("都合を保存した"),
    "pair_saved": _("競合の組を保存した"),
    "exclusion_saved": _("対象外の団体を保存した"),
    "row_deleted": _("削除した"),
    "organisation_saved": _("団体を保存した"),
}

SUBJECTS: dict[str, LazyString] = {
    "timetable": _("時間割"),
    "matching_round": _("マッチング"),
    "need": _("ニーズ"),
    "application": _("応募"),
    "participant_limit": _("都合"),
    "competitor_pair": _("競合の組"),
    "exclusion": _("対象外の団体"),
    "directory": _("名簿"),
    "organisation": _("団体"),
    "staff_user": _("職員"),
    "organiser": _("主催者"),
    "event": _("行事"),
    "registration": _("申込"),
    "attendee": _("参加者"),
    "letter": _("メール"),
    "document": _("請求書・領収書"),
    "bank_file": _("銀行のファイル"),
    "bank_line": _("銀行の明細"),
}


def sentence(error: DomainError) -> str:
    """The error in the reader's language."""
    words = ERRORS.get(error.code, ERRORS["refused"])
    return str(words).format_map(_Details(error.details))


class _Details(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""
