"""The dead links of a site: what its lists still lead to, and files that are gone; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from test_storage_archive import COLUMN, NOW, keeping, visit

from crawler.intake import take_in
from crawler.sites import Site
from storage.archive import Archive
from storage.attachments import KeptFile
from storage.records import (
    Article,
    Intake,
    Link,
    Observation,
    Outcome,
    Page,
    PageKind,
    Role,
    Version,
    Visit,
    china_day,
)

SITE = Site(key="yunxi", name="云溪", columns=(COLUMN,))
ONE, TWO = "http://127.0.0.1/a/1.html", "http://127.0.0.1/a/2.html"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def watched(archive: Archive) -> None:
    archive.running.announce({"yunxi": "云溪市人民政府"})
    archive.crawling.enlist_columns("yunxi", [COLUMN], NOW)


def list_shows(archive: Archive, at: datetime, *urls: str) -> None:
    article = Article(PageKind.LIST, links=tuple(Link(url, "标题") for url in urls))
    seen = Visit("yunxi", COLUMN, Role.COLUMN, at, "r", 200, final_url=COLUMN, article=article)
    archive.crawling.record(seen, lambda *given: take_in(SITE, *given))


def page_answers(archive: Archive, at: datetime, url: str, status: int = 200) -> None:
    article = Article(PageKind.ARTICLE, title="题", canonical=("文。",)) if status == 200 else None
    body = b"x" if status == 200 else None
    seen = Visit("yunxi", url, Role.ARTICLE, at, "r", status, final_url=url, article=article, body=body)
    archive.crawling.record(seen, lambda *given: take_in(SITE, *given))


def dead(archive: Archive, at: datetime) -> int:
    (health,) = archive.running.health(china_day(at), at)
    assert archive.running.health(china_day(at), at, "yunxi") == [health]
    return health.dead_links


def test_a_link_is_dead_while_a_list_leads_to_what_is_gone(archive: Archive) -> None:
    list_shows(archive, NOW, ONE, TWO)
    page_answers(archive, NOW + HOUR, ONE)
    page_answers(archive, NOW + HOUR, TWO, 404)
    # Never there: the visit that found it says that the list leads to it.
    assert dead(archive, NOW) == 1
    page_answers(archive, NOW + DAY, ONE, 404)
    list_shows(archive, NOW + DAY + HOUR, ONE, TWO)
    assert dead(archive, NOW + DAY) == 2
    # Seen again day by day, they are no more than two.
    list_shows(archive, NOW + 2 * DAY, ONE, TWO)
    page_answers(archive, NOW + 2 * DAY, ONE, 404)
    assert dead(archive, NOW + 2 * DAY) == 2
    # Taken from the list, one is withdrawn and no dead link; the other is back.
    list_shows(archive, NOW + 3 * DAY, TWO)
    assert dead(archive, NOW + 3 * DAY) == 1
    page_answers(archive, NOW + 3 * DAY + HOUR, TWO)
    assert dead(archive, NOW + 3 * DAY) == 0
    # Days that are over stand as they were.
    assert [dead(archive, NOW + day * DAY) for day in range(3)] == [1, 2, 2]


def test_what_is_there_or_cannot_be_told_is_no_dead_link(archive: Archive) -> None:
    list_shows(archive, NOW, ONE, TWO)
    page_answers(archive, NOW + HOUR, ONE)
    page_answers(archive, NOW + HOUR, TWO, 503)
    list_shows(archive, NOW + 2 * HOUR, ONE, TWO)
    # Gone, and not on any list since.
    page_answers(archive, NOW + 3 * HOUR, ONE, 404)
    assert dead(archive, NOW) == 0
    # Gone before it failed to answer: still gone.
    list_shows(archive, NOW + 4 * HOUR, ONE, TWO)
    page_answers(archive, NOW + 5 * HOUR, ONE, 503)
    assert dead(archive, NOW) == 1
    assert dead(archive, NOW + 40 * DAY) == 0


def missing_files(**errors: str) -> Callable[..., Intake]:
    def decide(seen: Visit, page: Page, latest: Version | None, known: object) -> Intake:
        files = {f"http://127.0.0.1/a/{name}.pdf": why for name, why in errors.items()}
        kept = tuple(KeptFile(url, checked_at=seen.at) for url in files)
        evidence = {"files": files}
        told = Observation(seen.site, seen.url, seen.at, seen.run, Outcome.UNCHANGED, evidence=evidence)
        return Intake(told, page, files=kept)

    return decide


def test_a_file_that_is_gone_is_a_dead_link(archive: Archive) -> None:
    archive.crawling.record(visit(NOW), keeping(Outcome.NEW_VERSION))
    archive.crawling.record(visit(NOW + HOUR), missing_files(a="404", b="410", c="503", d="not a file: a page"))
    assert dead(archive, NOW) == 2
    # Asked for once more on that day: it counts once, and by its last answer.
    archive.crawling.record(visit(NOW + 2 * HOUR), missing_files(a="404", b="503"))
    assert dead(archive, NOW) == 1
    assert dead(archive, NOW + DAY) == 0
