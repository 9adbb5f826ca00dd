"""The files of versions over SQLAlchemy: which bytes each version's attachments had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Row, insert, select, update

from storage.attachments import KeptFile, with_hashes
from storage.records import Version
from storage.sql.bodykeep import keep_body
from storage.sql.tables import files

VERSIONS_AT_ONCE = 500


def with_files(connection: Connection, found: Sequence[Version]) -> list[Version]:
    """Versions with what is kept of their attachments."""
    offering = [version.id for version in found if version.article.attachments]
    kept: dict[int, list[KeptFile]] = {}
    for start in range(0, len(offering), VERSIONS_AT_ONCE):
        some = select(files).where(files.c.version_id.in_(offering[start : start + VERSIONS_AT_ONCE]))
        for row in connection.execute(some.order_by(files.c.version_id, files.c.url)):
            kept.setdefault(row.version_id, []).append(_file_from(row))
    return [_with(version, tuple(kept[version.id])) if version.id in kept else version for version in found]


def _with(version: Version, kept: tuple[KeptFile, ...]) -> Version:
    attachments = with_hashes(version.article.attachments, kept)
    return replace(version, files=kept, article=replace(version.article, attachments=attachments))


def write_files(
    connection: Connection, version_id: int, after: Sequence[KeptFile], sent: Mapping[str, bytes | None]
) -> None:
    """Write what is known of a version's files now; ``sent`` are bytes by their hash, where they are new."""
    rows = connection.execute(select(files).where(files.c.version_id == version_id))
    before = {row.url: row.hash for row in rows}
    for file in after:
        if file.hash is not None and before.get(file.url) != file.hash:
            keep_body(connection, file.hash, sent.get(file.hash))
        values = {
            "hash": file.hash,
            "etag": file.etag,
            "last_modified": file.last_modified,
            "checked_at": file.checked_at,
        }
        if file.url in before:
            its_own = (files.c.version_id == version_id, files.c.url == file.url)
            connection.execute(update(files).where(*its_own).values(values))
        else:
            connection.execute(insert(files).values(version_id=version_id, url=file.url, **values))


def _file_from(row: Row[tuple[object, ...]]) -> KeptFile:
    cell = row._mapping
    return KeptFile(cell["url"], cell["hash"], cell["etag"], cell["last_modified"], cell["checked_at"])
