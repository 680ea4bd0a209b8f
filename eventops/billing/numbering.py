"""Numbers without gaps: one series for each kind of document and fiscal year, given out under its row's lock."""

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from eventops.billing.models import DocumentKind, NumberSeries


def next_number(session: Session, *, kind: DocumentKind, fiscal_year: int) -> int:
    """The next number; it is only taken when the transaction that asked for it is committed."""
    session.execute(_begun(session, {"kind": kind, "fiscal_year": fiscal_year, "last_number": 0}))
    series = session.scalars(
        select(NumberSeries)
        .where(NumberSeries.kind == kind, NumberSeries.fiscal_year == fiscal_year)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    series.last_number += 1
    session.flush()
    return series.last_number


def _begun(session: Session, values: dict[str, object]) -> Insert:
    """Begin the series unless somebody has done so already."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(NumberSeries).values(values).on_conflict_do_nothing()
    return sqlite.insert(NumberSeries).values(values).on_conflict_do_nothing()
