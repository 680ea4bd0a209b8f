"""Forms of letters that staff write: texts with placeholders, and mailings with their readers."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from eventops.events.models import Event, Mode, PriceCategory
from eventops.mail import placeholders
from eventops.mail.kinds import Kind, Text
from eventops.mail.placeholders import Fault, Flaw
from eventops.mailings.audience import Audience
from eventops.mailings.models import MailingKind
from eventops.mailings.service import Plan, Words
from eventops.registration import labels
from eventops.registration.listing import roster_asking
from eventops.registration.listing.roster import Filter, Paying, Show

LONGEST_BODY = 20_000
ROWS = {"rows": 16}
OFFERED_SHOWS = (Show.ACTIVE, Show.CONFIRMED, Show.WAITING, Show.CANCELLED, Show.MARKED)


class KnowsPlaceholders:
    """Refuses what cannot be filled in, and says which word in which line, and what was probably meant."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        found = placeholders.flaws(field.data or "", self.known)
        if found:
            raise ValidationError(" ".join(map(said, found)))


def said(flaw: Flaw) -> str:
    """A fault of a text in one sentence."""
    if flaw.fault is Fault.LONE_BRACE:
        words = _("%(line)s行目: 「%(words)s」が対になっていません。文字として書くときは二つ重ねます。")
        return str(words) % {"line": flaw.line, "words": flaw.words}
    shown = f"{{{flaw.words}}}"
    if flaw.meant:
        words = _("%(line)s行目: 「%(words)s」という差込はありません。「%(meant)s」のことですか。")
        return str(words) % {"line": flaw.line, "words": shown, "meant": f"{{{flaw.meant}}}"}
    return str(_("%(line)s行目: 「%(words)s」という差込はありません。「差込の一覧」から選んでください。")) % {
        "line": flaw.line,
        "words": shown,
    }


class TextForm(FlaskForm):
    """One language of one kind of letter."""

    subject = StringField(lazy_gettext("件名"), validators=[DataRequired(), Length(max=200)])
    body = TextAreaField(
        lazy_gettext("本文"), validators=[DataRequired(), Length(max=LONGEST_BODY)], render_kw={"rows": 22}
    )

    def text(self) -> Text:
        body = (self.body.data or "").replace("\r\n", "\n").strip() + "\n"
        return Text(" ".join((self.subject.data or "").split()), body)


def text_form(kind: Kind, text: Text) -> TextForm:
    form = TextForm(subject=text.subject, body=text.body)
    for field in (form.subject, form.body):
        field.validators = [*field.validators, KnowsPlaceholders(kind.known)]
    return form


class _Boxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class MailingForm(FlaskForm):
    """A mailing: whom it is for, and what it says."""

    show = SelectField(lazy_gettext("参加の状態"))
    part = SelectField(lazy_gettext("部"))
    mode = SelectField(lazy_gettext("参加方法"))
    category = SelectField(lazy_gettext("会員区分"))
    pay = SelectField(lazy_gettext("お支払い"))
    tag = SelectField(lazy_gettext("タグ"))
    events = _Boxes(
        lazy_gettext("次の行事の申込者"),
        description=lazy_gettext("案内メールに同意した方だけに送ります。この行事に申込済みの方は除きます。"),
    )
    committees = _Boxes(lazy_gettext("分科会・委員会のメンバー"))
    directory = BooleanField(lazy_gettext("名簿で案内メールに同意している方"))
    ids = StringField()
    subject = StringField(lazy_gettext("件名"), validators=[DataRequired(), Length(max=200)])
    body = TextAreaField(lazy_gettext("本文"), validators=[DataRequired(), Length(max=LONGEST_BODY)], render_kw=ROWS)
    subject_en = StringField(lazy_gettext("件名（英語）"), validators=[Length(max=200)])
    body_en = TextAreaField(
        lazy_gettext("本文（英語）"),
        description=lazy_gettext("英語で申し込んだ方に送ります。空けておくと、日本語の本文を送ります。"),
        validators=[Length(max=LONGEST_BODY)],
        render_kw=ROWS,
    )
    with_calendar = BooleanField(lazy_gettext("予定ファイル（.ics）を付ける"))

    def offer(
        self,
        event: Event,
        tags: Iterable[str],
        *,
        others: Mapping[int, str],
        committees: Mapping[int, str],
        known: Collection[str],
    ) -> None:
        """Fill the choices with what this event has."""
        anything = SelectChoice("", _("指定しない"))
        self.show.choices = [SelectChoice(str(show), str(roster_asking.SHOW_WORDS[show])) for show in OFFERED_SHOWS]
        self.part.choices = [anything, *(SelectChoice(str(part.id), part.title) for part in event.parts)]
        self.mode.choices = _offered(anything, labels.MODES)
        self.category.choices = _offered(anything, labels.CATEGORIES)
        self.pay.choices = _offered(anything, roster_asking.PAYING_WORDS)
        self.tag.choices = [anything, *(SelectChoice(tag, tag) for tag in tags)]
        self.events.choices = [SelectChoice(str(number), title) for number, title in others.items()]
        self.committees.choices = [SelectChoice(str(number), name) for number, name in committees.items()]
        for field in (self.subject, self.body, self.subject_en, self.body_en):
            field.validators = [*field.validators, KnowsPlaceholders(known)]

    def show_plan(self, plan: Plan) -> None:
        """Put a plan into the fields."""
        people = plan.audience.people
        self.show.data, self.part.data = str(people.show), str(people.part_id or "")
        self.mode.data, self.category.data = plan.audience.mode or "", people.category or ""
        self.pay.data, self.tag.data = people.paying or "", people.tag
        self.events.data = [str(number) for number in plan.audience.event_ids]
        self.committees.data = [str(number) for number in plan.audience.committee_ids]
        self.directory.data = plan.audience.directory
        self.ids.data = ",".join(map(str, plan.audience.ids))
        words = plan.words
        self.subject.data, self.body.data = words.subject, words.body
        self.subject_en.data, self.body_en.data = words.subject_en, words.body_en
        self.with_calendar.data = plan.with_calendar

    def plan(self, kind: MailingKind) -> Plan:
        """What staff typed."""
        words = Words(
            _one_line(self.subject.data),
            _text(self.body.data),
            _one_line(self.subject_en.data),
            _text(self.body_en.data),
        )
        return Plan(kind, words, self._audience(), bool(self.with_calendar.data))

    def _audience(self) -> Audience:
        people = Filter(
            show=Show(self.show.data or Show.ACTIVE),
            part_id=int(self.part.data) if self.part.data else None,
            category=PriceCategory(self.category.data) if self.category.data else None,
            paying=Paying(self.pay.data) if self.pay.data else None,
            tag=self.tag.data or "",
        )
        return Audience(
            people,
            Mode(self.mode.data) if self.mode.data else None,
            numbers(self.ids.data or ""),
            tuple(int(number) for number in self.events.data or ()),
            tuple(int(number) for number in self.committees.data or ()),
            bool(self.directory.data),
        )


def numbers(joined: str) -> tuple[int, ...]:
    """Row numbers from a list with commas; anything else in it is left out."""
    return tuple(int(one) for one in joined.split(",") if one.isdecimal() and len(one) < 10)


def _offered(first: SelectChoice, words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [first, *(SelectChoice(str(value), str(word)) for value, word in words.items())]


def _one_line(typed: str | None) -> str:
    return " ".join((typed or "").split())


def _text(typed: str | None) -> str:
    text = (typed or "").replace("\r\n", "\n").strip()
    return f"{text}\n" if text else ""
