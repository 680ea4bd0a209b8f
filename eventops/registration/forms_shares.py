"""Questions to a person about each host that may be given people; none is ticked beforehand."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Form
from wtforms.validators import ValidationError

from eventops.languages import language
from eventops.registration.forms import SHARE
from eventops.registration.host_consents import Asked
from eventops.registration.providers import ShareWords


def fields_for(hosts: Sequence[Asked]) -> dict[str, Any]:
    """What a form of a person has beside the names."""
    fields: dict[str, Any] = {SHARE.format(one.id): _field(one) for one in hosts}
    return {**fields, "hosts": hosts}


def told(words: ShareWords) -> str:
    """渡す項目: 氏名、会社・団体。目的: …"""
    columns = ("、" if language() == "ja" else ", ").join(map(str, words.words))
    said = str(_("お渡しする項目: %(columns)s", columns=columns))
    return f"{said} / {_('利用目的')}: {words.purpose}" if words.purpose else said


class ShareField(BooleanField):
    """A tick carries the mark of what was told beside it: one that answers to other words counts for nothing."""

    def __init__(self, *given: Any, mark: str, **kwargs: Any) -> None:
        super().__init__(*given, **kwargs)
        self._mark = mark

    def _value(self) -> str:
        return self._mark

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[:1] == [self._mark]

    def pre_validate(self, form: Form) -> None:
        if self.raw_data and not self.data:
            raise ValidationError(_("お渡しする項目か利用目的が変わりました。お読みのうえ、もう一度お答えください。"))


def _field(one: Asked) -> ShareField:
    label, words = _("共催の%(host)sに提供することに同意する", host=one.host), one.words
    return ShareField(label, description=told(words), mark=words.mark)
