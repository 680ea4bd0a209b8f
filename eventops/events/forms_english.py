"""The English beside the texts of an event: open to leave empty, and then the Japanese stands on the English page."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from wtforms import Form

from eventops.events.fields import LineField, ProseField


class EnglishForm(Form):
    """Texts of an event, named as the Japanese ones are."""

    summary = ProseField(_("内容(英語)"))
    venue_name = LineField(_("会場名(英語)"), 120)
    venue_address = LineField(_("会場の住所(英語)"), 200)
    access = ProseField(_("交通案内(英語)"))
    things_to_bring = ProseField(_("持ち物(英語)"))
    cancellation_rule = ProseField(_("キャンセルの決まり(英語)"))
    overflow_notice = ProseField(_("会場満席時の案内(英語)"))
    privacy_notice = ProseField(_("個人情報の取り扱い(英語)"))
    contact = LineField(_("問い合わせ先(英語)"), 200)


class PartEnglishForm(Form):
    """Texts of a part."""

    place = LineField(_("場所(英語)"), 120)
    planned_by = LineField(_("企画(英語)"), 120)
    description = ProseField(_("説明(英語)"))
    programme = ProseField(_("プログラム(英語)"), description=_("1行に1つ。書き方は日本語と同じです。"))


def written(data: Mapping[str, str | None]) -> dict[str, str]:
    """The texts that there are."""
    return {name: text for name, text in data.items() if text}
