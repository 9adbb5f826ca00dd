"""What a China day's new stories said: counted once, kept, and held against the days after. The archive's edge.

A day's counts are those of the words of its new stories, each once. They are kept once the day is over, with the name
of the list of terms they were cut by: with another list a day is counted anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from monitor.days import day_span
from monitor.digest.keywords import Counts, Keyword, counted, together, unusual
from monitor.words import Lexicon, rarity
from storage.archive import Archive
from storage.records import Article, Change, ChangeKind, Version, china_day

USUAL = 30
"""How many days back the keywords look for what is usual."""

SETTLED = timedelta(hours=1)
"""How long after its end a day may still get a visit that began in it."""

FEWEST = 10
"""New stories of a day, or of a week, below which nothing is talk: one article would make it."""

_TEXTS = ""
"""The key under which a day's counts hold how many texts there were: no word is empty."""

_LIST = "\x02"
"""What the key begins with that names the list of terms: no word does."""


def talk(
    archive: Archive, days: Sequence[date], texts: Mapping[date, Sequence[str]], lexicon: Lexicon, now: datetime
) -> tuple[Keyword, ...]:
    """The unusual words of the days, whose texts are at hand, against the thirty days before the first of them."""
    said = {day: [lexicon.said(text) for text in texts.get(day, ())] for day in days}
    if len(days) == 1:
        # The texts of a week are told as they stood at its end, those of a day at that day's.
        keep(archive, days[0], said[days[0]], lexicon, now)
    if sum(len(each) for each in said.values()) < FEWEST:
        return ()
    earlier = [days[0] - timedelta(days=back) for back in range(1, USUAL + 1)]
    told = [text for day in days for text in texts.get(day, ())]
    words = [each for day in days for each in said[day]]
    # Only what several texts say can be told.
    often = [word for word, number in counted(words).words.items() if number > 1]
    before = together((counts_of(archive, day, lexicon, now) for day in earlier), often)
    return unusual(told, before, lexicon, rarity, said=words)


def counts_of(archive: Archive, day: date, lexicon: Lexicon, now: datetime) -> Counts:
    """A day's counts as they were kept; counted from its texts, and kept, where they were not."""
    kept = archive.words.words_of(day)
    if kept is not None and kept.pop(f"{_LIST}{lexicon.name}", None) is not None:
        return Counts(kept.pop(_TEXTS, 0), kept)
    start, end = day_span(day)
    fresh = archive.reading.changes(since=start, until=end, kind=ChangeKind.NEW)
    urls = [change.url for change in fresh if not change.reprint_of]
    texts = texts_of(fresh, archive.reading.as_of(urls, end)).get(day, ())
    return keep(archive, day, [lexicon.said(text) for text in texts], lexicon, now)


def keep(archive: Archive, day: date, said: Iterable[Collection[str]], lexicon: Lexicon, now: datetime) -> Counts:
    """Count a day's texts, given by the words of each, and keep the counts once nothing can be added to them."""
    counts = counted(said)
    _, end = day_span(day)
    if now >= end + SETTLED:
        archive.words.keep_words(day, {**counts.words, _TEXTS: counts.texts, f"{_LIST}{lexicon.name}": 1})
    return counts


def texts_of(changes: Sequence[Change], articles: Mapping[str, Version]) -> dict[date, list[str]]:
    """Texts of new stories by China day, each once: a reprint says nothing that its original did not."""
    told: dict[date, list[str]] = {}
    for change in changes:
        version = articles.get(change.url)
        if change.kind is ChangeKind.NEW and not change.reprint_of and version is not None:
            told.setdefault(china_day(change.detected_at), []).append(_text(version.article))
    return told


def _text(article: Article) -> str:
    return "\n".join([article.title or "", *article.canonical])
