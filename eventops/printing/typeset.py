"""Knows how a template of templates/print and plain data become a PDF, by way of Typst."""

import datetime as dt
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "print"


class TypesetError(RuntimeError):
    """A template could not be set: a fault of the template or of its data, never of the reader."""


def typeset(template: str, data: Mapping[str, Any], *, at: dt.datetime) -> bytes:
    """`data` needs a "title". It travels beside the template as JSON, so nothing in it can act as markup."""
    compiler = typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    try:
        return _pdf(compiler, at=at, standard="ua-1")
    except typst.TypstError:
        # PDF/UA refuses a glyph that the font lacks. One odd character in a name must not keep the
        # whole list from the printer: set it again, still tagged, with a box in that place.
        return _pdf_or_error(compiler, template, at=at)


def _pdf_or_error(compiler: typst.Compiler, template: str, *, at: dt.datetime) -> bytes:
    try:
        return _pdf(compiler, at=at, standard=None)
    except typst.TypstError as error:
        raise TypesetError(template) from error


def _pdf(compiler: typst.Compiler, *, at: dt.datetime, standard: Literal["ua-1"] | None) -> bytes:
    made = compiler.compile(format="pdf", pdf_standards=standard, timestamp=int(at.timestamp()))
    assert isinstance(made, bytes)
    return made


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[TEMPLATES / "fonts"])
