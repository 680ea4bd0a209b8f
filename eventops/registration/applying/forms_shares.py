"""Questions to a person about each host that may be given people; none is ticked beforehand."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Form
from wtforms.validators import ValidationError

from eventops.registration import host_words
from eventops.registration.applying.forms import SHARE
from eventops.registration.host_words import Asked


def fields_for(hosts: Sequence[Asked]) -> dict[str, Any]:
    """What a form of a person has beside the names."""
    fields: dict[str, Any] = {SHARE.format(one.id): _field(one) for one in hosts}
    return {**fields, "hosts": hosts}


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
    return ShareField(host_words.question(one), description=host_words.told(one.words), mark=one.words.mark)
