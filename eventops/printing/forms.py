"""Forms for papers: how badges look, and whose are printed now."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, ColorField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, Regexp, ValidationError

from eventops.events.fields import IntegerTypedField, LineField, Within, narrowed, required
from eventops.events.models import Event
from eventops.printing import logos, vocabulary
from eventops.printing.layouts import CATEGORIES, Layout, Look, Script, Shown, Size
from eventops.printing.runs import Choice
from eventops.printing.stocks import ADDRESSES, BADGES, Stock
from eventops.registration import labels

_FARTHEST = 15.0
_NUMBER = re.compile(r"[0-9]{1,9}")


_WRONG_TONE = _("色を選び直してください。")


class ShiftField(StringField):
    """A few millimetres as people type them: -0.5, ０．５."""

    data: float | None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = narrowed("".join(valuelist[:1])).removesuffix("mm").replace("−", "-").strip()
        try:
            self.data = float(text or 0)
        except ValueError as error:
            self.data = None
            raise ValueError(gettext("数字で入力してください。")) from error

    def _value(self) -> str:
        return "".join(self.raw_data[:1]) if self.raw_data else f"{self.data or 0:g}"

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and not abs(self.data) <= _FARTHEST:
            raise ValidationError(gettext("-15から15までにしてください。"))


class BadgeLayoutForm(FlaskForm):
    """Fields for sizes and places, words and tones are added by `layout_form`."""

    stock = SelectField(_("まとめて印刷する用紙"), choices=[])
    desk_stock = SelectField(
        _("当日、受付で1枚ずつ印刷する用紙"), choices=[], description=_("当日参加の方や、刷り直しに使います。")
    )
    ruby = BooleanField(
        _("氏名の上にふりがなを付ける"), description=_("「ふりがな(1行で)」を出すときは、そちらだけになります。")
    )
    script = RadioField(_("ふりがなの文字"), choices=[])
    free_text = LineField(_("自由な1行の内容"), 60, description=_("全員の名札に同じ文が入ります。例: 会場内は禁煙です"))
    qr = BooleanField(_("受付用のQRコード"))
    band = BooleanField(_("区分の帯(言葉・色・模様)"))
    logo = FileField(_("ロゴの画像"), description=_("PNGかJPEG、300KBまで。白い紙に印刷されます。"))
    logo_id = HiddenField(filters=[lambda value: value if _NUMBER.fullmatch(str(value)) else None])
    no_logo = BooleanField(_("ロゴを外す"))
    crop_marks = BooleanField(_("切り取りの目印(トンボ)を付ける"), description=_("普通紙に印刷して切るとき。"))
    shift_x = ShiftField(_("右へずらす(ミリ)"), render_kw={"class": "input-short", "inputmode": "decimal"})
    shift_y = ShiftField(_("下へずらす(ミリ)"), render_kw={"class": "input-short", "inputmode": "decimal"})

    def validate_logo(self, field: Any) -> None:
        found = logos.fault(self.picture()) if self.has_file() else None
        if found is not None:
            raise ValidationError(str(vocabulary.FAULT_WORDS[found]))

    def has_file(self) -> bool:
        return bool(self.logo.data and self.logo.data.filename)

    def picture(self) -> bytes:
        """The file that was chosen now; read as often as asked."""
        self.logo.data.stream.seek(0)
        content: bytes = self.logo.data.stream.read(logos.LARGEST + 1)
        return content

    @property
    def kept_logo_id(self) -> int | None:
        return None if self.no_logo.data or not self.logo_id.data else int(self.logo_id.data)

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """What may be shown, with the fields of its size and of its place."""
        return [(vocabulary.SHOWN_WORDS[line], self[f"size_{line}"], self[f"place_{line}"]) for line in Shown]

    @property
    def categories(self) -> list[tuple[Any, Any, Any]]:
        return [(labels.BADGES[key], self[f"word_{key}"], self[f"tone_{key}"]) for key in CATEGORIES]

    @property
    def has_category_errors(self) -> bool:
        return any(word.errors or tone.errors for _name, word, tone in self.categories)

    def layout(self) -> Layout:
        """What was typed, in the order of the places; those who share a place keep the usual order."""
        chosen = sorted(Shown, key=lambda line: int(self[f"place_{line}"].data))
        return Layout(
            stock=self.stock.data,
            desk_stock=self.desk_stock.data,
            lines=tuple((line, Size(self[f"size_{line}"].data)) for line in chosen),
            ruby=bool(self.ruby.data),
            script=Script(self.script.data),
            qr=bool(self.qr.data),
            band=bool(self.band.data),
            free_text=self.free_text.data or "",
            crop_marks=bool(self.crop_marks.data),
            shift_x=self.shift_x.data or 0.0,
            shift_y=self.shift_y.data or 0.0,
            looks={
                key: Look(word=self[f"word_{key}"].data, tone=self[f"tone_{key}"].data, pattern=look.pattern)
                for key, look in CATEGORIES.items()
            },
        )


def layout_form(layout: Layout, logo_id: int | None) -> BadgeLayoutForm:
    """The form with what is stored, or with what was sent."""
    fields: dict[str, Any] = {}
    for line in Shown:
        fields[f"size_{line}"] = SelectField(_("大きさ"), choices=_choices(vocabulary.SIZE_WORDS.items()))
        places = [(str(place), str(place)) for place in range(1, len(Shown) + 1)]
        fields[f"place_{line}"] = SelectField(_("順番"), choices=_choices(places))
    for key in CATEGORIES:
        fields[f"word_{key}"] = LineField(_("言葉"), 12, validators=[required()])
        fields[f"tone_{key}"] = ColorField(_("色"), validators=[Regexp(r"#[0-9a-fA-F]{6}\Z", message=_WRONG_TONE)])
    form: BadgeLayoutForm = type("BadgeLayoutFormOfEvent", (BadgeLayoutForm,), fields)(data=_data(layout, logo_id))
    form.stock.choices = form.desk_stock.choices = _choices(vocabulary.badge_stock_words())
    form.script.choices = _choices(vocabulary.SCRIPT_WORDS.items())
    return form


def _data(layout: Layout, logo_id: int | None) -> dict[str, Any]:
    plain = ("stock", "desk_stock", "ruby", "script", "qr", "band", "free_text", "crop_marks", "shift_x", "shift_y")
    data = {name: getattr(layout, name) for name in plain} | {"logo_id": logo_id}
    for place, (line, size) in enumerate(layout.lines, start=1):
        data |= {f"size_{line}": str(size), f"place_{line}": str(place)}
    for key, look in layout.looks.items():
        data |= {f"word_{key}": look.word, f"tone_{key}": look.tone}
    return data


def _first_label() -> IntegerTypedField:
    return IntegerTypedField(
        _("何番目のラベルから"),
        description=_("使いかけの用紙なら、左上から右へ数えた番号。"),
        validators=[Optional(), Within(1, 99, message=_("1から用紙の面数までの数字にしてください。"))],
        render_kw={"class": "input-short"},
    )


def _refuse_beyond(stock: Stock | None, field: Any) -> None:
    if field.data and stock is not None and field.data > stock.labels:
        raise ValidationError(gettext("この用紙は%(n)s面です。", n=stock.labels))


class ChoiceForm(FlaskForm):
    """Whose badges."""

    category = SelectField(_("区分"), choices=[])
    part = SelectField(_("部"), choices=[])
    from_row = SelectField(_("会社・団体の五十音(から)"), choices=[])
    to_row = SelectField(_("会社・団体の五十音(まで)"), choices=[])
    again = BooleanField(_("印刷済みの方も、もう一度印刷する"))
    stock = SelectField(_("用紙"), choices=[])
    first = _first_label()

    def offer(self, event: Event) -> "ChoiceForm":
        every = [("", gettext("すべて"))]
        self.category.choices = _choices([*every, *((str(key), word) for key, word in labels.BADGES.items())])
        self.part.choices = _choices([*every, *((str(part.id), part.title) for part in event.parts)])
        self.from_row.choices = self.to_row.choices = _choices([*every, *vocabulary.row_words()])
        self.stock.choices = _choices(vocabulary.badge_stock_words())
        return self

    def validate_first(self, field: Any) -> None:
        _refuse_beyond(BADGES.get(self.stock.data), field)

    def choice(self) -> Choice:
        return Choice(
            again=bool(self.again.data),
            category=self.category.data or "",
            part_id=int(self.part.data) if self.part.data else None,
            from_row=self.from_row.data or "",
            to_row=self.to_row.data or "",
        )


class CertificateForm(FlaskForm):
    """Which certificates."""

    kind = RadioField(_("種類"), choices=[])
    part = SelectField(_("部"), choices=[])

    def offer(self, event: Event) -> "CertificateForm":
        self.kind.choices = _choices(vocabulary.CERTIFICATE_WORDS.items())
        every = ("", gettext("受付したすべての部"))
        self.part.choices = _choices([every, *((str(part.id), part.title) for part in event.parts)])
        return self

    @property
    def part_ids(self) -> set[int] | None:
        return {int(self.part.data)} if self.part.data else None


class AddressForm(FlaskForm):
    """Labels for letters on paper."""

    who = RadioField(_("宛名"), choices=[], default="company")
    stock = SelectField(_("用紙"), choices=[])
    first = _first_label()

    def offer(self) -> "AddressForm":
        self.who.choices = _choices(
            [("company", gettext("申込ごとに1枚(申込者あて)")), ("person", gettext("参加者ごとに1枚"))]
        )
        self.stock.choices = _choices((key, vocabulary.sheet_word(stock)) for key, stock in ADDRESSES.items())
        return self

    def validate_first(self, field: Any) -> None:
        _refuse_beyond(ADDRESSES.get(self.stock.data), field)


def _choices(pairs: Any) -> list[SelectChoice]:
    return [SelectChoice(str(value), word) for value, word in pairs]
