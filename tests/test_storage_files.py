"""Files of versions in the archive, and lists that stand for a column: the same on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.engine import Engine

from crawler.intake import take_in
from crawler.sites import Site
from storage.archive import Archive
from storage.attachments import FileVisit, KeptFile
from storage.records import Article, Attachment, Intake, Link, Outcome, PageKind, Role, Visit
from storage.sql.tables import bodies

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
HOST = "http://www.yunxi.example"
COLUMN, URL, FILE = f"{HOST}/col/col1/index.html", f"{HOST}/xw/1.html", f"{HOST}/xw/a.pdf"
SERVICE = f"{HOST}/gkmlpt/api/all/1?page=1&sid=2"
SITE = Site(key="yunxi", name="云溪", columns=(COLUMN,), attachments="keep")
STORY = Article(PageKind.ARTICLE, title="通知", canonical=("正文。",), attachments=(Attachment(FILE, "附件"),))
VISIT = Visit("yunxi", URL, Role.ARTICLE, NOW, "r", status=200, article=STORY, body=b"page", final_url=URL)


def keep(archive: Archive, visit: Visit) -> Intake:
    return archive.crawling.record(visit, partial(take_in, SITE))


def seen(text: bytes | None) -> FileVisit:
    if text is None:
        return FileVisit(FILE, NOW, error="404")
    return FileVisit(FILE, NOW, sha256(text).hexdigest(), text, '"e"')


def uses(archive: Archive) -> dict[bytes, int]:
    engine: Engine = archive._database.engine  # type: ignore[attr-defined]
    with engine.connect() as connection:
        names = {row.hash: row.used_by for row in connection.execute(select(bodies.c.hash, bodies.c.used_by))}
    return {archive.reading.body(name) or b"": used for name, used in names.items()}


def test_files_are_kept_with_the_version_that_offers_them(archive: Archive) -> None:
    first = keep(archive, replace(VISIT, files=(seen(b"one"),)))
    assert first.observation.outcome is Outcome.NEW_VERSION
    (file,) = archive.crawling.files(first.page.id)
    assert file == KeptFile(FILE, sha256(b"one").hexdigest(), '"e"', None, NOW)
    replaced = keep(archive, replace(VISIT, status=304, article=None, body=None, files=(seen(b"two"),)))
    assert replaced.observation.outcome is Outcome.NEW_VERSION
    versions = archive.reading.history(URL)
    assert [version.article.attachments[0].hash for version in versions] == [
        sha256(text).hexdigest() for text in (b"one", b"two")
    ]
    assert versions[1].body_hash == versions[0].body_hash
    assert uses(archive) == {b"page": 2, b"one": 1, b"two": 1}
    assert archive.reading.newest([URL])[URL].files == archive.reading.history(URL)[-1].files != ()
    page_id = first.page.id
    assert archive.comparing.version(page_id, 1) == versions[0]


def test_a_file_that_comes_later_is_put_to_the_version_that_stands(archive: Archive) -> None:
    page_id = keep(archive, VISIT).page.id
    assert archive.crawling.files(page_id) == (KeptFile(FILE),)
    for missed in (None, None):
        assert keep(archive, replace(VISIT, files=(seen(missed),))).observation.outcome is Outcome.UNCHANGED
        assert archive.crawling.files(page_id) == (KeptFile(FILE, checked_at=NOW),)
    for _ in range(2):
        assert keep(archive, replace(VISIT, files=(seen(b"one"),))).observation.outcome is Outcome.UNCHANGED
    (version,) = archive.reading.history(URL)
    assert version.article.attachments[0].hash == sha256(b"one").hexdigest()
    assert uses(archive) == {b"page": 1, b"one": 1}
    keep(archive, replace(VISIT, article=replace(STORY, title="通知二"), files=(seen(None),)))
    assert archive.reading.history(URL)[1].files[0].hash == sha256(b"one").hexdigest()
    assert uses(archive) == {b"page": 2, b"one": 2}


def test_a_column_keeps_the_service_that_it_names_and_lets_a_former_one_go(archive: Archive) -> None:
    archive.crawling.enlist_columns("yunxi", (COLUMN,), NOW)
    shell = Article(PageKind.LIST, lists=(SERVICE,))
    column = replace(VISIT, url=COLUMN, final_url=COLUMN, role=Role.COLUMN, article=shell)
    assert [page.url for page in keep(archive, column).discovered] == [SERVICE]
    answer = Article(PageKind.LIST, links=(Link(URL, "通知"),))
    kept = keep(archive, replace(column, url=SERVICE, final_url=SERVICE, article=answer))
    assert [(page.url, page.column) for page in kept.discovered] == [(URL, COLUMN)]
    assert kept.page.due_at is not None

    def watched() -> set[str]:
        return {page.url for page in archive.crawling.pages("yunxi", Role.COLUMN)}

    assert watched() == {COLUMN, SERVICE}
    keep(archive, replace(column, status=304, article=None, body=None))
    assert watched() == {COLUMN, SERVICE}
    keep(archive, replace(column, article=answer))
    assert watched() == {COLUMN}
    # One that was on its way when it was let go is not due again by its answer.
    keep(archive, replace(column, url=SERVICE, final_url=SERVICE, article=answer))
    assert watched() == {COLUMN}
    assert [page.url for page in keep(archive, column).discovered] == [SERVICE]
    assert watched() == {COLUMN, SERVICE}
    archive.crawling.enlist_columns("yunxi", (SERVICE,), NOW)
    assert watched() == {SERVICE}
