"""The archive's side of learning a site's template over SQLAlchemy."""

from __future__ import annotations

from sqlalchemy import func, select

from storage.records import Lesson, Role, Version
from storage.sql.comparing import read_body, read_template, read_version
from storage.sql.crawling import select_versions
from storage.sql.engine import Database
from storage.sql.rows import lesson_from, lesson_values, version_from
from storage.sql.tables import lessons, pages, versions
from storage.sql.upsert import upsert


class SqlLearning:
    """See ``storage.archive.Learning``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def taught(self, site: str) -> tuple[int, int]:
        counted = select(func.count(), func.coalesce(func.sum(pages.c.version), 0)).where(
            pages.c.site == site, pages.c.role == Role.ARTICLE.value, pages.c.version > 0
        )
        with self._database.read() as connection:
            articles, kept = connection.execute(counted).one()
        return int(articles), int(kept)

    def samples(self, site: str, limit: int) -> list[Version]:
        # Columns take turns: each may have a template of its own, and a kind of article of its own.
        newest_first = [versions.c.seen_at.desc(), versions.c.id.desc()]
        turn = func.row_number().over(partition_by=pages.c.found_on, order_by=newest_first)
        # Only keys are ranked: the texts of a whole site need not pass through the sorting.
        newest = (
            select(versions.c.page_id)
            .join(pages, pages.c.id == versions.c.page_id)
            .where(pages.c.site == site, pages.c.role == Role.ARTICLE.value, versions.c.number == pages.c.version)
            .where(versions.c.body_hash.is_not(None))
            .order_by(turn, *newest_first)
            .limit(limit)
        )
        with self._database.read() as connection:
            chosen = list(connection.execute(newest).scalars())
            back = pages.c.version - versions.c.number
            kept = select_versions().where(versions.c.body_hash.is_not(None), versions.c.page_id.in_(chosen), back < 2)
            found = connection.execute(kept.add_columns(back.label("back"))).all()
        return [version_from(row) for row in sorted(found, key=lambda row: (row.back, chosen.index(row.page_id)))]

    def lesson(self, site: str, name: str | None = None) -> Lesson | None:
        wanted = select(lessons).where(lessons.c.site == site)
        if name is not None:
            wanted = wanted.where(lessons.c.name == name)
        with self._database.read() as connection:
            row = connection.execute(wanted.order_by(lessons.c.learned_at.desc(), lessons.c.name).limit(1)).first()
        return None if row is None else lesson_from(row)

    def lessons(self) -> list[Lesson]:
        newest: dict[str, Lesson] = {}
        with self._database.read() as connection:
            for row in connection.execute(select(lessons).order_by(lessons.c.site, lessons.c.learned_at.desc())):
                newest.setdefault(row.site, lesson_from(row))
        return list(newest.values())

    def remember(self, lesson: Lesson) -> None:
        again = {"learned_at": lesson.learned_at, "versions": lesson.versions, "template": lesson.template}
        with self._database.write() as connection:
            upsert(connection, lessons, lesson_values(lesson), again)

    def site_template(self, site: str) -> str:
        return read_template(self._database, site)

    def version(self, page_id: int, number: int) -> Version | None:
        return read_version(self._database, page_id, number)

    def body(self, body_hash: str) -> bytes | None:
        return read_body(self._database, body_hash)
