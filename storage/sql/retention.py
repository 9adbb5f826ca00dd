"""Letting go of what is spare, over SQLAlchemy. See ``storage.retention`` for what is never let go of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, or_, select, text, update

from storage.retention import Pruned, Rule
from storage.sql.bodykeep import let_go_bodies, stand_without
from storage.sql.engine import Database, till_its_turn, translated
from storage.sql.search import forget_versions
from storage.sql.tables import changes, files, observations, pages, versions


class SqlRetention:
    """See ``storage.retention.Retention``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def spare(self, rule: Rule) -> Pruned:
        with self._database.read() as connection:
            texts = bodies = 0
            if rule.texts_before is not None:
                texts = connection.execute(_count(_spare(rule.texts_before, rule.site))).scalar_one()
            if rule.bodies_before is not None or rule.texts_before is not None:
                latest = max(moment for moment in (rule.bodies_before, rule.texts_before) if moment is not None)
                bodies = connection.execute(_count(and_(_spare(latest, rule.site), _HOLDS_BYTES))).scalar_one()
            return Pruned(bodies, texts)

    @till_its_turn
    def prune(self, rule: Rule, limit: int = 200) -> Pruned:
        with self._database.write() as connection:
            if rule.bodies_before is not None:
                chosen = _choose(connection, and_(_spare(rule.bodies_before, rule.site), _HOLDS_BYTES), limit)
                if chosen:
                    _drop_bodies(connection, chosen)
                    return Pruned(bodies=len(chosen))
            if rule.texts_before is not None:
                chosen = _choose(connection, _spare(rule.texts_before, rule.site), limit)
                if chosen:
                    held = _holding(connection, chosen)
                    _drop_bodies(connection, chosen)
                    _drop_versions(connection, chosen)
                    return Pruned(held, len(chosen))
        return Pruned()

    def size(self) -> int:
        with self._database.read() as connection:
            if connection.dialect.name == "postgresql":
                return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
            count = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            return int(count * connection.exec_driver_sql("PRAGMA page_size").scalar_one())

    def vacuum(self) -> None:
        # Neither database does it within a transaction, which every connection of SQLAlchemy's is in.
        with translated():
            pooled = self._database.engine.raw_connection()
            try:
                driver: Any = pooled.driver_connection
                if self._database.engine.dialect.name == "postgresql":
                    driver.autocommit = True
                    driver.execute("VACUUM (ANALYZE)")
                    driver.autocommit = False
                else:
                    driver.execute("VACUUM")
                    # Else the whole archive stands in the log beside it until somebody writes.
                    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                pooled.close()


_HOLDS_BYTES = or_(
    versions.c.body_hash.is_not(None),
    exists().where(files.c.version_id == versions.c.id, files.c.hash.is_not(None)).correlate(versions),
)


def _spare(before: datetime, site: str | None) -> ColumnElement[bool]:
    """Versions that nothing leads to: not a page's first, newest or last told, in no change, awaited by nobody."""
    told = exists().where(
        changes.c.page_id == versions.c.page_id,
        or_(changes.c.from_version == versions.c.number, changes.c.to_version == versions.c.number),
    )
    # A further version is kept as what differs from such a one.
    following = versions.alias("following")
    leant_on = exists().where(following.c.page_id == versions.c.page_id, following.c.base == versions.c.id)
    awaited = exists().where(observations.c.page_id == versions.c.page_id, observations.c.pending)
    between = and_(
        versions.c.number > 1, versions.c.number != pages.c.version, versions.c.number != pages.c.base_version
    )
    of_site = [] if site is None else [pages.c.site == site]
    old = versions.c.seen_at < before
    return and_(
        old, between, *of_site, ~told.correlate(versions), ~awaited.correlate(versions), ~leant_on.correlate(versions)
    )


def _count(which: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(versions.join(pages, pages.c.id == versions.c.page_id)).where(which)


def _choose(connection: Connection, which: ColumnElement[bool], limit: int) -> list[int]:
    """The ids of some versions, their pages held: a comparison that tells of one meanwhile waits."""
    wanted = select(versions.c.id, versions.c.page_id).join(pages, pages.c.id == versions.c.page_id).where(which)
    found = connection.execute(wanted.order_by(versions.c.id).limit(limit)).all()
    held = sorted({row.page_id for row in found})
    connection.execute(select(pages.c.id).where(pages.c.id.in_(held)).order_by(pages.c.id).with_for_update())
    # Asked once more: what was told while we waited is spare no longer.
    ids = [row.id for row in found]
    return list(connection.execute(wanted.where(versions.c.id.in_(ids)).order_by(versions.c.id)).scalars())


def _holding(connection: Connection, ids: Sequence[int]) -> int:
    held = select(func.count()).select_from(versions).where(versions.c.id.in_(ids), _HOLDS_BYTES)
    return connection.execute(held).scalar_one()


def _drop_bodies(connection: Connection, ids: Sequence[int]) -> None:
    of_pages = select(versions.c.body_hash).where(versions.c.id.in_(ids), versions.c.body_hash.is_not(None))
    of_files = select(files.c.hash).where(files.c.version_id.in_(ids), files.c.hash.is_not(None))
    gone = [*connection.execute(of_pages).scalars(), *connection.execute(of_files).scalars()]
    connection.execute(update(versions).where(versions.c.id.in_(ids)).values(body_hash=None))
    connection.execute(update(files).where(files.c.version_id.in_(ids)).values(hash=None, etag=None))
    let_go_bodies(connection, gone)
    stand_without(connection, gone, ids)


def _drop_versions(connection: Connection, ids: Sequence[int]) -> None:
    forget_versions(connection, ids)
    connection.execute(delete(files).where(files.c.version_id.in_(ids)))
    connection.execute(delete(versions).where(versions.c.id.in_(ids)))
