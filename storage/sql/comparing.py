"""The comparison's side of the archive over SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, exists, func, insert, select, update

from storage.lives import Why
from storage.records import AILING, MISSING, Change, Observation, Outcome, Page, Role, Run, Settlement, Told, Version
from storage.sql import bodykeep
from storage.sql.crawling import select_versions
from storage.sql.engine import Database, till_its_turn
from storage.sql.files import with_files
from storage.sql.rows import change_values, observation_from, page_from, version_from, words
from storage.sql.tables import changes, observations, pages, runs, site_hosts, sites, versions
from storage.sql.tallies import count_changes
from storage.sql.upsert import insert_unknown

LONGEST_HOST = 253
"""Characters of the longest name that DNS can hold (RFC 1035, 255 octets on the wire); a page may print anything."""


def select_observations() -> Select[tuple[object, ...]]:
    """Observations with the site and address of their page."""
    return select(observations, pages.c.site, pages.c.url).join(pages, pages.c.id == observations.c.page_id)


def read_body(database: Database, body_hash: str) -> bytes | None:
    """A kept raw response, or ``None`` where it was never kept or has been dropped. Raises BodyUnreadable."""
    with database.read() as connection:
        return bodykeep.read_body(connection, body_hash)


def read_version(database: Database, page_id: int, number: int) -> Version | None:
    """One version of a page."""
    wanted = select_versions().where(versions.c.page_id == page_id, versions.c.number == number)
    with database.read() as connection:
        row = connection.execute(wanted).first()
        return None if row is None else with_files(connection, [version_from(row)])[0]


def read_template(database: Database, site: str) -> str:
    """The page frame that the change log last spoke of for a site, empty before the first."""
    with database.read() as connection:
        found = connection.execute(select(sites.c.template).where(sites.c.key == site)).scalar()
    return found or ""


def _tell(connection: Connection, told: Sequence[Change], page_id: int) -> None:
    numbered = []
    for change in told:
        row = insert(changes).values(change_values(change, page_id)).returning(changes.c.id)
        numbered.append((connection.execute(row).scalar_one(), change))
    count_changes(connection, numbered)


class SqlComparing:
    """See ``storage.archive.Comparing``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self, after: int = 0, limit: int = 200) -> list[Observation]:
        wanted = select_observations().where(observations.c.pending, observations.c.id > after)
        with self._database.read() as connection:
            found = connection.execute(wanted.order_by(observations.c.id).limit(limit))
            return [observation_from(row) for row in found]

    def page(self, page_id: int) -> Page:
        with self._database.read() as connection:
            return page_from(connection.execute(select(pages).where(pages.c.id == page_id)).one())

    def pages_among(self, site: str, page_ids: Sequence[int]) -> list[Page]:
        if not page_ids:
            return []
        wanted = select(pages).where(pages.c.id.in_(list(page_ids)), pages.c.site == site)
        with self._database.read() as connection:
            found = {row.id: page_from(row) for row in connection.execute(wanted)}
        return [found[page_id] for page_id in page_ids if page_id in found]

    def page_at(self, site: str, url: str) -> Page | None:
        with self._database.read() as connection:
            row = connection.execute(select(pages).where(pages.c.site == site, pages.c.url == url)).one_or_none()
        return None if row is None else page_from(row)

    def version(self, page_id: int, number: int) -> Version | None:
        return read_version(self._database, page_id, number)

    def body(self, body_hash: str) -> bytes | None:
        return read_body(self._database, body_hash)

    def missing_streak(self, page_id: int, upto: int) -> list[Observation]:
        earlier = select_observations().where(
            observations.c.page_id == page_id, observations.c.id <= upto, observations.c.outcome.not_in(words(AILING))
        )
        streak: list[Observation] = []
        with self._database.read() as connection:
            for row in connection.execute(earlier.order_by(observations.c.id.desc())):
                if Outcome(row.outcome) not in MISSING:
                    break
                streak.append(observation_from(row))
        return streak[::-1]

    def presence(self, site: str, since: datetime) -> tuple[int, int]:
        looked_at = select(func.count(pages.c.missing_since), func.count()).where(
            pages.c.site == site,
            pages.c.role == Role.ARTICLE.value,
            pages.c.version > 0,
            pages.c.told.not_in([Told.REMOVED.value, Told.MOVED.value]),
            pages.c.checked_at >= since,
        )
        with self._database.read() as connection:
            missing, seen = connection.execute(looked_at).one()
        return int(missing), int(seen)

    def moved_here(self, site: str, url: str) -> str | None:
        moved = select(pages.c.url).where(pages.c.moved_to == url, pages.c.site == site).order_by(pages.c.id).limit(1)
        with self._database.read() as connection:
            found: str | None = connection.execute(moved).scalar()
        return found

    def run(self, run: str, site: str) -> Run | None:
        with self._database.read() as connection:
            row = connection.execute(select(runs).where(runs.c.id == run, runs.c.site == site)).one_or_none()
        if row is None:
            return None
        return Run(row.id, row.site, row.started_at, row.finished_at, row.reason, row.visits, row.requests)

    def is_running(self, run: str, site: str) -> bool:
        later = runs.alias()
        followed = exists().where(later.c.site == runs.c.site, later.c.started_at > runs.c.started_at)
        under_way = select(runs.c.id).where(
            runs.c.id == run, runs.c.site == site, runs.c.finished_at.is_(None), ~followed
        )
        with self._database.read() as connection:
            return connection.execute(under_way).first() is not None

    def last_run(self, page_id: int) -> str | None:
        latest = select(observations.c.run).where(observations.c.page_id == page_id).order_by(observations.c.id.desc())
        with self._database.read() as connection:
            run: str | None = connection.execute(latest.limit(1)).scalar()
        return run

    def hasten(self, page_id: int, now: datetime) -> None:
        watched = update(pages).where(pages.c.id == page_id, pages.c.due_at > now)
        with self._database.write() as connection:
            connection.execute(watched.values(due_at=now, due_why=Why.HASTENED.value))

    def site_template(self, site: str) -> str:
        return read_template(self._database, site)

    def site_templates(self, site: str, limit: int = 50) -> list[tuple[str, int]]:
        newest = (
            select(versions.c.template, versions.c.number)
            .join(pages, pages.c.id == versions.c.page_id)
            .where(
                pages.c.site == site,
                pages.c.role == Role.ARTICLE.value,
                pages.c.told.not_in([Told.REMOVED.value, Told.MOVED.value]),
                versions.c.number == pages.c.version,
            )
            .order_by(pages.c.checked_at.desc(), pages.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [(row.template, row.number) for row in connection.execute(newest)]

    def site_hosts(self, site: str) -> frozenset[str]:
        with self._database.read() as connection:
            return frozenset(connection.execute(select(site_hosts.c.host).where(site_hosts.c.site == site)).scalars())

    @till_its_turn
    def settle(self, settlement: Settlement) -> bool:
        observation, page, seen = settlement.observation, settlement.page, settlement.seen
        claim = update(observations).where(observations.c.id == observation.id, observations.c.pending)
        # Only what the comparison decides: a crawl may have written the rest of the row in the meantime.
        told: dict[str, object] = {"base_version": page.base_version, "told": page.told.value}
        if page.moved_to != seen.moved_to:
            told["moved_to"] = page.moved_to
        unmoved = update(pages).where(
            pages.c.id == page.id, pages.c.base_version == seen.base_version, pages.c.told == seen.told.value
        )
        with self._database.write() as connection:
            if connection.execute(unmoved.values(told)).rowcount != 1:
                return False
            if connection.execute(claim.values(pending=False)).rowcount != 1:
                connection.rollback()
                return False
            template = settlement.template
            retold = template is None or self._retold(connection, page.site, settlement.frame, template)
            if not retold and settlement.frame:
                # A first frame is no news, whoever writes it; a redesign is told once.
                connection.rollback()
                return False
            _tell(connection, settlement.changes, page.id)
            self._remember_hosts(connection, page.site, settlement.hosts)
        return True

    def _retold(self, connection: Connection, site: str, told: str, template: str) -> bool:
        """Write a site's new frame over the one last told; false where another comparison told one since."""
        connection.execute(insert_unknown(connection, sites), [{"key": site, "name": "", "template": ""}])
        over = update(sites).where(sites.c.key == site, sites.c.template == told)
        return connection.execute(over.values(template=template)).rowcount == 1

    def _remember_hosts(self, connection: Connection, site: str, hosts: Sequence[str]) -> None:
        named = sorted({host for host in hosts if len(host) <= LONGEST_HOST})
        if named:
            rows = [{"site": site, "host": host} for host in named]
            connection.execute(insert_unknown(connection, site_hosts), rows)
