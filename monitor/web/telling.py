"""Changes of the log as the digest tells them, for pages of one article or one change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.digest.item import Fact, Item
from monitor.digest.passages import passages
from monitor.tell import fact_pairs
from monitor.titles import titled
from storage.archive import Reading
from storage.browsing import Entry
from storage.records import Article, Change, ChangeKind


@dataclass(frozen=True, slots=True)
class Told:
    """A change with everything that tells it. ``compared`` are the two versions it lies between, where it has two."""

    entry: Entry
    item: Item
    compared: tuple[int, int] | None = None

    @property
    def change(self) -> Change:
        """The change itself."""
        return self.entry.change


def told(reading: Reading, entries: Iterable[Entry], names: Mapping[str, str]) -> list[Told]:
    """The entries in their order; the versions that they speak of are read together."""
    shown = list(entries)
    keys = {(one.change.url, number) for one in shown for number in _versions(one.change)}
    versions = reading.versions(keys)

    def said(url: str, number: int | None) -> Article | None:
        version = versions.get((url, number)) if number else None
        return version.article if version else None

    return [
        _told(one, said(one.change.url, one.change.to_version), said(one.change.url, one.change.from_version), names)
        for one in shown
    ]


def _versions(change: Change) -> list[int]:
    return [number for number in (change.from_version, change.to_version) if number]


def _told(entry: Entry, newer: Article | None, older: Article | None, names: Mapping[str, str]) -> Told:
    change = entry.change
    known = newer or older
    withdrawn = change.kind is ChangeKind.REMOVED
    name = names.get(change.site) or change.site
    item = Item(
        change=change,
        site_name=name,
        title=titled(change.title, known) or (name if change.kind is ChangeKind.REDESIGNED else change.url),
        published_at=known.published_at if known else None,
        source=known.source if known else None,
        passages=passages(change, newer, older),
        facts=tuple(Fact(*pair, times) for pair, times in Counter(fact_pairs(change.facts)).items()),
        kept=older.paragraphs if older and withdrawn else (),
    )
    return Told(entry, item, _compared(change))


def _compared(change: Change) -> tuple[int, int] | None:
    before, after = change.from_version, change.to_version
    return (before, after) if before and after and before != after else None
