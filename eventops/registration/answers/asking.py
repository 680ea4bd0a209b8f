"""Questions in the forms of registration: whether they are answered, under their conditions, and what was answered."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from eventops.questions import fields, rules
from eventops.questions.giving import Given
from eventops.questions.models import AskedOf, QuestionKind
from eventops.questions.rules import Asked, BadAnswer, Values


def of_people(questions: Iterable[Asked]) -> list[Asked]:
    return [question for question in questions if question.of is AskedOf.PERSON]


def of_company(questions: Iterable[Asked]) -> list[Asked]:
    return [question for question in questions if question.of is AskedOf.APPLICATION]


def pairs(questions: Iterable[Asked], form: Any) -> list[tuple[Asked, Any]]:
    """Questions with the fields that the form has for them."""
    named = [(question, form._fields.get(fields.name_of(question))) for question in questions]
    return [(question, field) for question, field in named if field is not None]


def typed(questions: Iterable[Asked], form: Any) -> dict[str, Values]:
    """What stands in the form's fields, by code; the unreadable counts as nothing."""
    found: dict[str, Values] = {}
    for question in questions:
        field = form._fields.get(fields.name_of(question))
        if field is None:
            continue
        try:
            found[question.code] = fields.values_of(question, field)
        except BadAnswer:
            found[question.code] = ()
    return found


def are_answered(questions: Sequence[Asked], whole: Any, rows: Iterable[Any]) -> bool:
    """Whether nothing required is open; says so beside the fields. `rows` are the forms of the people."""
    company = typed(questions, whole)
    forms = [(form, rules.missing(questions, company | typed(questions, form))) for form in rows]
    forms.append((whole, rules.missing(of_company(questions), company)))
    complaints = [_complain(form, question) for form, open_ones in forms for question in open_ones]
    return not any(complaints)


def _complain(form: Any, question: Asked) -> bool:
    """Beside its field, where the form has it and has not said something else already."""
    field = form._fields.get(fields.name_of(question))
    if field is None:
        return False
    if not field.errors:
        is_choice = question.kind in rules.CHOICES or question.kind is QuestionKind.FILE
        field.errors = [_("選んでください。") if is_choice else _("入力してください。")]
    return True


def company_answers(questions: Sequence[Asked], whole: Any) -> tuple[Given, ...]:
    """The company's answers that count."""
    asked = of_company(questions)
    return _given(asked, whole, rules.kept(asked, typed(asked, whole)))


def person_answers(questions: Sequence[Asked], whole: Any, row: Any) -> tuple[Given, ...]:
    """One person's answers that count; what the company answered may decide which were asked."""
    kept = rules.kept(questions, typed(of_company(questions), whole) | typed(of_people(questions), row))
    return _given(of_people(questions), row, kept)


def _given(questions: Iterable[Asked], form: Any, kept: dict[str, Values]) -> tuple[Given, ...]:
    return tuple(
        Given(question, kept[question.code], _file(question, form)) for question in questions if question.code in kept
    )


def _file(question: Asked, form: Any) -> Any:
    return form._fields[fields.name_of(question)].data if question.kind is QuestionKind.FILE else None


def proofs(forms: Iterable[Any]) -> list[tuple[str, str]]:
    """Hidden fields that carry the files of these forms to the next page."""
    found = [field for form in forms for field in form if isinstance(field, fields.FileAnswerField)]
    return [(f"{field.name}{fields.KEPT}", field.proof) for field in found if field.proof]


def takes_files(questions: Iterable[Asked]) -> bool:
    return any(question.kind is QuestionKind.FILE for question in questions)
