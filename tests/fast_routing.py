"""Every test has an application of its own; what its addresses come to is worked out once for all of them."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
READ = ("_parts", "_trace", "_converters", "arguments")


def keep_routes(patch: pytest.MonkeyPatch) -> None:
    """Werkzeug parses each address and writes two functions to build it; the same text in a like map gives the same."""
    parse = Rule.compile
    read: dict[tuple[Any, ...], tuple[Mapping[str, Any], Builder, Builder]] = {}

    def compile_rule(rule: Rule) -> None:
        where = rule.subdomain, rule.host, rule.map.host_matching, frozenset(rule.map.converters.items())
        key = rule.rule, rule.merge_slashes, repr(rule.defaults), *where
        if key not in read:
            parse(rule)
            builders = rule._build.__func__, rule._build_unknown.__func__
            read[key] = ({name: getattr(rule, name) for name in READ}, *builders)
        known, build, build_unknown = read[key]
        rule.__dict__.update(known)
        rule._build = build.__get__(rule, None)
        rule._build_unknown = build_unknown.__get__(rule, None)

    patch.setattr(Rule, "compile", compile_rule)
