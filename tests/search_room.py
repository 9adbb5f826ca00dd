"""What the tests of the search share: versions put into an archive, and what is found of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.search.find import Found, search
from monitor.search.query import parse
from storage.archive import Archive
from storage.records import (
    Article,
    Change,
    ChangeKind,
    Intake,
    Observation,
    Outcome,
    Page,
    PageKind,
    Role,
    Settlement,
    Version,
    Visit,
)

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


class Room:
    """Keeps texts in an archive, a minute apart."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.now = archive, NOW
        archive.running.announce({"qixi": "栖溪", "yun-tai": "云台"})

    def keep(
        self, page: int, text: str, title: str = "通告", site: str = "qixi", at: datetime | None = None
    ) -> Version:
        """Keep the next version of a page; ``text`` has its paragraphs on lines of their own."""
        self.now = at or self.now + timedelta(minutes=1)
        url = f"http://127.0.0.1/{site}/{page}.html"
        article = Article(PageKind.ARTICLE, title, paragraphs=(text,), canonical=tuple(text.split("\n")))

        def decide(visit: Visit, page: Page, newest: Version | None, _known: object) -> Intake:
            number = page.version + 1
            version = Version(site, url, number, visit.at, f"{number}", article)
            seen = Observation(site, url, visit.at, "r", Outcome.NEW_VERSION, version=number, pending=True)
            return Intake(seen, replace(page, version=number), version)

        kept = self.archive.crawling.record(Visit(site, url, Role.ARTICLE, self.now, "r"), decide).version
        assert kept is not None
        return kept

    def tell(self, version: Version, kind: ChangeKind) -> None:
        """Tell a change of a version's page."""
        seen = self.archive.reading.observations(version.url)[-1]
        page = self.archive.comparing.page(version.page_id)
        change = Change(version.site, version.url, kind, self.now)
        assert self.archive.comparing.settle(Settlement(seen, page, page, (change,)))

    def found(self, typed: str) -> list[str]:
        """The pages that answer, the best first, as ``number of the page/version``."""
        return [f"{hit.url.rsplit('/', 1)[1][:-5]}/{hit.number}" for hit in self.ask(typed).hits]

    def ask(self, typed: str, **more: object) -> Found:
        """An answer."""
        return search(self.archive, parse(typed), **more)  # type: ignore[arg-type]
