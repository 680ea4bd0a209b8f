"""Forms of events: a new one, a copy, and the one page on which an event is edited."""

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from eventops import clock
from eventops.events.fields import (
    ClockField,
    DayField,
    IntegerTypedField,
    LineField,
    MomentField,
    ProseField,
    Within,
    required,
)
from eventops.events.forms_english import EnglishForm, PartEnglishForm
from eventops.events.models import OFFER_HOURS, Eligibility, EventKind, HostRole, PartKind, Promotion
from eventops.events.vocabulary import (
    ELIGIBILITY_WORDS,
    HOST_ROLE_WORDS,
    KIND_WORDS,
    PART_KIND_WORDS,
    PROMOTION_WORDS,
)

MOST_HOSTS = 30
MOST_PARTS = 20
MOST_SEATS = 100_000
MOST_YEN = 10_000_000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")
YEARS = range(2000, 2101)


def choices(words: Any) -> list[SelectChoice]:
    return [SelectChoice(str(value), word) for value, word in words.items()]


def seats(label: Any, hint: Any = "") -> IntegerTypedField:
    """A number of people that may be left open."""
    limits = Within(0, MOST_SEATS, message=_("0から100,000までの数字にしてください。"))
    return IntegerTypedField(
        label, description=hint, validators=[Optional(), limits], render_kw={"class": "input-short"}
    )


def yen(label: Any) -> IntegerTypedField:
    """A price that may be left open."""
    limits = Within(0, MOST_YEN, message=_("0円から10,000,000円までにしてください。"))
    return IntegerTypedField(label, validators=[Optional(), limits], render_kw={"class": "input-short"})


def release_day() -> DayField:
    """When seats kept back go to everybody."""
    hint = _("この日に、残った取置の席をキャンセル待ちの方と一般の方へ自動で回します。空欄は手で開放します。")
    return DayField(_("取置を開放する日"), description=hint, validators=[Optional(), sensible_year])


def sensible_year(_form: Any, field: Any) -> None:
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(gettext("2000年から2100年までの日付にしてください。"))


def both_prices(form: Any, mode: str) -> None:
    """A price for members alone leaves guests wondering: 0 has to be said."""
    member, general = form[f"{mode}_member_yen"], form[f"{mode}_general_yen"]
    if member.data is None and general.data is not None and not member.errors:
        member.errors = [gettext("会員の金額も入力してください(無料は0)。")]
    if general.data is None and member.data is not None and not general.errors:
        general.errors = [gettext("一般の金額も入力してください(無料は0)。")]


class PriceFields(Form):
    """Prices by mode and membership; left open, nothing is charged."""

    onsite_member_yen = yen(_("会場・会員(円)"))
    onsite_general_yen = yen(_("会場・一般(円)"))
    online_member_yen = yen(_("オンライン・会員(円)"))
    online_general_yen = yen(_("オンライン・一般(円)"))

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for mode in ("onsite", "online"):
            both_prices(self, mode)
        return not any(field.errors for field in self)


class HostForm(Form):
    role = SelectField(_("役割"), choices=choices(HOST_ROLE_WORDS), default=HostRole.HOST)
    name = LineField(_("名称"), 160, render_kw={"list": "known-bodies", "autocomplete": "off"})
    name_en = LineField(_("名称(英語)"), 160)


