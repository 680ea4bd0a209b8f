"""Form fields that read what people type (full-width digits, commas, 円) and say plainly what they could not read."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Length, StopValidation, ValidationError

from eventops import clock

REQUIRED = _("入力してください。")
NOT_CHOSEN = _("選んでください。")
NOT_TICKED = _("チェックを入れてください。")
UNITS = ",円名人 "


class Required:
    """Something other than blanks was typed or chosen; what could not be read keeps its own sentence."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads a plain dict

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.raw_data or not str(field.raw_data[0]).strip():
            field.errors = []
            raise StopValidation(str(_missing(field)))


def _missing(field: Any) -> Any:
    if isinstance(field, BooleanField):
        return NOT_TICKED
    return NOT_CHOSEN if isinstance(field, SelectField) else REQUIRED


class Within:
    """A number between two others; one left open or unreadable is another validator's affair."""

    def __init__(self, least: int, most: int, message: Any) -> None:
        self.least, self.most, self.message = least, most, message

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data is not None and not self.least <= field.data <= self.most:
            raise ValidationError(str(self.message))


def required() -> Required:
    return Required()


def at_most(length: int) -> Length:
    return Length(max=length, message=_("%(max)d文字までにしてください。"))


def tidy(text: str | None) -> str:
    """Without surrounding blanks and without characters that no database keeps."""
    return (text or "").replace("\x00", "").replace("\r\n", "\n").strip()


def narrowed(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


class LineField(StringField):
    """One line of text."""

    def __init__(self, label: Any, length: int, **kwargs: Any) -> None:
        validators = [*kwargs.pop("validators", []), at_most(length)]
        super().__init__(label, validators=validators, filters=[tidy], **kwargs)


class ProseField(TextAreaField):
    """Several lines of text."""

    def __init__(self, label: Any, length: int = 4000, **kwargs: Any) -> None:
        validators = [*kwargs.pop("validators", []), at_most(length)]
        super().__init__(label, validators=validators, filters=[tidy], **kwargs)


class IntegerTypedField(IntegerField):
    """A whole number as people type it: １００, 3,000円."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = "".join(sign for sign in narrowed("".join(valuelist[:1])) if sign not in UNITS)
        try:
            self.data = int(text) if text else None
        except ValueError as error:
            self.data = None
            raise ValueError(gettext("数字で入力してください。")) from error


class DayField(DateField):
    """A day: 2027-01-22, also with slashes."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, format=["%Y-%m-%d", "%Y/%m/%d"], **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = narrowed("".join(valuelist[:1]))
        if valuelist and not text:
            self.process_data(None)
        try:
            super().process_formdata([text] if text else [])
        except ValueError as error:
            raise ValueError(gettext("日付を読み取れません。2027-01-22 の形で入力してください。")) from error


class ClockField(TimeField):
    """A time of day: 17:00, also 1700."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, format=["%H:%M", "%H:%M:%S", "%H%M"], **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = narrowed("".join(valuelist[:1]))
        if valuelist and not text:
            self.process_data(None)
        try:
            super().process_formdata([text] if text else [])
        except ValueError as error:
            raise ValueError(gettext("時刻を読み取れません。17:00 の形で入力してください。")) from error


class MomentField(DateTimeLocalField):
    """A day and time on Japan's clock, given as an aware moment."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"]
        super().__init__(label, format=formats, **kwargs)

    def process_data(self, value: dt.datetime | None) -> None:
        self.data = value.astimezone(clock.TOKYO) if value is not None else None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = narrowed("".join(valuelist[:1]))
        if not text:
            self.data = None
            return
        try:
            super().process_formdata([text])
        except ValueError as error:
            raise ValueError(gettext("日時を読み取れません。2027-01-15 17:00 の形で入力してください。")) from error
        self.data = self.data and self.data.replace(tzinfo=clock.TOKYO)
