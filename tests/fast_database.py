"""Every test has an engine of its own; what statements compile to is worked out once for all of them."""

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

STATEMENTS = 20_000


def keep_statements(patch: pytest.MonkeyPatch) -> None:
    """Compiled statements are kept by dialect: later engines take over the first one's, once it has connected."""
    make = SQLAlchemy._make_engine
    first: dict[str, Engine] = {}

    def make_engine(self: SQLAlchemy, *arguments: Any) -> Engine:
        engine: Engine = make(self, *arguments)
        known = first.setdefault(engine.dialect.name, engine)
        if known is engine:
            engine._compiled_cache = LRUCache(STATEMENTS)
        elif known.dialect.default_schema_name is not None:
            engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
        return engine

    patch.setattr(SQLAlchemy, "_make_engine", make_engine)
