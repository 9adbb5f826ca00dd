"""What a letter says, made from the archive when it is sent.

A letter in the outbox only names what it tells; its words are made here, the same at each attempt, by the filters that
its subscriber has now. A day is gathered once for all its readers.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from monitor.config import Settings, SubscriberSection
from monitor.deliver import alert, brief
from monitor.deliver.alarms import Alarm, version_key
from monitor.deliver.message import Told
from monitor.digest import mail, plain
from monitor.digest.choose import choose
from monitor.digest.day import Digest
from monitor.digest.edition import edition, week
from monitor.digest.points import title_of
from monitor.tell import Lang
from monitor.terms import usable_terms
from storage.archive import Archive
from storage.outbox import Letter
from storage.records import Change, ChangeKind
from storage.records import Told as PageState

KEPT = 4
"""Documents that are kept for the next reader: readers with the same filters and language share them."""

GRAVITY = (ChangeKind.TAMPERED, ChangeKind.REMOVED)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ForChat:
    """A letter for a chat: a title, lines in the order of their weight, and a last line that is never left out."""

    title: str
    lines: tuple[str, ...]
    last: str


class Telling:
    """Makes what letters say, over an open archive. Used from several threads."""

    def __init__(self, archive: Archive, home: Path) -> None:
        self._archive, self._home = archive, home
        self._lock = threading.RLock()
        self._made: OrderedDict[Hashable, Any] = OrderedDict()

    def forget(self) -> None:
        """Let go of what was kept for the next reader: a busy day's digest is large."""
        with self._lock:
            self._made.clear()

    def message(self, letter: Letter, reader: SubscriberSection, settings: Settings, now: datetime) -> Told:
        """The letter as a message for mail, or as files."""
        lang = reader.lang or settings.digest.lang
        if "alarms" in letter.details:
            alarms, names, hijacked = self._alarms(letter)
            versions, archive = self._versions(alarms), settings.web.address
            return alert.told(alarms, _more(letter), versions, names, lang, hijacked, archive)
        key = (letter.item, _filters(reader), lang, settings.web.address)
        return self._kept(key, lambda: _as_message(self.digest(letter, reader, now), lang, settings.web.address))

    def for_chat(self, letter: Letter, reader: SubscriberSection, settings: Settings, now: datetime) -> ForChat:
        """The letter as a chat takes it."""
        lang = reader.lang or settings.digest.lang
        if "alarms" in letter.details:
            alarms, names, hijacked = self._alarms(letter)
            versions = self._versions(alarms)
            title = alert.told(alarms, _more(letter), versions, names, lang, hijacked).subject
            lines = alert.lines(alarms, _more(letter), versions, names, lang, hijacked, settings.web.address)
            return ForChat(title, tuple(lines), "")
        digest = self.digest(letter, reader, now)
        last = brief.archive_line(settings.web.address, _path(digest), lang)
        return ForChat(title_of(digest, lang), tuple(brief.digest_lines(digest, lang)), last)

    def digest(self, letter: Letter, reader: SubscriberSection, now: datetime) -> Digest:
        """The digest of a letter, narrowed to what its reader wants."""
        details = letter.details
        if "week" in details:
            monday = date.fromisoformat(str(details["week"]))
            whole = self._kept(letter.item, lambda: week(self._archive, monday, now, terms=usable_terms(self._home)))
        else:
            day = date.fromisoformat(str(details["day"]))
            whole = self._kept(letter.item, lambda: edition(self._archive, day, now, terms=usable_terms(self._home)))
        return choose(whole, reader.sites, reader.kinds, reader.least_weight, reader.words)

    def _kept(self, key: Hashable, make: Callable[[], T]) -> T:
        # Made under the lock: two lanes that want the same day would otherwise both gather it.
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
            else:
                self._made[key] = make()
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
            found: T = self._made[key]
            return found

    def _alarms(self, letter: Letter) -> tuple[list[tuple[Change, Alarm]], Mapping[str, str], set[str]]:
        """The changes that an alert tells, the gravest first, what the sites are called, and which pages stand
        hijacked."""
        found, page_ids = [], set[int]()
        for change_id, why, words in letter.details["alarms"]:  # type: ignore[attr-defined]
            entry = self._archive.browsing.change(int(change_id))
            if entry is not None:
                found.append((entry.change, Alarm(int(change_id), tuple(why), tuple(words))))
                page_ids.update([entry.page_id] if entry.page_id else [])
        ordered = sorted(found, key=lambda pair: (_gravity(pair[0]), pair[1].change_id))
        pages = self._archive.browsing.pages(page_ids).values()
        hijacked = {page.url for page in pages if page.told is PageState.TAMPERED}
        return ordered, self._archive.running.site_names(), hijacked

    def _versions(self, alarms: list[tuple[Change, Alarm]]) -> dict[tuple[str, int], Any]:
        return self._archive.reading.versions({key for change, _ in alarms if (key := version_key(change))})


def _as_message(digest: Digest, lang: Lang, archive: str | None) -> Told:
    title = brief.subject(digest, title_of(digest, lang), lang)
    whole = archive.rstrip("/") + _path(digest) if archive else None
    text, page = plain.render(digest, lang, archive), mail.render(digest, lang, whole, archive)
    return Told(title, f"{text}\n{brief.archive_line(archive, _path(digest), lang)}".rstrip() + "\n", page, lang)


def _path(digest: Digest) -> str:
    return f"/week/{digest.day}" if digest.last else f"/day/{digest.day}"


def _filters(reader: SubscriberSection) -> Hashable:
    return (reader.sites, reader.kinds, reader.least_weight, reader.words)


def _more(letter: Letter) -> int:
    return int(str(letter.details.get("more", 0)))


def _gravity(change: Change) -> int:
    return GRAVITY.index(change.kind) if change.kind in GRAVITY else len(GRAVITY)
