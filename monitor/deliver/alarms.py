"""Which news is urgent, and for whom. Pure.

Urgent is a change of one of the kinds that ``alerts:`` names (tampering), a watched page withdrawn, or a watchword in a
new or edited article: in what it says now, or in what was struck out of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from crawler.extraction.hanzi import to_simplified
from monitor.compare.align import fold, reading
from monitor.config import AlertsSection, SubscriberSection
from storage.records import Change, ChangeKind, Version, china_day

Why = Literal["kind", "page", "watchword"]
Versions = Mapping[tuple[str, int], Version]

SAYING = frozenset({ChangeKind.NEW, ChangeKind.EDITED, ChangeKind.RETITLED})
"""Kinds of change by which an article comes to say something."""

COME_TO_LIGHT = timedelta(days=3)
"""A new article printed longer ago lay on a site that is new to us: it is read in the digest, and wakes nobody."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An urgent change: its id in the change log, why it is urgent, and which watchwords were seen."""

    change_id: int
    why: tuple[Why, ...]
    words: tuple[str, ...] = ()


def version_key(change: Change) -> tuple[str, int] | None:
    """Which version says what a change is about: the newer one, or the last one of a page that is gone."""
    number = change.to_version or change.from_version
    return None if number is None else (change.url, number)


def keys_to_read(changes: Iterable[Change], alerts: AlertsSection) -> set[tuple[str, int]]:
    """The versions whose texts have to be at hand to tell which of these changes are urgent."""
    pages = frozenset(alerts.pages)
    return {
        key
        for change in changes
        if (key := version_key(change))
        and ((alerts.watchwords and change.kind in SAYING) or _by_itself(change, alerts.kinds, pages))
    }


def alarm(change: Change, alerts: AlertsSection, versions: Versions) -> Alarm | None:
    """The alarm that a change gives, if it gives one."""
    why: list[Why] = list(_by_itself(change, alerts.kinds, frozenset(alerts.pages)))
    words: tuple[str, ...] = ()
    if alerts.watchwords and change.kind in SAYING and not _came_to_light(change, versions):
        said = plain(said_by(change, versions))
        words = tuple(word for word in alerts.watchwords if plain(to_simplified(word)) in said)
        why += ["watchword"] if words else []
    return Alarm(change.id, tuple(why), words) if why else None


def _by_itself(change: Change, kinds: Collection[ChangeKind], pages: Collection[str]) -> tuple[Why, ...]:
    by_kind: tuple[Why, ...] = ("kind",) if change.kind in kinds else ()
    gone: tuple[Why, ...] = ("page",) if change.kind is ChangeKind.REMOVED and change.url in pages else ()
    return by_kind + gone


def concerns(subscriber: SubscriberSection, change: Change, versions: Versions) -> bool:
    """Whether a change passes a subscriber's filters; as in the digest, tampering passes those of weight and words."""
    if subscriber.sites and change.site not in subscriber.sites:
        return False
    if subscriber.kinds and change.kind not in subscriber.kinds:
        return False
    if change.kind is ChangeKind.TAMPERED:
        return True
    if change.weight < subscriber.least_weight:
        return False
    if not subscriber.words:
        return True
    said = plain(said_by(change, versions))
    return any(plain(to_simplified(word)) in said for word in subscriber.words)


def said_by(change: Change, versions: Versions) -> str:
    """All that a change and its page say: the title, the text, and both sides of each edit."""
    key = version_key(change)
    version = versions.get(key) if key else None
    parts = [change.title or "", change.note or ""]
    parts += [side for edit in change.edits for side in (edit.before, edit.after)]
    if version is not None:
        parts += [version.article.title or "", *version.article.canonical]
    return "\n".join(parts)


def plain(text: str) -> str:
    """Text in which a word is found whatever its case, width and quotation marks."""
    return fold(reading(text)).casefold()


def _came_to_light(change: Change, versions: Versions) -> bool:
    if change.kind is not ChangeKind.NEW:
        return False
    key = version_key(change)
    version = versions.get(key) if key else None
    printed = (version.article.published_at or "")[:10] if version else ""
    try:
        return date.fromisoformat(printed) < china_day(change.detected_at) - COME_TO_LIGHT
    except ValueError:
        return False
