"""Every test has an application of its own; how its addresses are put together is worked out once for all of them."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


def keep_builders(patch: pytest.MonkeyPatch) -> None:
    """Werkzeug writes and compiles two functions per address; the same text gives the same functions."""
    write: Callable[[Rule, bool], Builder] = Rule._compile_builder
    written: dict[tuple[Any, ...], Builder] = {}

    def compile_builder(rule: Rule, append_unknown: bool = True) -> Builder:
        key = rule.rule, append_unknown, tuple(rule._trace), repr(rule.defaults)
        if key not in written:
            written[key] = write(rule, append_unknown)
        return written[key]

    patch.setattr(Rule, "_compile_builder", compile_builder)
