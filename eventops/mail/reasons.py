"""Why a letter did not go out, in words for staff: from the phase and code that are stored."""

import re

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

_SENTENCES: tuple[tuple[str, LazyString], ...] = (
    (r"gave_up$", _("何度試しても送れませんでした。")),
    (r"expired$", _("送る時期を過ぎたため、送りませんでした。")),
    (r"unsubscribed$", _("案内メールの配信停止を受けているため、送りませんでした。")),
    (r"(CONNECT|EHLO) ", _("メールサーバーにつながりません。")),
    (r"STARTTLS ", _("メールサーバーと暗号化した通信を始められません。")),
    (r"AUTH ", _("メールサーバーのユーザー名かパスワードが違います。")),
    (r"MAIL 552", _("メールが大きすぎます。")),
    (r"MAIL [4n]", _("メールサーバーがいまは受け付けません。")),
    (r"MAIL ", _("メールサーバーが差出人のアドレスを受け付けません。")),
    (r"SEND ", _("メールを書き出せません。送信の設定を確認してください。")),
    (r"MAKE ", _("メールまたは添付を作れませんでした。")),
    (r"RCPT letters", _("宛先のアドレスに使えない文字があります。")),
    (r"(RCPT|DATA|BACK) .*\b[45]\.2\.2", _("宛先の受信箱がいっぱいです。")),
    (r"(RCPT|DATA|BACK) .*\b5\.7\.", _("宛先のサーバーが受け取りを断りました。")),
    (r"RCPT 552", _("宛先の受信箱がいっぱいです。")),
    (r"RCPT 5", _("宛先のアドレスがありません。")),
    (r"BACK .*5\.1\.", _("届かずに戻ってきました。宛先のアドレスがありません。")),
    (r"BACK\b", _("届かずに戻ってきました。")),
    (r"(RCPT|DATA) [4n]", _("宛先のサーバーがいまは受け取れません。")),
    (r"DATA 552", _("メールが大きすぎます。")),
    (r"DATA ", _("内容のために受け取りを断られました。")),
)
_OTHERWISE = _("送れませんでした。")


def sentence(error: str | None) -> str:
    """One sentence, and the code for whoever looks after the server."""
    if not error:
        return ""
    words = next((words for pattern, words in _SENTENCES if re.match(pattern, error)), _OTHERWISE)
    return f"{words}({error})" if " " in error else str(words)
