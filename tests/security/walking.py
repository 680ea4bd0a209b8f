"""Every route of the application with values filled into its URL, so that tests can knock at all doors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from eventops.accounts.permissions import Permission, access_of

MADE_UP_NUMBER = 987_654
MADE_UP_WORD = "made-up-9f3c"
SAFE = {"GET"}


@dataclass(frozen=True, slots=True)
class Door:
    """One method of one route, with what guards it."""

    endpoint: str
    method: str
    path: str
    access: Permission | str

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.endpoint})"


def doors(app: Flask, values: Mapping[str, object] | None = None) -> list[Door]:
    """All doors but the static files'; what `values` does not name is made up."""
    return [
        Door(rule.endpoint, method, _path(app, rule, values or {}), access_of(app.view_functions[rule.endpoint]) or "")
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def writing(all_doors: list[Door]) -> Iterator[Door]:
    return (door for door in all_doors if door.method not in SAFE)


def _path(app: Flask, rule: Rule, values: Mapping[str, object]) -> str:
    given = dict(rule.defaults or {})
    filled = {name: values.get(name, _made_up(rule, name)) for name in rule.arguments if name not in given}
    return app.url_map.bind("localhost").build(rule.endpoint, filled | given)


def _made_up(rule: Rule, name: str) -> object:
    return MADE_UP_NUMBER if isinstance(rule._converters[name], IntegerConverter) else MADE_UP_WORD