class PartForm(PriceFields):
    id = HiddenField()
    title = LineField(_("部の名前"), 120, description=_("例: 第1部 新春講演会"), validators=[required()])
    kind = SelectField(_("内容の種類"), choices=choices(PART_KIND_WORDS), default=PartKind.LECTURE)
    starts = ClockField(_("開始"), validators=[required()])
    ends = ClockField(_("終了"), validators=[required()])
    is_provisional = BooleanField(_("時間に(予定)と付ける"))
    day = DayField(_("日(開催日と違うときだけ)"), validators=[Optional(), sensible_year])
    place = LineField(_("場所"), 120, description=_("会場のどこか。例: 2Fホール"))
    eligibility = SelectField(_("対象"), choices=choices(ELIGIBILITY_WORDS), default=Eligibility.ANYONE)
    planned_by = LineField(
        _("企画"), 120, description=_("例: 営業・売上UP分科会"), render_kw={"list": "known-planners"}
    )
    description = ProseField(_("説明"), description=_("講師、題目など"))
    programme = ProseField(
        _("プログラム"),
        description=_("1行に1つ。例: 17:10 基調講演「次の10年」(仮) / 山田太郎(○○大学)"),
    )
    onsite = BooleanField(_("会場で参加できる"), default=True, render_kw={"data-default": True})
    onsite_capacity = seats(_("会場の定員"), _("空欄は定員なし"))
    onsite_reserved = seats(_("うち取置"), _("来賓・講師など"))
    onsite_released_on = release_day()
    online = BooleanField(_("オンラインで参加できる"))
    online_capacity = seats(_("オンラインの定員"), _("空欄は定員なし"))
    online_reserved = seats(_("うち取置"), _("来賓・講師など"))
    online_released_on = release_day()
    title_en = LineField(_("部の名前(英語)"), 160)
    english = FormField(PartEnglishForm, _("英語の文"))

    def validate_ends(self, field: Any) -> None:
        if self.starts.data is not None and field.data is not None and field.data <= self.starts.data:
            raise ValidationError(gettext("終了は開始より後にしてください。"))

    def validate_onsite(self, field: Any) -> None:
        if not field.data and not self.online.data:
            raise ValidationError(gettext("会場かオンラインの少なくとも一方を選んでください。"))

    def validate_onsite_reserved(self, field: Any) -> None:
        _within(field, self.onsite_capacity)

    def validate_online_reserved(self, field: Any) -> None:
        _within(field, self.online_capacity)

    def validate_onsite_released_on(self, field: Any) -> None:
        _in_the_future(field, self.onsite_reserved)

    def validate_online_released_on(self, field: Any) -> None:
        _in_the_future(field, self.online_reserved)


def _within(reserved: Any, capacity: Any) -> None:
    if reserved.data and capacity.data is not None and reserved.data > capacity.data:
        raise ValidationError(gettext("取置は定員以下にしてください。"))


def _in_the_future(released_on: Any, reserved: Any) -> None:
    """A day that has come would let go at once what was just kept back."""
    if reserved.data and released_on.data is not None and released_on.data <= clock.today():
        raise ValidationError(gettext("開放する日は明日以降にしてください。手で開放する場合は空欄にします。"))


