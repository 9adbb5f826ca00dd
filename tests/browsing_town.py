"""A small archive to look around in: pages, changes and visits said in one line each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from storage import bodies
from storage.archive import Archive
from storage.changes import Change, ChangeKind
from storage.records import (
    Article,
    Intake,
    Observation,
    Outcome,
    Page,
    PageKind,
    Role,
    Settlement,
    Told,
    Version,
    Visit,
)

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
"""Noon in China."""


class Town:
    """An archive, written to in few words."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def column(self, name: str, site: str = "yunxi", at: datetime = NOON) -> str:
        """A watched column; its address."""
        url = f"http://127.0.0.1/{site}/{name}/"
        self.archive.crawling.enlist_columns(site, [url], at)
        return url

    def article(self, name: str, *, site: str = "yunxi", column: str | None = None, at: datetime = NOON) -> int:
        """An article, read once, found on a column; its id."""
        found = self.visit(name, Outcome.NEW_VERSION, at, site=site, column=column, said=f"{name}说。")
        return found.page_id

    def visit(
        self,
        name: str,
        outcome: Outcome,
        at: datetime,
        *,
        site: str = "yunxi",
        column: str | None = None,
        said: str | None = None,
        took: int = 100,
    ) -> Observation:
        """A visit to an article; ``said`` makes a new version."""
        status = {Outcome.FAILED: None, Outcome.GONE: 404, Outcome.BLOCKED: 403, Outcome.NOT_MODIFIED: 304}
        told = None if said is None else Article(PageKind.ARTICLE, title=f"题{said}", canonical=(said,), flags=("x",))
        visit = Visit(
            site,
            f"http://127.0.0.1/{site}/{name}",
            Role.ARTICLE,
            at,
            "run",
            status=status.get(outcome, 200),
            article=told,
            body=None if said is None else said.encode(),
        )

        def keep(seen: Visit, page: Page, latest: Version | None, known: object) -> Intake:
            number, version = page.version, None
            if told is not None and seen.body is not None:
                number += 1
                name = bodies.body_hash(seen.body)
                version = Version(site, seen.url, number, at, f"{number}", told, body_hash=name)
            after = replace(page, version=number, column=column or page.column, checked_at=at)
            observation = Observation(
                site, seen.url, at, "run", outcome, status=seen.status, duration_ms=took, version=number or None
            )
            return Intake(replace(observation, pending=True), after, version)

        return self.archive.crawling.record(visit, keep).observation

    def tell(
        self, page_id: int, kind: ChangeKind, at: datetime, weight: float = 0.5, to_version: int | None = None
    ) -> int:
        """A change of a page; its id."""
        page = self.archive.comparing.page(page_id)
        seen = self.visit(page.url.rpartition("/")[2], Outcome.UNCHANGED, at, site=page.site)
        page = self.archive.comparing.page(page_id)
        change = Change(page.site, page.url, kind, at, title="题", weight=weight, to_version=to_version)
        told = Told.REMOVED if kind is ChangeKind.REMOVED else Told.LIVE
        assert self.archive.comparing.settle(Settlement(seen, page, replace(page, told=told), (change,)))
        return self.archive.reading.changes()[-1].id
