"""What counts as an answer, who is asked what, what is missing: pure rules."""

import datetime as dt

import pytest

from eventops.questions import ready, rules
from eventops.questions.models import AskedOf, QuestionKind
from eventops.questions.rules import Asked, BadAnswer, Fault, Option
from tests.questions.arrange import ALLERGIES, BIRTH, EXHIBITS, PANEL, QUESTIONS, SCORE, TRANSPORT

TODAY = dt.date(2026, 11, 21)
DAY = Asked(code="d", kind=QuestionKind.DATE, label="希望日")
HANDICAP = Asked(code="h", kind=QuestionKind.NUMBER, label="ハンディ", least=-10, most=54, decimals=1)
TWO = Asked(
    code="t",
    kind=QuestionKind.SEVERAL,
    label="分野",
    most=2,
    options=tuple(Option(key, key) for key in "abc"),
)


@pytest.mark.parametrize(
    ("question", "typed", "stored"),
    [
        (TRANSPORT, ["bus"], ("bus",)),
        (TRANSPORT, ["", " "], ()),
        (ALLERGIES, ["milk", "egg"], ("egg", "milk")),
        (SCORE, ["９５"], ("95",)),
        (SCORE, ["1,00"], ("100",)),
        (HANDICAP, ["14.40"], ("14.4",)),
        (HANDICAP, ["−3"], ("-3",)),
        (BIRTH, ["昭和32年3月4日"], ("1957-03-04",)),
        (BIRTH, ["S32.3.4"], ("1957-03-04",)),
        (BIRTH, ["１９５７/3/4"], ("1957-03-04",)),
        (BIRTH, ["19570304"], ("1957-03-04",)),
        (DAY, ["2027-01-22"], ("2027-01-22",)),
        (EXHIBITS, ["no"], ("no",)),
        (PANEL, ["stored-name"], ("stored-name",)),
    ],
)
def test_what_is_typed_becomes_one_stored_answer(question, typed, stored):
    assert rules.read(question, typed, today=TODAY) == stored


@pytest.mark.parametrize(
    ("question", "typed", "fault"),
    [
        (TRANSPORT, ["plane"], Fault.NOT_OFFERED),
        (TRANSPORT, ["car", "bus"], Fault.TOO_MANY),
        (TWO, ["a", "b", "c"], Fault.TOO_MANY),
        (SCORE, ["百"], Fault.NOT_A_NUMBER),
        (SCORE, ["NaN"], Fault.NOT_A_NUMBER),
        (SCORE, ["1e9999999"], Fault.NOT_A_NUMBER),
        (SCORE, ["95.5"], Fault.NOT_WHOLE),
        (SCORE, ["59"], Fault.TOO_SMALL),
        (SCORE, ["251"], Fault.TOO_LARGE),
        (BIRTH, ["2026-11-22"], Fault.IN_THE_FUTURE),
        (BIRTH, ["1899-12-31"], Fault.WRONG_YEAR),
        (DAY, ["1957-03-04"], Fault.WRONG_YEAR),
        (BIRTH, ["2月30日"], Fault.NOT_A_DATE),
        (BIRTH, ["1957-02-30"], Fault.NOT_A_DATE),
        (Asked(code="s", kind=QuestionKind.SHORT, label="駅"), ["あ" * 201], Fault.TOO_LONG),
        (Asked(code="l", kind=QuestionKind.LONG, label="希望"), ["あ" * 2001], Fault.TOO_LONG),
    ],
)
def test_what_cannot_be_an_answer_is_refused_with_its_reason(question, typed, fault):
    with pytest.raises(BadAnswer) as refused:
        rules.read(question, typed, today=TODAY)

    assert refused.value.fault is fault


def codes(questions):
    return [question.code for question in questions]


def test_a_conditional_question_is_asked_only_after_its_answer():
    assert codes(rules.applicable(QUESTIONS, {"transport": ("car",)})) == [
        "exhibits",
        "transport",
        "allergies",
        "score",
        "birth",
    ]
    assert "station" in codes(rules.applicable(QUESTIONS, {"transport": ("bus",)}))
    assert "allergies_other" in codes(rules.applicable(QUESTIONS, {"allergies": ("egg", "other")}))


def test_what_was_answered_to_a_hidden_question_opens_nothing_and_does_not_count():
    first = Asked(code="a", kind=QuestionKind.YES_NO, label="A")
    second = Asked(code="b", kind=QuestionKind.YES_NO, label="B", after_code="a", after_values=("yes",))
    third = Asked(code="c", kind=QuestionKind.SHORT, label="C", after_code="b", after_values=("yes",), is_required=True)
    answers = {"a": ("no",), "b": ("yes",), "c": ("text",)}

    assert codes(rules.applicable([first, second, third], answers)) == ["a"]
    assert rules.kept([first, second, third], answers) == {"a": ("no",)}
    assert rules.missing([first, second, third], {"a": ("yes",), "b": ("yes",)}) == [third]


def test_required_questions_are_missing_only_where_they_were_asked():
    assert codes(rules.missing(QUESTIONS, {})) == ["exhibits", "transport"]
    assert codes(rules.missing(QUESTIONS, {"exhibits": ("yes",), "transport": ("seat",)})) == ["panel", "station"]
    assert rules.missing(QUESTIONS, {"exhibits": ("no",), "transport": ("car",)}) == []


def test_a_question_may_follow_choices_of_the_same_people_or_of_the_company():
    person = Asked(code="p", kind=QuestionKind.SHORT, label="P")
    company = Asked(code="c", kind=QuestionKind.SHORT, label="C", of=AskedOf.APPLICATION)

    assert rules.may_follow(person, TRANSPORT)
    assert rules.may_follow(person, EXHIBITS)
    assert rules.may_follow(company, EXHIBITS)
    assert not rules.may_follow(company, TRANSPORT)
    assert not rules.may_follow(person, SCORE)
    assert not rules.may_follow(TRANSPORT, TRANSPORT)


@pytest.mark.parametrize("one", ready.READY, ids=lambda one: one.key)
def test_sets_that_come_with_the_program_are_whole(one):
    """In both languages, with codes of their own, and conditions on earlier choices that exist."""
    known = {}
    for question in one.questions:
        assert question.code not in known
        assert question.label_en
        assert bool(question.help) == bool(question.help_en)
        assert all(option.label_en for option in question.options)
        if question.after_code:
            assert rules.may_follow(question, known[question.after_code])
            assert set(question.after_values) <= set(known[question.after_code].keys)
        known[question.code] = question


def test_the_golf_set_asks_what_a_club_and_the_draw_need():
    golf = {question.code: question for question in ready.ready_set("golf").questions}

    assert golf["golf_birth_date"].kind is QuestionKind.BIRTH
    assert golf["golf_birth_date"].is_sensitive
    assert golf["golf_transport"].keys == ("car", "car_with_seats", "wants_seat", "bus")
    assert [code for code, question in golf.items() if question.after_code == "golf_transport"] == [
        "golf_seats",
        "golf_pick_up",
    ]
