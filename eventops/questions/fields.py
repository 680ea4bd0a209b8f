"""A question as a field of a form: made, filled, read."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, FileInput, ListWidget

from eventops import clock
from eventops.events.fields import tidy
from eventops.questions import files, rules, vocabulary
from eventops.questions.files import HandedIn
from eventops.questions.models import QuestionKind
from eventops.questions.rules import Asked, BadAnswer, Values

PREFIX = "q_"
KEPT = "-kept"
DROP = "-drop"
LONG_LIST = 8
"""Longer lists to choose one from fold up."""


def name_of(question: Asked) -> str:
    return f"{PREFIX}{question.id}"


def field_for(question: Asked, *, must: bool = True) -> Any:
    """The field, not yet bound to a form. What is required is judged with the conditions, not by the field."""
    checks: list[Any] = [Readable(question)]
    if question.is_required and must:
        checks.insert(0, Marked())
    common = {"validators": checks, "description": vocabulary.help_text(question)}
    return _MAKERS[question.kind](question, vocabulary.label(question), common)


class Marked:
    """Says 必須 beside the label."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads a plain dict

    def __call__(self, _form: Any, _field: Any) -> None:
        """Whether it is answered is judged for the whole form."""


class Readable:
    """What was typed can be read as an answer."""

    def __init__(self, question: Asked) -> None:
        self.question = question

    def __call__(self, _form: Any, field: Any) -> None:
        try:
            values_of(self.question, field)
        except BadAnswer as bad:
            raise ValidationError(vocabulary.fault_words(bad.fault, self.question)) from bad


class FileAnswerField(Field):
    """A file; once sent it waits on the server, and the form carries a proof of it from page to page."""

    widget = FileInput()
    data: HandedIn | None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        self.upload: FileStorage | None = None
        self.is_dropped = False
        if formdata is None:
            return
        proof = next(iter(formdata.getlist(self.name + KEPT)), "")
        self.is_dropped = bool(formdata.getlist(self.name + DROP))
        self.data = self._carried(proof) if not self.is_dropped else None
        self.upload = next((one for one in formdata.getlist(self.name) if isinstance(one, FileStorage) and one), None)

    def _carried(self, proof: str) -> HandedIn | None:
        """What the form carries; an answer given before stands without a proof."""
        return files.unsign(proof, key=current_app.config["SECRET_KEY"]) if proof else self.object_data

    def process_formdata(self, valuelist: Any) -> None:
        """Everything is read in `process`."""

    def pre_validate(self, form: Any) -> None:
        if self.upload is None:
            return
        name, data = self.upload.filename or "", self.upload.stream.read(files.LARGEST + 1)
        if len(data) > files.LARGEST:
            raise ValidationError(_("ファイルは5MBまでにしてください。"))
        if not files.is_taken(name, data):
            raise ValidationError(_("PDF、画像(JPEG・PNG)、Word・Excel・PowerPointのファイルを選んでください。"))
        if not files.has_room(current_app.config["HOME"]):
            raise ValidationError(_("いまはファイルを受け取れません。しばらくしてから、もう一度お試しください。"))
        self.data = files.wait(current_app.config["HOME"], name, data)
        self.upload = None

    @property
    def proof(self) -> str:
        """For the hidden field of the next page; what was answered before needs none."""
        is_new = self.data is not None and self.data != self.object_data
        return files.sign(self.data, key=current_app.config["SECRET_KEY"]) if self.data and is_new else ""


def values_of(question: Asked, field: Any) -> Values:
    """The answer as it is stored; raises `BadAnswer`. A file is answered by the name it is stored under."""
    if question.kind is QuestionKind.FILE:
        return (field.data.stored,) if field.data else ()
    typed = field.data if isinstance(field.data, list) else [field.data]
    return rules.read(question, (str(one) for one in typed if one is not None), today=clock.today())


def data_of(question: Asked, values: Values, file: HandedIn | None = None) -> Any:
    """What a field shows for an answer."""
    if question.kind is QuestionKind.FILE:
        return file
    if question.kind is QuestionKind.SEVERAL:
        return list(values)
    return values[0] if values else None


def fields_for(questions: Iterable[Asked], *, must: bool = True) -> Mapping[str, Any]:
    """Attributes for a form class."""
    return {name_of(question): field_for(question, must=must) for question in questions}


def _one(question: Asked, label: str, common: dict[str, Any]) -> Any:
    words = list(vocabulary.choice_words(question).items())
    if len(words) > LONG_LIST:
        return SelectField(
            label, choices=_choices([("", _("選んでください")), *words]), validate_choice=False, **common
        )
    if not question.is_required:
        words.append(("", _("回答しない")))
    return RadioField(label, choices=_choices(words), validate_choice=False, **common)


def _several(question: Asked, label: str, common: dict[str, Any]) -> Any:
    return SelectMultipleField(
        label,
        choices=_choices(vocabulary.choice_words(question).items()),
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        **common,
    )


def _line(_question: Asked, label: str, common: dict[str, Any]) -> Any:
    return StringField(label, filters=[tidy], **common)


def _prose(_question: Asked, label: str, common: dict[str, Any]) -> Any:
    return TextAreaField(label, filters=[tidy], **common)


def _number(question: Asked, label: str, common: dict[str, Any]) -> Any:
    keys = {"inputmode": "decimal" if question.decimals else "numeric", "class": "input-short"}
    return StringField(label, filters=[tidy], render_kw=keys, **common)


def _day(_question: Asked, label: str, common: dict[str, Any]) -> Any:
    return StringField(label, filters=[tidy], render_kw={"type": "date", "class": "input-middle"}, **common)


def _birth(_question: Asked, label: str, common: dict[str, Any]) -> Any:
    keys = {"class": "input-middle", "autocomplete": "off", "placeholder": _("例: 1957-03-04、昭和32年3月4日")}
    return StringField(label, filters=[tidy], render_kw=keys, **common)


def _file(_question: Asked, label: str, common: dict[str, Any]) -> Any:
    return FileAnswerField(label, render_kw={"accept": files.ACCEPT}, **common)


def _choices(words: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(key, word) for key, word in words]


_MAKERS = {
    QuestionKind.ONE: _one,
    QuestionKind.YES_NO: _one,
    QuestionKind.SEVERAL: _several,
    QuestionKind.SHORT: _line,
    QuestionKind.LONG: _prose,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _day,
    QuestionKind.BIRTH: _birth,
    QuestionKind.FILE: _file,
}
