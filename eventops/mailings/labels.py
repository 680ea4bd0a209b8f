"""Stored words of mailings as staff see them."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from eventops.mailings.kinds import TITLES
from eventops.mailings.models import MailingState
from eventops.mailings.rules import LeftOut

__all__ = ["LEFT_OUT", "STATES", "TITLES"]
STATES: dict[str, tuple[LazyString, str]] = {
    MailingState.DRAFT: (_("下書き"), "neutral"),
    MailingState.WRITING: (_("送信中"), "info"),
    MailingState.WRITTEN: (_("送信"), "ok"),
    MailingState.STOPPED: (_("中断"), "warn"),
}
LEFT_OUT: dict[str, LazyString] = {
    LeftOut.NO_ADDRESS: _("メールアドレスがない"),
    LeftOut.NOT_AGREED: _("案内メールに同意していない"),
    LeftOut.UNSUBSCRIBED: _("案内メールの配信を停止した"),
    LeftOut.REGISTERED: _("この行事に申込済み"),
    LeftOut.SAME_ADDRESS: _("同じアドレスに1通だけ送る"),
    LeftOut.CAME_BACK: _("前に送ったメールが戻ってきた"),
    LeftOut.JUST_APPLIED: _("申し込んだばかり（2日以内）"),
    LeftOut.GONE: _("送る前に取り消した、または参加しなくなった"),
    LeftOut.STOPPED: _("送信を止めた"),
}
