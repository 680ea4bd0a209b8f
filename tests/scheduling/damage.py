"""Documents with damage: values of the wrong kind, things missing, doubled or renamed, text cut off."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]

numbers = st.integers(-3, 10) | st.sampled_from([-(10**9), 10**9 + 1, 10**18, 10**40, -(10**40)])
oddities = st.sampled_from([float("nan"), float("inf"), -0.0, 1e308, True, False, None])
words = st.text(max_size=6) | st.sampled_from(
    ["", "S1", "T1", "H", "a", "guest", "\ud800", "\x1b[2J", "\u2028", "東京"]
)
times = st.sampled_from(
    [
        "2027-01-15T13:00:00+09:00",
        "2027-01-15T13:00:00",
        "2027-01-15",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
    ]
)
values = st.recursive(
    numbers | oddities | words | times | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


def places(document: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a document, the whole of it first."""
    yield path
    inside = document.items() if isinstance(document, dict) else enumerate(document) if type(document) is list else ()
    for key, value in inside:
        yield from places(value, (*path, key))


@st.composite
def damaged(draw: st.DrawFn, documents: st.SearchStrategy[Any], *, most: int = 3) -> Any:
    """One of the documents after up to `most` acts of damage."""
    document = deepcopy(draw(documents))
    for _ in range(draw(st.integers(1, most))):
        choice = [path for path in places(document) if path]
        if choice:
            _damage(draw, document, draw(st.sampled_from(choice)))
    return document


def _damage(draw: st.DrawFn, document: Any, path: Path) -> None:
    *way, last = path
    holder = document
    for key in way:
        holder = holder[key]
    act = draw(st.sampled_from(["replace", "replace", "remove", "double", "rename"]))
    if act == "replace":
        holder[last] = draw(values)
    elif act == "remove":
        del holder[last]
    elif act == "double" and isinstance(holder, list):
        holder.insert(last, deepcopy(holder[last]))
    elif isinstance(holder, dict):
        holder[draw(words)] = holder.pop(last)


@st.composite
def texts(draw: st.DrawFn, documents: st.SearchStrategy[Any]) -> str:
    """A damaged document as text, sometimes cut off, with a field doubled, or with something thrown in."""
    text = json.dumps(draw(damaged(documents)), ensure_ascii=draw(st.booleans()))
    act = draw(st.sampled_from(["whole", "whole", "cut", "thrown in", "doubled"]))
    place = draw(st.integers(0, len(text)))
    if act == "cut":
        return text[:place]
    if act == "thrown in":
        return text[:place] + draw(words) + text[place:]
    return text.replace('"id"', '"id": "x", "id"', 1) if act == "doubled" else text
