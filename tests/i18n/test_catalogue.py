"""The English catalogue: whole, in step with the program, and compiled."""

import pytest

from tests.i18n.catalogue import PLACEHOLDER, messages, program, tool


def keys(catalogue) -> set[tuple[str, str | None]]:
    return {(message.id, message.context) for message in catalogue if message.id}


def test_it_has_the_messages_of_the_program_and_no_others():
    """When this fails, run bin/translate."""
    assert keys(program()) == keys(messages())


def test_every_message_has_english_that_somebody_stands_by():
    assert [one.id for one in messages() if not one.string or one.fuzzy] == []


def test_placeholders_are_the_same_in_both_languages():
    assert [one.id for one in messages() if holes(one.id) != holes(one.string)] == []


def holes(words: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(words))


def test_a_percent_sign_stands_only_in_placeholders():
    """Templates fill every message as a format; a bare sign would break the page."""
    assert [one.id for one in messages() if "%" in PLACEHOLDER.sub("", one.id + one.string)] == []


def test_the_compiled_file_is_that_of_the_catalogue():
    compiled = tool()["PO"].with_suffix(".mo").read_bytes()

    assert compiled == tool()["as_mo"](program())


def test_a_second_run_changes_no_byte():
    once = tool()["as_po"](program())
    again = tool()["as_po"](tool()["merged"](tool()["extracted"](), tool()["stored"]()))

    assert once == again


@pytest.mark.parametrize("source", ["f\"{_('名札')}\"", '_("名札")', 'lazy_gettext("名札")'])
def test_words_inside_of_other_strings_are_found_too(source, tmp_path):
    file = tmp_path / "page.py"
    file.write_text(source)
    with file.open("rb") as opened:
        found = list(tool()["python_messages"](opened, tool()["KEYWORDS"], [], {}))

    assert [message for _line, _name, message, _comments in found] == ["名札"]
