"""The schema of the JSON format: up to date, true of real documents, and never stricter than the reader."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from scheduling import format as documents
from scheduling import schema
from scheduling.faults import BadProblem
from tests.scheduling import kistec
from tests.scheduling.builders import at, problem
from tests.scheduling.damage import damaged
from tests.scheduling.random_problems import KINDS, tiny

FOLDER = Path(schema.__file__).parent
VALIDATOR = Draft202012Validator(schema.schema())
SMALL = json.loads(documents.write(problem(previous=at("a:S1:T1"), frozen=frozenset({"a"}))))


def test_the_file_beside_the_library_is_what_the_dataclasses_say() -> None:
    assert (FOLDER / "schema.json").read_text(encoding="utf-8") == schema.written()
    Draft202012Validator.check_schema(schema.schema())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_events_with_every_rule_fit_the_schema(kind: str) -> None:
    VALIDATOR.validate(json.loads(documents.write(tiny(kind, 1))))


def test_the_example_and_a_whole_event_fit_the_schema() -> None:
    VALIDATOR.validate(json.loads((FOLDER / "example.json").read_text(encoding="utf-8")))
    VALIDATOR.validate(json.loads(documents.write(kistec.build())))


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(damaged(st.just(SMALL), most=2))
def test_what_the_schema_refuses_the_reader_refuses(document: Any) -> None:
    text = json.dumps(document)
    if not VALIDATOR.is_valid(document):
        with pytest.raises(BadProblem):
            documents.read(text)


@pytest.mark.parametrize(
    "changed",
    [
        {"slots": []},
        {"tables": [{"id": ""}]},
        {"requests": [{"id": "a", "participants": ["H"]}]},
        {"requests": [{"id": "a", "participants": ["H", "A"], "weight": -1}]},
        {"participants": [{"id": "A", "capacity_at": {"S1": -1}}]},
        {"participants": [{"id": "A", "side": "left"}]},
        {"participants": [{"id": "A", "max_meetings": "3"}]},
        {"format": "b2b-meetings/3"},
        {"colour": "red"},
        {"max_idle_difference": -1},
    ],
)
def test_what_both_must_refuse(changed: dict[str, Any]) -> None:
    document = {**SMALL, **changed}
    assert not VALIDATOR.is_valid(document)
    with pytest.raises(BadProblem):
        documents.read(json.dumps(document))


def test_older_versions_are_read_and_written_as_the_newest() -> None:
    old = json.dumps({**SMALL, "format": "b2b-meetings/1"})
    event = documents.read(old)

    assert event == documents.read(json.dumps(SMALL))
    assert event.max_idle_difference is None
    assert json.loads(documents.write(event))["format"] == documents.FORMAT == "b2b-meetings/2"
