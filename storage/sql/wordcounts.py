"""The words of days that are over, over SQLAlchemy."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from storage.codec import dump
from storage.sql.engine import Database
from storage.sql.tables import word_counts
from storage.sql.upsert import upsert


class SqlWords:
    """See ``storage.archive.Words``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def words_of(self, day: date) -> dict[str, int] | None:
        with self._database.read() as connection:
            packed = connection.execute(select(word_counts.c.packed).where(word_counts.c.day == day)).scalar()
        return None if packed is None else dict(json.loads(zlib.decompress(packed)))

    def keep_words(self, day: date, counts: Mapping[str, int]) -> None:
        packed = zlib.compress(dump(dict(counts)).encode())
        with self._database.write() as connection:
            upsert(connection, word_counts, {"day": day, "packed": packed}, {"packed": packed})
