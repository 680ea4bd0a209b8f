"""Several forms on one page: their fields get ids of their own, so that every label leads to its own box."""

from collections.abc import Iterable
from typing import TypeVar

from wtforms import Field, FieldList, Form, FormField

AnyForm = TypeVar("AnyForm", bound=Form)


def apart(form: AnyForm, name: str) -> AnyForm:
    """The same form, its ids beginning with `name`; what it sends keeps its names."""
    _set_apart(form, name)
    return form


def _set_apart(fields: Iterable[Field], name: str) -> None:
    for field in fields:
        field.id = field.label.field_id = f"{name}-{field.name}"
        if isinstance(field, FormField | FieldList):
            _set_apart(field, name)
