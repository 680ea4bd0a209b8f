"""Forms on which staff write the questions of an event."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from eventops.events.fields import IntegerTypedField, LineField, ProseField, Within, required
from eventops.questions import rules, vocabulary
from eventops.questions.models import AskedOf, QuestionKind
from eventops.questions.rules import Asked, Option

MOST_OPTIONS = 40
_KEY = re.compile(r"[a-z0-9_]{1,40}")
_LIMIT = Within(-1_000_000, 1_000_000, message=_("-1,000,000から1,000,000までの数字にしてください。"))


def limit(label: Any, hint: Any = "") -> IntegerTypedField:
    return IntegerTypedField(
        label, description=hint, validators=[Optional(), _LIMIT], render_kw={"class": "input-short"}
    )


class OptionForm(Form):
    key = HiddenField()
    label = LineField(_("選択肢"), 120)
    label_en = LineField(_("英語"), 120)


class QuestionForm(FlaskForm):
    """One question; what its kind has no use for is left out by `form_for`."""

    label = LineField(_("質問"), 200, validators=[required()], description=_("例: 交通手段"))
    label_en = LineField(_("質問(英語)"), 200)
    help = ProseField(_("説明"), 500, description=_("質問の下に小さく出ます。"))
    help_en = ProseField(_("説明(英語)"), 500)
    asked_of = RadioField(
        _("だれに尋ねるか"),
        choices=[SelectChoice(str(of), word) for of, word in vocabulary.ASKED_OF_WORDS.items()],
        default=AskedOf.PERSON,
    )
    options = FieldList(FormField(OptionForm), _("選択肢"), min_entries=2, max_entries=MOST_OPTIONS)
    most_chosen = limit(_("選べる数の上限"), _("空欄はいくつでも"))
    least = limit(_("最小"))
    most = limit(_("最大"))
    decimals = BooleanField(_("小数第1位まで入力できる"))
    is_required = BooleanField(_("必須"))
    is_sensitive = BooleanField(
        _("配慮が必要な情報(アレルギー、障害など)"),
        description=_("担当の職員だけが見られ、行事の後に自動で消去されます。"),
    )
    after = SelectMultipleField(
        _("条件"),
        description=_("選ぶと、その答えの方だけに尋ねます。何も選ばなければ全員に尋ねます。"),
        choices=[],
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    kind: QuestionKind
    code: str = ""
    sources: Sequence[Asked] = ()

    def validate_options(self, field: Any) -> None:
        if len(self.typed_options()) < 2:
            raise ValidationError(gettext("選択肢を2つ以上入力してください。"))

    def validate_most(self, field: Any) -> None:
        least = self.least.data
        if field.data is not None and least is not None and field.data < least:
            raise ValidationError(gettext("最大は最小以上にしてください。"))

    def validate_after(self, field: Any) -> None:
        pairs = self._conditions()
        if len({code for code, _value in pairs}) > 1:
            raise ValidationError(gettext("条件は1つの質問から選んでください。"))
        allowed = {(source.code, key) for source in self._allowed() for key in source.keys}
        if not set(pairs) <= allowed:
            raise ValidationError(gettext("お一人ずつの答えは、会社・団体への質問の条件にできません。"))

    def _allowed(self) -> list[Asked]:
        probe = Asked(code=self.code or "?", kind=self.kind, label="", of=AskedOf(self.asked_of.data))
        return [source for source in self.sources if rules.may_follow(probe, source)]

    def _conditions(self) -> list[tuple[str, str]]:
        return [(code, value) for code, _sign, value in (text.partition("=") for text in self.after.data or [])]

    def typed_options(self) -> tuple[Option, ...]:
        """The options that have words; known ones keep their key, new ones get one that is free."""
        rows = [entry.form for entry in self.options.entries if entry.form.label.data]
        taken = {row.key.data for row in rows if _KEY.fullmatch(row.key.data or "")}
        made: dict[str, Option] = {}
        for row in rows:
            key = row.key.data if row.key.data in taken and row.key.data not in made else _free(taken | set(made))
            made[key] = Option(key, row.label.data, row.label_en.data or "")
        return tuple(made.values())

    def asked(self) -> Asked:
        """The question that valid form data means."""
        typed = self.data
        conditions = self._conditions() if "after" in self else []
        return Asked(
            code=self.code,
            kind=self.kind,
            of=AskedOf(typed["asked_of"]),
            label=typed["label"],
            label_en=typed["label_en"],
            help=typed["help"],
            help_en=typed["help_en"],
            is_required=typed["is_required"],
            is_sensitive=typed["is_sensitive"],
            options=self.typed_options() if "options" in self else (),
            least=typed.get("least"),
            most=typed.get("most_chosen" if self.kind is QuestionKind.SEVERAL else "most"),
            decimals=int(bool(typed.get("decimals"))),
            after_code=conditions[0][0] if conditions else "",
            after_values=tuple(value for _code, value in conditions),
        )


class CopySetForm(FlaskForm):
    """Which set is copied into the event."""

    which = RadioField(_("質問セット"), choices=[], validate_choice=True)


class KeepSetForm(FlaskForm):
    name = LineField(
        _("セットの名前"), 80, validators=[required()], description=_("同じ名前のセットは置き換わります。")
    )


def form_for(kind: QuestionKind, sources: Sequence[Asked], asked: Asked | None = None) -> QuestionForm:
    """A form for one kind of question; `sources` are those on which it may depend."""
    form = QuestionForm(data=_data(asked) if asked else None)
    form.kind, form.sources, form.code = kind, sources, asked.code if asked else ""
    if kind not in rules.LISTED:
        del form.options
    if kind is not QuestionKind.SEVERAL:
        del form.most_chosen
    if kind is not QuestionKind.NUMBER:
        del form.least, form.most, form.decimals
    if asked is not None:
        form.asked_of.data = str(asked.of)
    form.after.choices = [
        SelectChoice(f"{source.code}={key}", f"{vocabulary.label(source)}: {word}")
        for source in sources
        for key, word in vocabulary.choice_words(source).items()
    ]
    if not sources:
        del form.after
    return form


def _data(asked: Asked) -> dict[str, Any]:
    return {
        "label": asked.label,
        "label_en": asked.label_en,
        "help": asked.help,
        "help_en": asked.help_en,
        "asked_of": str(asked.of),
        "options": [{"key": one.key, "label": one.label, "label_en": one.label_en} for one in asked.options],
        "most_chosen": asked.most,
        "least": asked.least,
        "most": asked.most,
        "decimals": bool(asked.decimals),
        "is_required": asked.is_required,
        "is_sensitive": asked.is_sensitive,
        "after": [f"{asked.after_code}={value}" for value in asked.after_values],
    }


def _free(taken: set[str]) -> str:
    number = 1
    while f"o{number}" in taken:
        number += 1
    return f"o{number}"
