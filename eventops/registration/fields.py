"""Form fields for people and companies: readings, addresses and numbers as typed, put right where that is safe."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import EmailField, Field, Form, StringField, TelField
from wtforms.validators import DataRequired, Email, EqualTo, Length, StopValidation, ValidationError

from eventops.directory import kana, names
from eventops.events.fields import REQUIRED, at_most

_DASHES = re.compile(r"(?<=\d)[ー―‐‑‒–—−─](?=\d)")
_READING = re.compile(r"[ァ-ヺー・A-Z0-9&.\- ]+")
_PHONE = re.compile(r"\+?[0-9()\- ]{9,20}")


def filled() -> DataRequired:
    """Blanks alone are nothing."""
    return DataRequired(message=REQUIRED)


def one_line(text: str | None) -> str:
    """Without control characters, and with single blanks; old shapes of characters in names stay as they are."""
    text = text or ""
    if not text.isprintable():
        text = "".join(letter if unicodedata.category(letter)[0] != "C" else " " for letter in text)
    return " ".join(text.split())


def reading(text: str | None) -> str:
    """Katakana, whatever script it was typed in."""
    return kana.katakana(one_line(text)).upper()


def company_reading(text: str | None) -> str:
    """The reading as registers have it: without カブシキガイシャ in front or behind."""
    read = reading(text)
    return names.parse(read).core if names.parse(read).form else read


def address(text: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", one_line(text)).split()).lower()


def phone(text: str | None) -> str:
    """Digits and hyphens, from full-width typing as well: ００－１２３４ is 00-1234."""
    return unicodedata.normalize("NFKC", _DASHES.sub("-", _narrow_digits(one_line(text))))


def _narrow_digits(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", letter) if letter.isdigit() else letter for letter in text)


def is_reading(_form: Form, field: Field) -> None:
    if field.data and not _READING.fullmatch(field.data):
        raise ValidationError(_("フリガナはカタカナで入力してください。"))


def is_phone(_form: Form, field: Field) -> None:
    if field.data and not _PHONE.fullmatch(field.data):
        raise ValidationError(_("電話番号は市外局番から数字で入力してください(例: 042-631-1140)。"))


def stop_if_empty(_form: Form, field: Field) -> None:
    """Nothing typed is nothing to complain about."""
    if not field.data:
        field.errors = []
        raise StopValidation


class NameField(StringField):
    """A name as its owner writes it."""

    def __init__(self, label: Any, length: int, *, must: bool = True, **kwargs: Any) -> None:
        validators = [filled()] if must else []
        super().__init__(label, validators=[*validators, at_most(length)], filters=[one_line], **kwargs)


class ReadingField(StringField):
    """A reading; hiragana and half-width kana become katakana."""

    def __init__(self, label: Any, length: int, *, must: bool = True, **kwargs: Any) -> None:
        validators = [filled()] if must else []
        kwargs.setdefault("filters", [reading])
        kwargs["render_kw"] = {"data-kana": True, **kwargs.get("render_kw", {})}
        super().__init__(label, validators=[*validators, at_most(length), is_reading], **kwargs)


class AddressField(EmailField):
    """A mail address, with full-width letters and stray blanks put right."""

    def __init__(self, label: Any, *, must: bool = True, **kwargs: Any) -> None:
        said = _("メールアドレスの形になっていません。例: hanako@example.co.jp")
        validators = [filled() if must else stop_if_empty, Length(max=254), Email(message=said)]
        super().__init__(label, validators=validators, filters=[address], **kwargs)


class AddressAgainField(EmailField):
    """The address of another field once more: whether it is one is said beside the other."""

    def __init__(self, label: Any, other: str, **kwargs: Any) -> None:
        same = EqualTo(other, message=_("上のメールアドレスと一致しません。"))
        super().__init__(label, validators=[filled(), same], filters=[address], **kwargs)


class PhoneField(TelField):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, validators=[filled(), is_phone], filters=[phone], **kwargs)