class EventForm(FlaskForm, PriceFields):
    seen_at = HiddenField()
    title = LineField(_("行事名"), 160, validators=[required()])
    is_provisional = BooleanField(_("行事名に(仮)と付ける"))
    kind = SelectField(_("種類"), choices=choices(KIND_WORDS))
    series_name = LineField(
        _("シリーズ"),
        120,
        description=_("毎年続く行事の名前。例: TAMA技術連携交流会"),
        render_kw={"list": "series-names"},
    )
    edition = IntegerTypedField(
        _("第何回"),
        validators=[Optional(), Within(1, 999, message=_("1から999までの数字にしてください。"))],
        render_kw={"class": "input-short"},
    )
    held_on = DayField(
        _("開催日"),
        description=_(
            "変えると、日を決めていない部も動きます。公開前は、同時に直さなかった申込締切なども同じ日数だけ動きます。"
        ),
        validators=[required(), sensible_year],
        render_kw={"class": "input-middle"},
    )
    summary = ProseField(_("内容"), description=_("募集ページの最初に出ます。"))
    eligibility = SelectField(_("対象"), choices=choices(ELIGIBILITY_WORDS))
    venue_name = LineField(_("会場名"), 120)
    venue_address = LineField(_("会場の住所"), 200)
    access = ProseField(_("交通案内"), description=_("例: JR八王子駅 徒歩10分"))
    online_url = LineField(_("オンライン参加のURL"), 300, description=_("オンライン参加の方だけにお知らせします。"))
    things_to_bring = ProseField(_("持ち物"))
    applications_open_at = MomentField(
        _("申込開始"), description=_("空欄は公開と同時"), validators=[Optional()], render_kw={"class": "input-middle"}
    )
    applications_close_at = MomentField(
        _("申込締切"), validators=[required(), sensible_year], render_kw={"class": "input-middle"}
    )
    general_opens_at = MomentField(
        _("会員以外の方の申込開始"),
        description=_("会員優先の行事で、それまでは会員だけが申し込めます。空欄は会員と同時"),
        validators=[Optional(), sensible_year],
        render_kw={"class": "input-middle"},
    )
    answers_close_at = MomentField(
        _("質問への回答の締切"),
        description=_("それまでは参加者が回答を変えられます。空欄は申込締切と同じ"),
        validators=[Optional(), sensible_year],
        render_kw={"class": "input-middle"},
    )
    sensitive_days = IntegerTypedField(
        _("配慮が必要な情報を残す日数"),
        description=_("アレルギーや障害の情報を、行事の後何日で消すか"),
        validators=[required(), Within(0, 365, message=_("0から365までの数字にしてください。"))],
        render_kw={"class": "input-short"},
    )
    free_cancellation_until = MomentField(
        _("無料キャンセルの期限"), validators=[Optional()], render_kw={"class": "input-middle"}
    )
    cancellation_rule = ProseField(_("キャンセルの決まり"))
    overflow_notice = ProseField(_("会場満席時の案内"), description=_("オンラインへの振替をお願いするときの文"))
    promotion = SelectField(
        _("キャンセル待ちの方への席の回し方"),
        choices=choices(PROMOTION_WORDS),
        default=Promotion.AT_ONCE,
        description=_("会場で支払う方には、入金ではなくお返事をお願いします。"),
    )
    offer_hours = IntegerTypedField(
        _("お返事・ご入金の期限(時間)"),
        description=_("過ぎると、席は自動で次の方へ回ります。"),
        default=OFFER_HOURS,
        validators=[required(), Within(1, 336, message=_("1から336までの数字にしてください。"))],
        render_kw={"class": "input-short"},
    )
    group_size_max = IntegerTypedField(
        _("1回に申し込める人数"),
        validators=[required(), Within(1, 10, message=_("1から10までの数字にしてください。"))],
        render_kw={"class": "input-short"},
    )
    privacy_notice = ProseField(_("個人情報の取り扱い"), description=_("申込フォームで同意をいただく文"))
    contact = LineField(_("問い合わせ先"), 200, description=_("空欄は主催者の情報を使います。"))
    title_en = LineField(_("行事名(英語)"), 200)
    english = FormField(EnglishForm, _("英語の文"))
    slug = LineField(
        _("公開URLの名前"),
        60,
        description=_("半角の英小文字・数字・ハイフン。公開した後は変えられません。"),
        validators=[required()],
        render_kw={"class": "input-middle"},
    )
    code = LineField(
        _("行事コード"),
        12,
        description=_("申込番号の頭に付きます。半角の英大文字・数字。公開した後は変えられません。"),
        validators=[required()],
        render_kw={"class": "input-short"},
    )
    hosts = FieldList(FormField(HostForm), _("主催・共催など"), min_entries=1, max_entries=MOST_HOSTS)
    parts = FieldList(FormField(PartForm), _("部"), min_entries=1, max_entries=MOST_PARTS)

    def validate_slug(self, field: Any) -> None:
        if not SLUG.fullmatch(field.data):
            raise ValidationError(gettext("半角の英小文字・数字・ハイフンだけで入力してください。"))

    def validate_code(self, field: Any) -> None:
        if not CODE.fullmatch(field.data):
            raise ValidationError(gettext("半角の英大文字・数字・ハイフンだけで入力してください。"))

    def validate_online_url(self, field: Any) -> None:
        address = urlsplit(field.data)
        if field.data and (address.scheme not in ("http", "https") or not address.netloc):
            raise ValidationError(gettext("https:// で始まるURLを入力してください。"))

    def validate_applications_open_at(self, field: Any) -> None:
        closes: dt.datetime | None = self.applications_close_at.data
        if field.data is not None and closes is not None and field.data >= closes:
            raise ValidationError(gettext("申込開始は申込締切より前にしてください。"))


class NewEventForm(FlaskForm):
    """An event from nothing."""

    title = LineField(_("行事名"), 160, validators=[required()])
    kind = SelectField(_("種類"), choices=choices(KIND_WORDS), default=EventKind.SEMINAR)
    held_on = DayField(_("開催日"), validators=[required(), sensible_year], render_kw={"class": "input-middle"})


class CopyForm(FlaskForm):
    """An event from last time's."""

    source = SelectField(_("前回の行事"), coerce=int)
    held_on = DayField(_("今回の開催日"), validators=[required(), sensible_year], render_kw={"class": "input-middle"})
