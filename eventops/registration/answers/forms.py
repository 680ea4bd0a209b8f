"""The form on which answers are given later: one application's questions, for the company and for each person."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Form, FormField

from eventops.questions import fields
from eventops.questions.giving import Given
from eventops.questions.rules import Asked
from eventops.registration.answers import asking, queries
from eventops.registration.answers.queries import Key
from eventops.registration.models import Attendee, Registration, RegistrationState

PERSON = "person-{}"


class AnswersForm(FlaskForm):
    """Fields are added by `form_for`; `must` is False where staff write down what they were told."""

    questions: Sequence[Asked]
    people: Sequence[Attendee]
    must: bool

    def validate(self, extra_validators: Any = None) -> bool:
        is_readable = super().validate(extra_validators)
        rows = self.rows().values() if self.must else ()
        return bool(is_readable and (not self.must or asking.are_answered(self.questions, self, rows)))

    def rows(self) -> dict[int, Form]:
        """The form of each person."""
        return {person.id: self[PERSON.format(person.id)].form for person in self.people} if self.has_rows else {}

    @property
    def has_rows(self) -> bool:
        return bool(asking.of_people(self.questions))

    def own(self) -> list[tuple[Asked, Any]]:
        """The company's questions with their fields."""
        return asking.pairs(self.questions, self)

    def of(self, person: Attendee) -> list[tuple[Asked, Any]]:
        return asking.pairs(self.questions, self.rows()[person.id])

    def given(self) -> dict[int | None, Sequence[Given]]:
        """What counts of what was typed."""
        found: dict[int | None, Sequence[Given]] = {None: asking.company_answers(self.questions, self)}
        for person_id, row in self.rows().items():
            found[person_id] = asking.person_answers(self.questions, self, row)
        return found


def form_for(
    registration: Registration, questions: Sequence[Asked], answers: dict[Key, Any], *, must: bool = True
) -> AnswersForm:
    """The questions of one application, filled with what was answered."""
    people = [person for person in registration.attendees if person.state == RegistrationState.ACTIVE]
    row_class = type("PersonAnswers", (Form,), dict(fields.fields_for(asking.of_people(questions), must=must)))
    made: dict[str, Any] = dict(fields.fields_for(asking.of_company(questions), must=must))
    if asking.of_people(questions):
        made |= {PERSON.format(person.id): FormField(row_class, person.full_name) for person in people}
    data: dict[str, Any] = _data(asking.of_company(questions), answers, None)
    data |= {PERSON.format(one.id): _data(asking.of_people(questions), answers, one.id) for one in people}
    form: AnswersForm = type("AnswersOfApplication", (AnswersForm,), made)(data=data)
    form.questions, form.people, form.must = questions, people, must
    return form


def _data(questions: Sequence[Asked], answers: dict[Key, Any], attendee_id: int | None) -> dict[str, Any]:
    rows = {question: queries.answer_of(question, answers, attendee_id) for question in questions}
    return {
        fields.name_of(question): fields.data_of(question, tuple(row.values), queries.file_of(row))
        for question, row in rows.items()
        if row is not None
    }
