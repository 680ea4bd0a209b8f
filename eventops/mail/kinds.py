"""The kinds of letters that staff may word themselves. Each feature registers its own, with placeholders and texts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from flask import Flask, current_app
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name that a text may hold in braces: Japanese or English, whichever the writer likes."""

    name: str
    english: str
    meaning: LazyString


class Text(NamedTuple):
    """Subject and body, with placeholders."""

    subject: str
    body: str


class Reader(NamedTuple):
    """Somebody whom a kind of letter may go to, for choosing in a preview."""

    subject_id: int
    label: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter of a kind as one reader would get it. `values` are by English name."""

    to_name: str
    to_email: str
    language: str
    values: Mapping[str, str]


ReadersOf = Callable[[Session, int, str], Sequence[Reader]]
"""Event id and words to search for in, a handful of readers out."""
SampleOf = Callable[[Session, int, str | None], Sample]
"""Subject id and language (None: the reader's own) in."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter. `file` is the program's text, its English twin beside it in `en/`; staff's takes its place."""

    code: str
    title: LazyString
    when: LazyString
    file: str
    placeholders: tuple[Placeholder, ...]
    readers: ReadersOf
    sample: SampleOf
    languages: tuple[str, ...] = LANGUAGES

    @property
    def known(self) -> Collection[str]:
        return {word for one in self.placeholders for word in (one.name, one.english)}

    def own_text(self, language: str) -> Text:
        """The program's text: the subject in the first line, a blank one, and the body."""
        folder, _, name = self.file.rpartition("/")
        return _program_text(self.file if language == "ja" else f"{folder}/en/{name}")

    def by_every_name(self, values: Mapping[str, str]) -> dict[str, str]:
        """The values under both of their names; what a reader has no value for is empty."""
        return {word: values.get(one.english, "") for one in self.placeholders for word in (one.name, one.english)}


@cache
def _program_text(path: str) -> Text:
    """Read once, like all templates of the program."""
    environment = current_app.jinja_env
    assert environment.loader is not None
    source, _path, _fresh = environment.loader.get_source(environment, path)
    subject, _, body = source.partition("\n")
    return Text(subject.strip(), body.strip() + "\n")


def register(app: Flask, *kinds: Kind) -> None:
    known: dict[str, Kind] = app.extensions.setdefault("letter_kinds", {})
    known.update({kind.code: kind for kind in kinds})


def all_kinds() -> Sequence[Kind]:
    return list(_known().values())


def kind(code: str) -> Kind | None:
    return _known().get(code)


def _known() -> dict[str, Kind]:
    known: dict[str, Kind] = current_app.extensions.get("letter_kinds", {})
    return known
