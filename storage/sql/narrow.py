"""Conditions spelled so that the planners take the index that is meant for them.

SQLite knows nothing of how its rows are spread unless it is told, and takes what looks narrowest. PostgreSQL knows.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.records import Role, Told
from storage.sql.tables import pages

# Partial indexes are not used for a bound value.
IS_COLUMN = pages.c.role == literal_column(f"'{Role.COLUMN.value}'")
"""Pages that are watched as a list."""


class _RowByRow(FunctionElement[str]):
    """A column that SQLite does not look up in an index."""

    inherit_cache = True


@compiles(_RowByRow)
def _plain(element: _RowByRow, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_RowByRow, "sqlite")
def _signed(element: _RowByRow, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


def among(column: ColumnElement[str], *values: str) -> ColumnElement[bool]:
    """The column has one of these values, looked at row by row: what is asked for is found by another index."""
    return _RowByRow(column) == values[0] if len(values) == 1 else _RowByRow(column).in_(values)


IS_WITHDRAWN = and_(pages.c.told == literal_column(f"'{Told.REMOVED.value}'"), among(pages.c.role, Role.ARTICLE.value))
"""Articles told as withdrawn."""
