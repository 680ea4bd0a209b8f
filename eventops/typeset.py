"""Knows how a template of templates/print and plain data become a PDF, by way of Typst."""

import datetime as dt
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "print"


class TypesetError(RuntimeError):
    """A template could not be set: a fault of the template or of its data, never of the reader."""


def typeset(template: str, data: Mapping[str, Any], *, at: dt.datetime) -> bytes:
    """`data` needs a "title". It travels beside the template as JSON, so nothing in it can act as markup."""
    try:
        return _pdf(_compiler(template, data), at=at)
    except RuntimeError as error:  # Typst's own errors are among them, but a file not found is a plain one
        raise TypesetError(template) from error


def picture(template: str, data: Mapping[str, Any], *, dots_per_inch: float) -> bytes:
    """The first page as PNG, for a preview on a screen."""
    try:
        made = _compiler(template, data).compile(format="png", ppi=dots_per_inch)
    except RuntimeError as error:
        raise TypesetError(template) from error
    first = made[0] if isinstance(made, list) else made
    assert isinstance(first, bytes)
    return first


def _compiler(template: str, data: Mapping[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )


def _pdf(compiler: typst.Compiler, *, at: dt.datetime) -> bytes:
    """PDF/UA refuses a glyph that the font lacks. One odd sign in a name must not keep a whole list from
    the printer: then it is set again, still tagged, with a box in that place."""
    try:
        return _compiled(compiler, at=at, standard="ua-1")
    except typst.TypstError:
        return _compiled(compiler, at=at, standard=None)


def _compiled(compiler: typst.Compiler, *, at: dt.datetime, standard: Literal["ua-1"] | None) -> bytes:
    made = compiler.compile(format="pdf", pdf_standards=standard, timestamp=int(at.timestamp()))
    assert isinstance(made, bytes)
    return made


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[TEMPLATES / "fonts"])
